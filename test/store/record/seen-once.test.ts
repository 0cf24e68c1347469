import { expect } from 'chai';
import type { Key } from '../../../lib/memory/tables.js';
import { SeenOnce } from '../../../lib/store/record/seen-once.js';

const keyOf = (mark: number, place: number): Key => [mark, place, 0, 0];

describe('SeenOnce', () => {
  it('should know a set the second time, and be done with it', () => {
    const seen = new SeenOnce();
    const keys = Array.from({ length: 1000 }, (_, index) => keyOf(2 * index - 1000, index * 7919));
    expect(keys.filter(key => seen.isFirst(key))).to.have.length(1000);
    expect(keys.filter(key => seen.isFirst(key))).to.have.length(0);
    expect(keys.filter(key => seen.isFirst(key))).to.have.length(1000);
  });

  it('should come to know each of many that share a place, and take none for another', () => {
    const seen = new SeenOnce();
    const waiting = new Set(Array.from({ length: 12 }, (_, index) => keyOf(2 * index, 5)));
    let rounds = 0;
    for (; waiting.size > 0 && rounds < 1000; rounds++)
      for (const key of waiting) if (!seen.isFirst(key)) waiting.delete(key);
    expect(rounds).to.be.within(2, 999);
    expect(seen.isFirst(keyOf(99, 5)), 'another one').to.equal(true);
  });
});
