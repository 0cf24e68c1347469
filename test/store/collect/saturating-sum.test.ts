import { expect } from 'chai';
import { saturatingSum } from '../../../lib/store/collect/saturating-sum.js';

describe('saturatingSum', () => {
  const { MAX_VALUE } = Number;

  it('should stop at the largest number there is, in both directions', () => {
    expect(saturatingSum(MAX_VALUE, MAX_VALUE)).to.equal(MAX_VALUE);
    expect(saturatingSum(-MAX_VALUE, -MAX_VALUE)).to.equal(-MAX_VALUE);
    expect(saturatingSum(MAX_VALUE, -MAX_VALUE)).to.equal(0);
  });

  it('should be as infinite as what it was given', () => {
    for (const infinite of [Infinity, -Infinity]) {
      expect(saturatingSum(infinite, 1)).to.equal(infinite);
      expect(saturatingSum(1, infinite)).to.equal(infinite);
    }
    expect(saturatingSum(Infinity, -Infinity)).to.satisfy(Number.isNaN);
  });
});
