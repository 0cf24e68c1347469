import { expect } from 'chai';
import { listedObjectOf, parseBytes, unreadObject } from '../../lib/kubernetes/listed-object.js';

const bytesOf = (text: string): { bytes: Buffer } => ({ bytes: Buffer.from(text) });

describe('parseBytes', () => {
  it('should read JSON, and say why it does not', () => {
    expect(parseBytes(bytesOf('{"a":1}'))).to.deep.equal({ value: { a: 1 } });
    expect(parseBytes({ skippedBytes: 5 })).to.deep.equal({ why: 'it has 5 bytes, which is too many' });
    expect(parseBytes({ bytes: Buffer.from([0x22, 0xff, 0x22]) })).to.deep.equal({ why: 'it is not UTF-8' });
    expect((parseBytes(bytesOf('{')) as { why: string }).why).to.match(/^it is no JSON: SyntaxError/);
  });
});

describe('listedObjectOf', () => {
  it('should give an object with its version', () => {
    const { object, version } = listedObjectOf(bytesOf('{"metadata":{"uid":"u","resourceVersion":"5"}}'));
    expect(object).to.deep.equal({ metadata: { uid: 'u', resourceVersion: '5' } });
    expect(version).to.equal('5');
  });

  for (const text of [
    '{"metadata":{}}',
    '{}',
    'null',
    '5',
    '[]',
    '{"__proto__":{"metadata":{"uid":"u"}}}',
    '{',
  ])
    it(`should give something that throws in the place of ${text}`, () => {
      const { object, version, bytes } = listedObjectOf(bytesOf(text));
      expect(() => (object as { metadata: unknown }).metadata).to.throw(/^it /);
      expect(version).to.equal('');
      expect(bytes).to.have.length(0);
    });
});

describe('unreadObject', () => {
  it('should have its metadata as an own property, which readers look for', () => {
    expect(Object.hasOwn(unreadObject('why'), 'metadata')).to.equal(true);
  });
});
