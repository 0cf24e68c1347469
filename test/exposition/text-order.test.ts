import { expect } from 'chai';
import fc from 'fast-check';
import { compareText, sortByText } from '../../lib/exposition/text-order.js';
import { TimeSlice } from '../../lib/guard/time-slice.js';

describe('compareText', () => {
  it('should order by code units, not by language', () => {
    expect(['b', 'B', 'ä', 'a', 'a"', 'a'].sort(compareText)).to.deep.equal(['B', 'a', 'a', 'a"', 'b', 'ä']);
  });
});

describe('sortByText', () => {
  it('should order as a sort at once does, whatever was in order before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.string({ maxLength: 3 }), fc.boolean()), { maxLength: 2000, size: 'max' }),
        async rows => {
          const texts = rows.map(([text]) => text);
          const indices = texts.map((_, index) => index);
          const byText = (a: number, b: number): number => compareText(texts[a] ?? '', texts[b] ?? '');
          const sorted = indices.filter(index => rows[index]?.[1] === true).sort(byText);
          const others = indices.filter(index => rows[index]?.[1] === false);
          const { order, hasDuplicates } = await sortByText(sorted, others, texts, new TimeSlice());
          expect([...order].sort((a, b) => a - b)).to.deep.equal(indices);
          expect(order.map(index => texts[index])).to.deep.equal([...texts].sort(compareText));
          expect(hasDuplicates).to.equal(new Set(texts).size < texts.length);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('should let others have their turn', async () => {
    const texts = Array.from({ length: 60_000 }, (_, index) => `series ${(index * 7919) % 60_000}`);
    const indices = texts.map((_, index) => index);
    let turns = 0;
    const count = setInterval(() => ++turns, 1);
    await sortByText([], indices, texts, new TimeSlice());
    clearInterval(count);
    expect(turns).to.be.greaterThan(1);
  });
});
