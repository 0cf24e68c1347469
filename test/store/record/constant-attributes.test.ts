// What records and callbacks have of them is in test/thread-attributes.test.ts.
import { expect } from 'chai';
import { readConstants } from '../../../lib/store/record/constant-attributes.js';
import { resolveOptions } from '../../../lib/store/definition/store-options.js';

describe('readConstants', () => {
  const options = resolveOptions({ maxAttributes: 2, maxLabelValueLength: 40 }, 1);
  const read = (attributes: unknown): unknown => {
    const { labels, faults } = readConstants(attributes as object, options);
    return { labels: Object.fromEntries(labels), faults };
  };

  it('should keep what an attribute may be, in the order in which it was given', () => {
    expect(read({ b: 'x', a: [1, 2] })).to.deep.equal({ labels: { b: 'x', a: [1, 2] }, faults: [] });
    expect(read(undefined)).to.deep.equal({ labels: {}, faults: [] });
  });

  it('should be the same text for the same attributes, whatever their order', () => {
    const [first, second] = [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ].map(attributes => readConstants(attributes, options).text);
    expect(first).to.equal(second);
    expect(readConstants({ a: 1, b: 3 }, options).text).not.to.equal(first);
    expect(readConstants(undefined, options).text).to.equal(readConstants({}, options).text);
  });

  it('should say what it left out or cut', () => {
    expect(read({ a: 1, b: () => 0, c: 3 })).to.deep.equal({
      labels: { a: 1 },
      faults: ['attributes', 'droppedAttributes'],
    });
    const { labels, faults } = readConstants({ long: 'x'.repeat(100) }, options);
    expect(faults).to.deep.equal(['truncatedLabels']);
    expect(labels.get('long')).to.be.a('string').and.have.length.at.most(40);
  });

  it('should have none of attributes that cannot be read', () => {
    const hostile = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    expect(read(hostile)).to.deep.equal({ labels: {}, faults: ['attributes'] });
  });

  it('should refuse what is no object', () => {
    for (const wrong of [null, 5, 'text'])
      expect(() => read(wrong))
        .to.throw()
        .with.property('code', 'INVALID_OPTION');
  });
});
