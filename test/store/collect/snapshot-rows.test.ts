// Against what the store's own tests expect of single series: see also test/store/whole-store.test.ts.
import { expect } from 'chai';
import fc from 'fast-check';
import type { Snapshot } from '../../../lib/memory/snapshot.js';
import * as words from '../../../lib/memory/words.js';
import {
  chooseRows,
  fillCells,
  fillGauges,
  fillStarts,
  fillSums,
} from '../../../lib/store/collect/snapshot-rows.js';
import type { InstrumentKind } from '../../../lib/store/definition/stream.js';

const CELL_WIDTH = 7;

const slot = fc.record({
  state: fc.integer({ min: words.SLOT_FREE, max: words.SLOT_GONE }),
  generation: fc.nat(5),
  total: fc.constantFrom(0, -0, 1, -2.5, Number.MAX_VALUE, -Number.MAX_VALUE),
  kind: fc.constantFrom(words.GAUGE_ABSENT, words.GAUGE_SET, words.GAUGE_ELAPSED, words.GAUGE_ADDED),
  isLeftOut: fc.boolean(),
  isOwed: fc.boolean(),
});

describe('rows of a snapshot', () => {
  const kinds: InstrumentKind[] = ['COUNTER', 'UP_DOWN_COUNTER', 'GAUGE', 'HISTOGRAM'];
  for (const kind of kinds)
    it(`should be those with something to show, and their values: ${kind}`, () => {
      fc.assert(
        fc.property(
          fc.array(slot, { maxLength: 30 }),
          fc.boolean(),
          fc.nat(30),
          (slots, hasMarks, middle) => {
            const snapshot = {
              words: Int32Array.from(
                slots,
                ({ state, generation }) => generation * words.SLOT_GENERATION + state,
              ),
              totals: Float64Array.from(slots, ({ total }) => total),
              gaugeKinds: Int32Array.from(slots, own => own.kind),
              marks: Float64Array.from(slots, ({ isLeftOut }) => Number(isLeftOut)),
              starts: Float64Array.from(slots, (_, index) => 1000 + index),
              cells: Float64Array.from(
                slots.flatMap(({ total }) => [total, ...Array<number>(7).fill(total)]),
              ),
              hasMarks,
            } as unknown as Snapshot;
            // Rows in another order than their slots would make no difference.
            const rows = {
              stream: { definition: { kind } } as never,
              slots: Int32Array.from(slots, (_, index) => slots.length - 1 - index),
              histograms: Uint32Array.from(slots, (_, index) => (slots.length - 1 - index) * 64),
            };
            const owed = (row: number): boolean => slots[rows.slots[row]!]!.isOwed;
            const into = new Int32Array(slots.length);
            const half = Math.min(middle, slots.length);
            let length = chooseRows(snapshot, rows, [0, half], owed, into, 0);
            length = chooseRows(snapshot, rows, [half, slots.length], owed, into, length);
            const chosen = into.subarray(0, length);
            const expected = slots
              .map((own, index) => ({ ...own, index }))
              .reverse()
              .filter(({ state }) => state === words.SLOT_LIVE || state === words.SLOT_RETIRING)
              .filter(({ isLeftOut, isOwed }) => !hasMarks || !isLeftOut || isOwed)
              .filter(own => (kind === 'GAUGE' ? own.kind !== words.GAUGE_ABSENT : !Object.is(own.total, 0)));
            expect(Array.from(chosen, row => rows.slots[row])).to.deep.equal(
              expected.map(({ index }) => index),
            );

            const column = (fill: (into: Float64Array) => unknown, width = 1): number[] => {
              const values = new Float64Array(length * width);
              fill(values);
              return Array.from(values);
            };
            const all = [0, length] as const;
            expect(column(to => fillStarts(snapshot, rows, chosen, all, to))).to.deep.equal(
              expected.map(({ index }) => 1000 + index),
            );
            if (kind === 'HISTOGRAM')
              expect(
                column(to => fillCells(snapshot, rows, chosen, all, CELL_WIDTH, to), CELL_WIDTH),
              ).to.deep.equal(
                expected.flatMap(({ total }) => [total + 0, ...Array<number>(CELL_WIDTH - 1).fill(total)]),
              );
            else if (kind === 'GAUGE')
              expect(
                column(to => fillGauges(snapshot, rows, chosen, all, { at: 5000, valueType: 1 }, to)),
              ).to.deep.equal(
                expected.map(own =>
                  own.kind === words.GAUGE_ELAPSED ? Math.max(0, (5000 - own.total) / 1000) : own.total,
                ),
              );
            else {
              let isSaturated: unknown;
              const sums = column(to => (isSaturated = fillSums(snapshot, rows, chosen, all, to)));
              expect(sums).to.deep.equal(expected.map(({ total }) => total + 0));
              expect(isSaturated).to.equal(
                expected.some(({ total }) => Math.abs(total) === Number.MAX_VALUE),
              );
            }
          },
        ),
      );
    });

  it('should measure a running gauge in whole seconds if it is an integer, and never before it began', () => {
    const snapshot = {
      totals: Float64Array.of(3250, 9000),
      gaugeKinds: Int32Array.of(words.GAUGE_ELAPSED, words.GAUGE_ELAPSED),
    } as unknown as Snapshot;
    const rows = { slots: Int32Array.of(0, 1), histograms: new Uint32Array(0) };
    for (const [valueType, shown] of [
      [0, 1],
      [1, 1.75],
    ] as const) {
      const into = new Float64Array(2);
      fillGauges(snapshot, rows, rows.slots, [0, 2], { at: 5000, valueType }, into);
      expect([...into]).to.deep.equal([shown, 0]);
    }
  });
});
