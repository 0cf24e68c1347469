import { expect } from 'chai';
import fc from 'fast-check';
import { WordPairs } from '../../lib/cardinality/word-pairs.js';

describe('WordPairs', () => {
  // Few words, so that pairs collide and come again.
  const word = fc.constantFrom(0, 1, -1, 8, 16, 2 ** 31 - 1, -(2 ** 31));

  it('should number pairs in the order in which they came, and forget those that are not kept', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(word, word), { maxLength: 60 }),
        fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
        (given, isKept) => {
          const pairs = new WordPairs(64);
          const expected: string[] = [];
          for (const [low, high] of given) {
            const number = expected.indexOf(`${low} ${high}`);
            expect(pairs.find(low, high)).to.equal(number);
            if (number >= 0) continue;
            expect(pairs.add(low, high)).to.equal(expected.push(`${low} ${high}`) - 1);
          }
          const kept = expected.filter((_, index) => isKept[index]);
          pairs.keep([...expected.keys()].filter(index => isKept[index]));
          for (const [low, high] of given)
            expect(pairs.find(low, high)).to.equal(kept.indexOf(`${low} ${high}`));
          expect(pairs.size).to.equal(kept.length);
        },
      ),
    );
  });

  it('should be full at its maximum, and be found through when it is', () => {
    const pairs = new WordPairs(16);
    for (let number = 0; number < 16; number++) {
      expect(pairs.isFull).to.equal(false);
      pairs.add(number << 8, number);
    }
    expect(pairs.isFull).to.equal(true);
    expect(pairs.find(3 << 8, 3)).to.equal(3);
    expect(pairs.find(3 << 8, 4)).to.equal(-1);
    expect([pairs.lowOf(3), pairs.highOf(3)]).to.deep.equal([3 << 8, 3]);
  });
});
