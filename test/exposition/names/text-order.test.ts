import { expect } from 'chai';
import fc from 'fast-check';
import { compareText, sortByText } from '../../../lib/exposition/names/text-order.js';
import { TimeSlice } from '../../../lib/guard/time-slice.js';

describe('compareText', () => {
  it('should order by code units, not by language', () => {
    expect(['b', 'B', 'ä', 'a', 'a"', 'a'].sort(compareText)).to.deep.equal(['B', 'a', 'a', 'a"', 'b', 'ä']);
  });
});

describe('sortByText', () => {
  it('should order as a sort at once does, equal ones as they came', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 3 }), { maxLength: 2000, size: 'max' }),
        async texts => {
          const items = texts.map((text, index) => ({ text, index }));
          const sorted = await sortByText(items, new TimeSlice());
          expect(sorted).to.deep.equal(items.toSorted((a, b) => compareText(a.text, b.text)));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('should let others have their turn', async () => {
    const items = Array.from({ length: 60_000 }, (_, index) => ({
      text: `series ${(index * 7919) % 60_000}`,
    }));
    let turns = 0;
    const count = setInterval(() => ++turns, 1);
    await sortByText(items, new TimeSlice());
    clearInterval(count);
    expect(turns).to.be.greaterThan(1);
  });
});
