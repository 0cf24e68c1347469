// Makes protobuf of rows, and says before how long it will be: a family's message begins with its length. What is measured
// is what is written, byte for byte, because both are made of the same section.
import type { TimeSlice } from '../../guard/time-slice.js';
import { OUT_END } from './chunk-output.js';
import type { ChunkOutput, Chunks } from './chunk-output.js';
import { labelPairsOf } from '../labels/label-pairs.js';
import type { LabelPairBlock } from '../labels/label-pairs.js';
import type { RowSection } from '../series/merge-rows.js';
import { messageAround } from '../rows/message-value.js';
import type { MessageKind } from '../rows/message-value.js';
import { rowKernel } from '../rows/row-kernel.js';
import {
  DATA,
  HISTOGRAM,
  LABELS,
  LABELS_BYTES,
  NEXT_ROW,
  OFFSETS,
  ROWS_MAX,
  TEMPLATE,
  TEMPLATE_BYTES,
} from '../rows/row-layout.js';
import { rowsWithNumbers, stageNumbers } from './row-staging.js';

/** A message without labels and buckets, and a bucket, are not shorter. */
const MESSAGE_BYTES_MIN = 13;
const BUCKET_BYTES_MIN = 13;

/** The bounds of the buckets, the last of which has none. */
function boundsOf(kind: MessageKind, { boundaries }: RowSection): readonly number[] {
  return kind === HISTOGRAM ? [...boundaries.filter(boundary => boundary < Infinity), Infinity] : [];
}

/** Whether the kernel has room for a row's numbers at all. */
function hasRoom({ width }: RowSection, bounds: readonly number[]): boolean {
  return rowsWithNumbers(width + 1) > 0 && bounds.length * 8 <= TEMPLATE_BYTES;
}

/** How many bytes the messages of a section take. In short turns of this thread. */
export async function messageBytesOf(
  section: RowSection,
  kind: MessageKind,
  slice: TimeSlice,
): Promise<number> {
  const kernel = rowKernel();
  const bounds = boundsOf(kind, section);
  const rowsMax = Math.min(ROWS_MAX, rowsWithNumbers(section.width + 1));
  let bytes = 0;
  let sectionRow = 0;
  for (const block of section.blocks) {
    const pairs = labelPairsOf(block);
    for (let row = 0; row < block.rows;) {
      if (!hasRoom(section, bounds)) {
        const [before, behind] = around(section, sectionRow + row, kind, bounds, labelsOf(pairs, row).length);
        bytes += before.length + labelsOf(pairs, row).length + behind.length;
        row++;
      } else {
        const rows = Math.min(rowsMax, block.rows - row);
        kernel.u32.set(pairs.offsets.subarray(row, row + rows + 1), OFFSETS / 4);
        stageNumbers(kernel, section, sectionRow + row, rows, true);
        bytes += kernel.messageBytes(kind, bounds.length, OFFSETS, DATA, section.width + 1, rows);
        row += rows;
      }
      if (slice.isOver()) await slice.next();
    }
    sectionRow += block.rows;
  }
  return bytes;
}

export class MessageWriter {
  readonly #output: ChunkOutput;

  constructor(output: ChunkOutput) {
    this.#output = output;
  }

  *section(section: RowSection, kind: MessageKind): Chunks {
    const output = this.#output;
    const bounds = boundsOf(kind, section);
    const fits = hasRoom(section, bounds);
    let sectionRow = 0;
    for (const block of section.blocks) {
      const pairs = labelPairsOf(block);
      for (let row = 0; row < block.rows;) {
        const rows = fits ? this.#stage(section, bounds, pairs, row, sectionRow) : 0;
        const done = rows > 0 ? this.#write(section, kind, bounds.length, rows) : 0;
        row += done;
        if (done > 0 && done === rows) continue;
        if (!output.isEmpty) yield output.take();
        // There is no room for it in all of it.
        else {
          const labels = labelsOf(pairs, row);
          const [before, behind] = around(section, sectionRow + row, kind, bounds, labels.length);
          for (const piece of [before, labels, behind]) yield* output.bytes(piece);
          row++;
        }
      }
      sectionRow += block.rows;
    }
  }

  /** How many rows were put into the kernel's memory; none, if not even one has room there. */
  #stage(
    section: RowSection,
    bounds: readonly number[],
    { rows: end, bytes, offsets }: LabelPairBlock,
    row: number,
    sectionRow: number,
  ): number {
    const { kernel, at } = this.#output;
    if (this.#output.staged !== bounds) {
      kernel.f64.set(bounds, TEMPLATE / 8);
      this.#output.staged = bounds;
    }
    const rowsMax = Math.min(ROWS_MAX, rowsWithNumbers(section.width + 1), end - row);
    const begin = offsets[row] ?? 0;
    let next = begin;
    let rows = 0;
    for (let room = OUT_END - at; rows < rowsMax && room > 0; rows++) {
      const rowEnd = offsets[row + rows + 1] ?? next;
      if (rowEnd - begin > LABELS_BYTES) break;
      room -= MESSAGE_BYTES_MIN + bounds.length * BUCKET_BYTES_MIN + rowEnd - next;
      next = rowEnd;
    }
    kernel.bytes.set(bytes.subarray(begin, next), LABELS);
    kernel.u32.set(offsets.subarray(row, row + rows + 1), OFFSETS / 4);
    stageNumbers(kernel, section, sectionRow + row, rows, true);
    return rows;
  }

  /** How many of the rows there was room for. */
  #write({ width }: RowSection, kind: MessageKind, buckets: number, rows: number): number {
    const output = this.#output;
    const { putMessages, u32 } = output.kernel;
    const doubles = width + 1;
    output.at = putMessages(
      kind,
      TEMPLATE,
      buckets,
      LABELS,
      OFFSETS,
      DATA,
      doubles,
      rows,
      output.at,
      OUT_END,
    );
    return u32[NEXT_ROW / 4] ?? 0;
  }
}

function labelsOf({ bytes, offsets }: LabelPairBlock, row: number): Buffer {
  return bytes.subarray(offsets[row], offsets[row + 1]);
}

/** What stands around the label pairs of one row, without the kernel. */
function around(
  { positions, width, numbers, starts }: RowSection,
  row: number,
  kind: MessageKind,
  bounds: readonly number[],
  labelBytes: number,
): readonly [before: Buffer, behind: Buffer] {
  const position = positions === undefined ? row : (positions[row] ?? 0);
  const own = numbers.subarray(position * width, (position + 1) * width);
  return messageAround(kind, labelBytes, own, bounds, (starts[position] ?? 0) / 1000);
}
