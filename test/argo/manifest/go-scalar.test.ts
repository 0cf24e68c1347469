// What Go makes of hundreds of texts is in read-manifests.test.ts; here is what a recording does not show.
import { expect } from 'chai';
import { goTextOf, readGoScalar } from '../../../lib/argo/manifest/go-scalar.js';

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
