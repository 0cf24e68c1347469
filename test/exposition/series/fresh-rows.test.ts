import { expect } from 'chai';
import fc from 'fast-check';
import { TimeSlice } from '../../../lib/guard/time-slice.js';
import { LabelBlockBuilder, rowText } from '../../../lib/exposition/labels/label-block.js';
import { FreshRows } from '../../../lib/exposition/series/fresh-rows.js';
import { LabelRuns } from '../../../lib/exposition/series/label-runs.js';
import type { LabelRun } from '../../../lib/exposition/series/label-runs.js';

/** A run of each list. Positions count on from one to the next. */
async function runsOf(lists: readonly (readonly string[])[]): Promise<LabelRun[]> {
  const series = lists.flat().map(k => ({ attributes: { k } }));
  const maker = new LabelRuns({ textOf: ({ attributes: { k } }) => String(k) });
  const runs: LabelRun[] = [];
  let from = 0;
  for (const { length } of lists) {
    const positions = Uint32Array.from({ length }, (_, index) => from + index);
    runs.push(...(await maker.make(series, positions, new TimeSlice())));
    from += length;
  }
  return runs;
}

describe('FreshRows', () => {
  const someLists = fc.array(
    fc.array(fc.string({ maxLength: 6, unit: fc.constantFrom('a', 'b', 'ä', '\u0000', '\u{10000}') }), {
      maxLength: 20,
    }),
    { maxLength: 12 },
  );

  it('should have the rows of all runs in the order of their bytes, each with its position', async () => {
    await fc.assert(
      fc.asyncProperty(someLists, fc.array(fc.nat(7)), async (lists, ways) => {
        const rows = new FreshRows(await runsOf(lists));
        const texts = lists.flat();
        expect(rows.count).to.equal(texts.length);
        const builder = new LabelBlockBuilder();
        const positions = new Uint32Array(texts.length);
        for (let row = 0, step = 0; rows.text !== undefined; step++) {
          const way = ways[step] ?? 20;
          const next = rows.text;
          const first = row;
          if (way === 0) positions[row++] = rows.take(builder);
          else {
            const taken = rows.takeSome(way, builder, positions, row);
            expect(taken).to.be.within(1, way);
            row += taken;
          }
          expect(Buffer.from(texts[positions[first] ?? -1] ?? '').toString('latin1')).to.equal(next);
        }
        expect(rows.takeSome(1, builder, positions, 0)).to.equal(0);
        expect(() => rows.take(builder)).to.throw(RangeError);
        const made = builder
          .finish()
          .flatMap(block => Array.from({ length: block.rows }, (_, row) => rowText(block, row)));
        const sorted = texts.map(text => Buffer.from(text).toString('latin1')).sort();
        expect(made).to.deep.equal(sorted);
        const ordered = [...positions].map(position => Buffer.from(texts[position] ?? '').toString('latin1'));
        expect(ordered).to.deep.equal(sorted);
        expect([...positions].sort((a, b) => a - b)).to.deep.equal([...texts.keys()]);
      }),
      { numRuns: 300 },
    );
  });
});
