import { expect } from 'chai';
import type { Key } from '../../../lib/memory/tables.js';
import { RefusedSets } from '../../../lib/store/record/refused-sets.js';

const keyOf = (mark: number, place: number): Key => [mark, place, 0, 0];

describe('RefusedSets', () => {
  it('should know a set from the first time on', () => {
    const seen = new RefusedSets(1000);
    const keys = Array.from({ length: 1000 }, (_, index) => keyOf(2 * index - 1000, index * 7919));
    expect(keys.filter(key => seen.isFirst(key))).to.have.length(1000);
    expect(keys.filter(key => seen.isFirst(key))).to.have.length(0);
    expect(keys.filter(key => seen.isFirst(key))).to.have.length(0);
  });

  it('should come to know each of many that share a place, and take none for another', () => {
    const seen = new RefusedSets(1);
    const waiting = new Set(Array.from({ length: 12 }, (_, index) => keyOf(2 * index, 5)));
    let rounds = 0;
    for (; waiting.size > 0 && rounds < 1000; rounds++)
      for (const key of waiting) if (!seen.isFirst(key)) waiting.delete(key);
    expect(rounds).to.be.within(2, 999);
    expect(seen.isFirst(keyOf(99, 5)), 'another one').to.equal(true);
  });

  it('should know as many as the cache of handles has room for, within a bound', () => {
    for (const [setsMax, places] of [
      [1, 2 ** 12],
      [16_384, 2 ** 13],
      [16_385, 2 ** 14],
      [1_000_000, 2 ** 19],
      [100_000_000, 2 ** 20],
    ] as const) {
      const seen = new RefusedSets(setsMax);
      const here = [1, 3, 5, 7].map(mark => keyOf(mark, 0));
      // The last place that is another one, and the first that is not.
      for (const [at, known] of [
        [places - 1, 4],
        [places, 0],
      ] as const) {
        for (const key of here) seen.isFirst(key);
        for (let mark = 1001; mark < 1201; mark += 2) seen.isFirst(keyOf(mark, at));
        expect(here.filter(key => !seen.isFirst(key)).length, `${setsMax} sets, at ${at}`).to.equal(known);
      }
    }
  });
});
