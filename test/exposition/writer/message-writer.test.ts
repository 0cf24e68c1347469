import { expect } from 'chai';
import fc from 'fast-check';
import { TimeSlice } from '../../../lib/guard/time-slice.js';
import { ChunkOutput } from '../../../lib/exposition/writer/chunk-output.js';
import { LabelBlockBuilder } from '../../../lib/exposition/labels/label-block.js';
import { labelPairsOf } from '../../../lib/exposition/labels/label-pairs.js';
import type { RowSection } from '../../../lib/exposition/series/merge-rows.js';
import { messageAround } from '../../../lib/exposition/rows/message-value.js';
import type { MessageKind } from '../../../lib/exposition/rows/message-value.js';
import { MessageWriter, messageBytesOf } from '../../../lib/exposition/writer/message-writer.js';
import { rowKernel } from '../../../lib/exposition/rows/row-kernel.js';
import {
  COUNTER,
  DATA,
  GAUGE,
  HISTOGRAM,
  NEXT_ROW,
  OFFSETS,
  OUT,
} from '../../../lib/exposition/rows/row-layout.js';
import { rowsWithNumbers, stageNumbers } from '../../../lib/exposition/writer/row-staging.js';

const KINDS: readonly MessageKind[] = [COUNTER, GAUGE, HISTOGRAM];

interface Row {
  readonly label: string;
  readonly numbers: readonly number[];
  readonly start: number;
}

function sectionOf(kind: MessageKind, boundaries: readonly number[], rows: readonly Row[]): RowSection {
  const builder = new LabelBlockBuilder();
  for (const { label } of rows) builder.push(label);
  return {
    boundaries,
    blocks: builder.finish(),
    positions: Uint32Array.from(rows, (_, index) => index),
    width: kind === HISTOGRAM ? 5 + boundaries.length : 1,
    numbers: Float64Array.from(rows.flatMap(({ numbers }) => numbers)),
    starts: Float64Array.from(rows, ({ start }) => start),
  };
}

/** As it comes out of the kernel, where that has room. */
function written(section: RowSection, kind: MessageKind): Buffer {
  const output = new ChunkOutput();
  const copies: Buffer[] = [];
  for (const chunk of new MessageWriter(output).section(section, kind)) copies.push(Buffer.from(chunk));
  for (const chunk of output.rest()) copies.push(Buffer.from(chunk));
  return Buffer.concat(copies);
}

/** Without the kernel. */
function reference(section: RowSection, kind: MessageKind): Buffer {
  const finite = section.boundaries.filter(bound => bound < Infinity);
  const bounds = kind === HISTOGRAM ? [...finite, Infinity] : [];
  let row = 0;
  const parts = section.blocks.flatMap(block => {
    const { bytes, offsets } = labelPairsOf(block);
    return Array.from({ length: block.rows }, (_, index) => {
      const labels = bytes.subarray(offsets[index], offsets[index + 1]);
      const position = row++;
      const own = section.numbers.subarray(position * section.width, (position + 1) * section.width);
      const [before, behind] = messageAround(
        kind,
        labels.length,
        own,
        bounds,
        (section.starts[position] ?? 0) / 1000,
      );
      return Buffer.concat([before, labels, behind]);
    });
  });
  return Buffer.concat(parts);
}

describe('MessageWriter', () => {
  const edge = fc.constantFrom(
    0,
    -0,
    1,
    127,
    128,
    2 ** 53,
    2 ** 63,
    2 ** 64,
    2 ** 70,
    -1,
    0.5,
    NaN,
    Infinity,
    -Infinity,
  );
  const number = fc.oneof(edge, fc.double(), fc.nat(1e6));
  const start = fc.oneof(
    fc.constantFrom(0, -1, 1, 999, 1000, 4e12),
    fc.nat(4e12),
    fc.double({ min: 0, max: 4e12 }),
  );
  const label = fc.oneof(
    fc.constant(''),
    fc.stringMatching(/^[a-z]{1,9}="[a-z ]{0,20}"$/),
    fc.integer({ min: 100, max: 200_000 }).map(length => `k="${'v'.repeat(length)}"`),
  );
  const rowOf = (width: number): fc.Arbitrary<Row> =>
    fc.record({ label, numbers: fc.array(number, { minLength: width, maxLength: width }), start });

  it('should write the same bytes with the kernel and without, as many as were measured', async () => {
    const section = fc
      .record({ kind: fc.constantFrom(...KINDS), boundaries: fc.integer({ min: 0, max: 40 }) })
      .chain(({ kind, boundaries }) => {
        const bounds =
          kind === HISTOGRAM ? Array.from({ length: boundaries }, (_, index) => index * 1.5) : [];
        const rows = fc.array(rowOf(kind === HISTOGRAM ? 5 + bounds.length : 1), {
          minLength: 1,
          maxLength: 12,
        });
        return rows.map(own => ({ kind, section: sectionOf(kind, bounds, own) }));
      });
    await fc.assert(
      fc.asyncProperty(section, async ({ kind, section: own }) => {
        const bytes = written(own, kind);
        expect(bytes.equals(reference(own, kind))).to.be.true;
        expect(await messageBytesOf(own, kind, new TimeSlice())).to.equal(bytes.length);
      }),
    );
  });

  it('should write the same bytes where a row has no room in the kernel', async () => {
    const bounds = Array.from({ length: 40_000 }, (_, index) => index);
    expect(rowsWithNumbers(5 + bounds.length + 1)).to.equal(0);
    const numbers = Array.from({ length: 5 + bounds.length }, (_, index) => index % 3);
    const own = sectionOf(HISTOGRAM, bounds, [{ label: 'a="1"', numbers, start: 5 }]);
    const bytes = written(own, HISTOGRAM);
    expect(bytes.equals(reference(own, HISTOGRAM))).to.be.true;
    expect(await messageBytesOf(own, HISTOGRAM, new TimeSlice())).to.equal(bytes.length);
  });

  it('should stop before the row that there is no room for', () => {
    const kernel = rowKernel();
    const own = sectionOf(
      COUNTER,
      [],
      Array.from({ length: 3 }, (_, index): Row => ({ label: '', numbers: [index], start: 0 })),
    );
    stageNumbers(kernel, own, 0, 3, true);
    kernel.u32.fill(0, OFFSETS / 4, OFFSETS / 4 + 4);
    expect(kernel.messageBytes(COUNTER, 0, OFFSETS, DATA, 2, 3)).to.equal(3 * 13);
    for (const [room, rows] of [
      [12, 0],
      [13, 1],
      [38, 2],
      [39, 3],
    ] as const) {
      const end = kernel.putMessages(COUNTER, 0, 0, 0, OFFSETS, DATA, 2, 3, OUT, OUT + room);
      expect([end - OUT, kernel.u32[NEXT_ROW / 4]]).to.deep.equal([rows * 13, rows]);
    }
  });
});
