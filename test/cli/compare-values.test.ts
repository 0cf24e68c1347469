import { expect } from 'chai';
import {
  agrees,
  differingPart,
  isRunning,
  isSame,
  isWithin,
  type Pair,
} from '../../lib/cli/compare-values.js';
import { historyOf } from './compared-series.js';

const BOUNDS = [0.5, 1, 5, 10];

/** Of histograms: count, sum, buckets. */
function pair(ours: readonly number[], theirs: readonly number[]): Pair {
  const there = historyOf([theirs], { type: 'histogram', bounds: BOUNDS });
  return { type: 'histogram', here: there, there, low: ours, high: ours, theirs };
}

describe('isSame and isWithin', () => {
  it('should take sums for the same whose last digits differ, and two NaN', () => {
    expect(isSame(0.1 + 0.2, 0.3)).to.equal(true);
    expect(isSame(NaN, NaN)).to.equal(true);
    expect([isSame(1, 1.001), isSame(0, 1e-12)]).to.deep.equal([false, false]);
  });

  it('should know what is between two numbers, in which order they come', () => {
    expect([isWithin(2, 1, 3), isWithin(2, 3, 1), isWithin(4, 1, 3), isWithin(4, 1, 3, 1.1)]).to.deep.equal([
      ...[true, true],
      ...[false, true],
    ]);
    expect(isWithin(NaN, 0, Infinity)).to.equal(false);
    expect(agrees({ ...pair([1], [3]), high: [3] }, 0)).to.equal(true);
    expect(agrees(pair([1], [3]), 0)).to.equal(false);
  });
});

describe('isRunning', () => {
  it('should tell a gauge that grows with the time', () => {
    const gauge = (...scrapes: number[]): boolean => isRunning(historyOf(scrapes, { type: 'gauge' }));
    expect([gauge(3, 5.01), gauge(3, 3), gauge(3, 4), gauge(5, 3), gauge(3)]).to.deep.equal([
      ...[true, false],
      ...[false, false, false],
    ]);
    expect(isRunning(historyOf([3, 5]))).to.equal(false);
  });
});

describe('differingPart', () => {
  it('should allow an observation a second more or less, and no more', () => {
    expect(differingPart(pair([1, 0, 1, 1, 1, 1], [1, 0.9, 0, 1, 1, 1]))).to.equal(undefined);
    expect(differingPart(pair([1, 5, 0, 0, 1, 1], [1, 5.9, 0, 0, 0, 1]))).to.equal(undefined);
    expect(differingPart(pair([1, 5, 0, 0, 0, 1], [1, 5, 0, 0, 1, 1]))).to.equal(undefined);
    expect(differingPart(pair([1, 5, 0, 0, 1, 1], [1, 5, 0, 0, 0, 0]))).to.equal('le="5"');
    expect(differingPart(pair([1, 5, 0, 0, 0, 0], [1, 5, 1, 1, 1, 1]))).to.equal('le="5"');
  });

  it('should allow the sum 1.1 s for each observation', () => {
    expect(differingPart(pair([4, 20, 0, 0, 2, 4], [4, 24, 0, 0, 2, 4]))).to.equal(undefined);
    expect(differingPart(pair([4, 20, 0, 0, 2, 4], [4, 25, 0, 0, 2, 4]))).to.equal('sum');
  });
});
