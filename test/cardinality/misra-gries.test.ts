import { expect } from 'chai';
import fc from 'fast-check';
import { mixedHigh, mixedLow } from '../../lib/cardinality/hashed-labels.js';
import { MisraGries } from '../../lib/cardinality/misra-gries.js';

function feed(summary: MisraGries, value: number): void {
  const low = mixedLow(value, 7);
  const high = mixedHigh(low, value);
  if (!summary.count(low, high) && summary.makesRoom()) summary.enter(low, high, `v${value}`);
}

function countsOf(values: readonly number[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(`v${value}`, (counts.get(`v${value}`) ?? 0) + 1);
  return counts;
}

describe('MisraGries', () => {
  it('should be exact while there are no more values than counters', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(15), { maxLength: 200 }), values => {
        const summary = new MisraGries(16);
        for (const value of values) feed(summary, value);
        const expected = [...countsOf(values)]
          .map(([value, count]) => ({ value, count, atLeast: false }))
          .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
        expect(summary.top(100)).to.deep.equal(expected);
        expect(summary.top(3)).to.deep.equal(expected.slice(0, 3));
      }),
    );
  });

  it('should never count too much, and too little by at most one in counters + 1', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(3), fc.nat(1000)), { maxLength: 500 }), values => {
        const summary = new MisraGries(8);
        for (const value of values) feed(summary, value);
        const found = new Map(summary.top(100).map(({ value, count }) => [value, count]));
        expect(found.size).to.be.at.most(8);
        for (const [value, count] of countsOf(values))
          expect(found.get(value) ?? 0).to.be.within(count - Math.floor(values.length / 9), count);
      }),
    );
  });

  it('should find what is frequent in a flood of values that come once, whatever the order', () => {
    const flood = Array.from({ length: 20_000 }, (_, index) => 1000 + index);
    const frequent = Array.from({ length: 2000 }, (_, index) => index % 4);
    for (const values of [
      [...frequent, ...flood],
      [...flood, ...frequent],
    ]) {
      const summary = new MisraGries();
      for (const value of values) feed(summary, value);
      expect(
        summary
          .top(4)
          .map(({ value }) => value)
          .sort(),
      ).to.deep.equal(['v0', 'v1', 'v2', 'v3']);
      expect(summary.top(1)[0]?.atLeast).to.equal(true);
    }
  });
});
