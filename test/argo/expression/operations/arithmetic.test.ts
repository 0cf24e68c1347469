import { LimitError } from '../../../../lib/argo/budget/evaluation-limits.js';
import { expect } from 'chai';
import { add, toInt } from '../../../../lib/argo/expression/operations/arithmetic.js';
import { itShouldAnswerAsGo } from '../golden-rows.js';

describe('arithmetic of expressions', () => {
  itShouldAnswerAsGo('arithmetic');

  it('should wrap ints, and make a float of an int and a float', () => {
    expect(add(2n ** 63n - 1n, 1n)).to.equal(-(2n ** 63n));
    expect(add(1n, 0.5)).to.equal(1.5);
  });

  it('should bound the text that it makes', () => {
    const long = 'x'.repeat(200_000);
    expect(() => add(long, long)).to.throw(LimitError, 'text of more than');
  });

  it('should truncate floats as Go on amd64 does', () => {
    expect([1.9, -1.9, NaN, 1e30].map(toInt)).to.deep.equal([1n, -1n, -(2n ** 63n), -(2n ** 63n)]);
  });
});
