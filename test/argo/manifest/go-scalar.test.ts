// What Go makes of hundreds of texts is in read-manifests.test.ts; here is what a recording does not show.
import { expect } from 'chai';
import { isMap, isScalar } from 'yaml';
import { goTextOf, readGoScalar } from '../../../lib/argo/manifest/go-scalar.js';
import { parseYaml } from '../../../lib/argo/manifest/parse-yaml.js';
import { readText } from '../../support/source-tree.js';

interface Row {
  readonly input: string;
  readonly value?: string;
  readonly error?: string;
}

describe('readGoScalar', () => {
  it('should keep whole numbers of 64 bits exact', () => {
    expect(readGoScalar('18446744073709551615', undefined, true)).to.deep.equal({
      kind: 'integer',
      value: 18446744073709551615n,
    });
    expect(readGoScalar('18446744073709551616', undefined, true)).to.include({ kind: 'float' });
  });

  it('should take megabytes of digits in no time for a number out of range', () => {
    expect(readGoScalar('1'.repeat(2e6), undefined, true)).to.include({ kind: 'string' });
  });

  it('should say what a tag cannot mean', () => {
    expect(readGoScalar('x', 'tag:yaml.org,2002:int', true)).to.deep.equal({
      kind: 'invalid',
      reason: 'cannot decode !!str `x` as a !!int',
    });
  });
});

describe('goTextOf', () => {
  const { texts } = JSON.parse(readText('test/argo/manifest/golden/go-yaml.json')) as {
    texts: readonly Row[];
  };

  for (const { input, value } of texts.filter(({ error }) => error === undefined))
    it(`should make the text ${JSON.stringify(value)} of ${input} where a field is a text, as Go does`, () => {
      const root = parseYaml(`v: ${input}\n`).roots[0];
      const node = isMap(root) ? root.items[0]?.value : undefined;
      if (!isScalar(node)) throw new Error('no scalar');
      const scalar = readGoScalar(node.source ?? '', node.tag, node.type === 'PLAIN');
      if (scalar.kind === 'invalid') throw new Error(scalar.reason);
      // Null leaves the field of a Go struct as it was: empty.
      expect(scalar.kind === 'null' ? '' : goTextOf(scalar)).to.equal(value);
    });

  it('should round floats to 32 bits, as Go does', () => {
    const texts = [0.1, 0.123456789, 1e6, 123456, 1e-5, 16777217, -0, 1e300].map(value =>
      goTextOf({ kind: 'float', value }),
    );
    expect(texts).to.deep.equal([
      '0.1',
      '0.12345679',
      '1e+06',
      '123456',
      '1e-05',
      '1.6777216e+07',
      '-0',
      '+Inf',
    ]);
  });
});
