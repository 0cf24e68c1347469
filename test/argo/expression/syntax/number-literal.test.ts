import { expect } from 'chai';
import { parseNumber } from '../../../../lib/argo/expression/syntax/number-literal.js';

describe('number literals', () => {
  it('should be ints and floats', () => {
    const value = (text: string): unknown => (parseNumber(text, 0, 0) as { value: unknown }).value;
    expect(['7', '007', '1_000', '0x1F', '0b101', '0o17'].map(value)).to.deep.equal([
      7n,
      7n,
      1000n,
      31n,
      5n,
      15n,
    ]);
    expect(['1.5', '.5', '1e3', '2.', '1_0.5'].map(value)).to.deep.equal([1.5, 0.5, 1000, 2, 10.5]);
  });

  it('should be refused where Go refuses them, at the token after them', () => {
    const refusal = (text: string) => () => parseNumber(text, 3, 9);
    expect(refusal('9223372036854775808')).to.throw('invalid integer literal: strconv.ParseInt: parsing');
    expect(refusal('0b')).to.throw('invalid binary literal');
    expect(refusal('0x')).to.throw('invalid hex literal');
    expect(refusal('1e400')).to.throw('value out of range').with.property('position', 9);
    expect(refusal('1e')).to.throw('invalid syntax');
  });
});
