// Makes lines of text of rows.
import { OUT_END } from './chunk-output.js';
import type { ChunkOutput, Chunks } from './chunk-output.js';
import type { LabelBlock } from '../labels/label-block.js';
import type { RowSection } from '../series/merge-rows.js';
import {
  DATA,
  LABELS,
  LABELS_BYTES,
  NEXT_LINE,
  NEXT_ROW,
  NUMBER_LENGTH_MAX,
  OFFSETS,
  ROWS_MAX,
  TEMPLATE,
} from '../rows/row-layout.js';
import { rowsWithNumbers, stageNumbers } from './row-staging.js';
import type { RowTemplate } from './row-template.js';

/** The shortest number and the end of the line. */
const LINE_END_BYTES = 2;

/** Where in a section the next line is. */
interface Place {
  readonly block: LabelBlock;
  /** Of the block. */
  row: number;
  /** Of the section. */
  sectionRow: number;
  line: number;
}

export class RowWriter {
  readonly #output: ChunkOutput;

  constructor(output: ChunkOutput) {
    this.#output = output;
  }

  *section(section: RowSection, template: RowTemplate): Chunks {
    let sectionRow = 0;
    for (const block of section.blocks) {
      const place: Place = { block, row: 0, sectionRow, line: 0 };
      while (place.row < block.rows) {
        const rows = this.#stage(section, template, place);
        if (rows > 0 && this.#write(section, template, place, rows)) continue;
        if (!this.#output.isEmpty) yield this.#output.take();
        // There is no room for it in all of it.
        else yield* this.#longRow(section, template, place);
      }
      sectionRow += block.rows;
    }
  }

  /** How many rows were put into the kernel's memory; none, if not even one has room there. */
  #stage(section: RowSection, template: RowTemplate, { block, row, sectionRow }: Place): number {
    const { kernel, at } = this.#output;
    const { bytes, u32 } = kernel;
    if (template.image === undefined) return 0;
    if (this.#output.staged !== template) {
      bytes.set(template.image, TEMPLATE);
      this.#output.staged = template;
    }
    const doubles = section.width + (template.hasStart ? 1 : 0);
    const rowsMax = Math.min(ROWS_MAX, rowsWithNumbers(doubles), block.rows - row);
    const { offsets } = block;
    const rows = rowsWithRoom(offsets, row, rowsMax, template, OUT_END - at);
    const [begin, end] = [offsets[row] ?? 0, offsets[row + rows] ?? 0];
    bytes.set(block.bytes.subarray(begin, end), LABELS);
    u32.set(offsets.subarray(row, row + rows + 1), OFFSETS / 4);
    stageNumbers(kernel, section, sectionRow + row, rows, template.hasStart);
    return rows;
  }

  /** Whether it came any further. */
  #write({ width }: RowSection, { lines, hasStart }: RowTemplate, place: Place, rows: number): boolean {
    const output = this.#output;
    const { putRows, u32 } = output.kernel;
    const { line } = place;
    const doubles = width + (hasStart ? 1 : 0);
    const begin = output.at;
    output.at = putRows(TEMPLATE, lines.length, LABELS, OFFSETS, DATA, doubles, rows, line, begin, OUT_END);
    place.row += u32[NEXT_ROW / 4] ?? 0;
    place.line = u32[NEXT_LINE / 4] ?? 0;
    return output.at > begin;
  }

  /** One row, from a line on, piece by piece: its labels or its lines are too long for the kernel's memory. */
  *#longRow(section: RowSection, { lines, hasStart }: RowTemplate, place: Place): Chunks {
    const output = this.#output;
    const { positions, width, numbers, starts } = section;
    const { bytes, offsets } = place.block;
    const labels = bytes.subarray(offsets[place.row], offsets[place.row + 1]);
    const row = place.sectionRow + place.row;
    const position = positions === undefined ? row : (positions[row] ?? 0);
    let sum = 0;
    for (const [index, { head, tail, bare, column, isCumulative }] of lines.entries()) {
      const isStart = hasStart && column === width;
      const number = isStart ? (starts[position] ?? 0) / 1000 : (numbers[position * width + column] ?? 0);
      if (isCumulative) sum += number;
      if (index < place.line) continue;
      for (const piece of labels.length === 0 ? [bare] : [head, labels, tail]) yield* output.bytes(piece);
      if (output.at + NUMBER_LENGTH_MAX + 1 > OUT_END) yield output.take();
      output.at += output.kernel.putNumber(output.at, isCumulative ? sum : number);
      output.kernel.bytes[output.at++] = 10;
    }
    place.row++;
    place.line = 0;
  }
}

/**
 * Of the rows from one on, those that have room among the labels and, with the shortest numbers that there are, in what is
 * left of the chunk; and one more, so that what has no room is found where it is written.
 */
function rowsWithRoom(
  offsets: Uint32Array,
  row: number,
  rowsMax: number,
  { lines, fixedBytes }: RowTemplate,
  room: number,
): number {
  const begin = offsets[row] ?? 0;
  const fixed = fixedBytes + lines.length * LINE_END_BYTES;
  const hasLabels = (rows: number): boolean => (offsets[row + rows] ?? 0) - begin <= LABELS_BYTES;
  const hasRoom = (rows: number): boolean =>
    rows * fixed + lines.length * ((offsets[row + rows] ?? 0) - begin) < room;
  let [least, most] = [0, rowsMax];
  while (least < most) {
    const middle = (least + most + 1) >>> 1;
    if (hasLabels(middle) && hasRoom(middle - 1)) least = middle;
    else most = middle - 1;
  }
  return least;
}
