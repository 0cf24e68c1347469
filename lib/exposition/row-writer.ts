// Makes chunks of bytes of rows. A chunk is a view of the kernel's memory, which holds what it holds until the next step of
// any iteration in this thread: whoever wants to keep it copies it at once.
import type { LabelBlock } from './label-block.js';
import type { RowSection } from './merge-rows.js';
import { rowKernel } from './row-kernel.js';
import type { RowKernel } from './row-kernel.js';
import {
  DATA,
  DATA_BYTES,
  LABELS,
  LABELS_BYTES,
  NEXT_LINE,
  NEXT_ROW,
  NUMBER_LENGTH_MAX,
  OFFSETS,
  OUT,
  OUT_BYTES,
  ROWS_MAX,
  TEMPLATE,
} from './row-layout.js';
import type { RowTemplate } from './row-template.js';

export type Chunks = Generator<Uint8Array, void, undefined>;

const OUT_END = OUT + OUT_BYTES;
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

/** One iteration: fills chunk after chunk. */
export class RowWriter {
  readonly #kernel: RowKernel = rowKernel();
  #at = OUT;
  /** Staged since the last chunk was given away. */
  #template: RowTemplate | undefined;

  /** Bytes as they are; in parts only if they are longer than a chunk. */
  *bytes(bytes: Uint8Array): Chunks {
    if (bytes.length <= OUT_BYTES && this.#at + bytes.length > OUT_END) yield this.#chunk();
    for (let from = 0; from < bytes.length;) {
      if (this.#at === OUT_END) yield this.#chunk();
      const part = bytes.subarray(from, from + OUT_END - this.#at);
      this.#kernel.bytes.set(part, this.#at);
      this.#at += part.length;
      from += part.length;
    }
  }

  *section(section: RowSection, template: RowTemplate): Chunks {
    let sectionRow = 0;
    for (const block of section.blocks) {
      const place: Place = { block, row: 0, sectionRow, line: 0 };
      while (place.row < block.rows) {
        const rows = this.#stage(section, template, place);
        if (rows > 0 && this.#write(section, template, place, rows)) continue;
        if (this.#at > OUT) yield this.#chunk();
        // There is no room for it in all of it.
        else yield* this.#longRow(section, template, place);
      }
      sectionRow += block.rows;
    }
  }

  /** What was not given away yet. */
  *rest(): Chunks {
    if (this.#at > OUT) yield this.#chunk();
  }

  #chunk(): Uint8Array {
    const chunk = this.#kernel.bytes.subarray(OUT, this.#at);
    this.#at = OUT;
    this.#template = undefined;
    return chunk;
  }

  /** How many rows were put into the kernel's memory; none, if not even one has room there. */
  #stage(section: RowSection, template: RowTemplate, { block, row, sectionRow }: Place): number {
    const { bytes, u32 } = this.#kernel;
    if (template.image === undefined) return 0;
    if (this.#template !== template) {
      bytes.set(template.image, TEMPLATE);
      this.#template = template;
    }
    const doubles = section.width + (template.hasStart ? 1 : 0);
    const rowsMax = Math.min(ROWS_MAX, Math.floor(DATA_BYTES / 8 / doubles), block.rows - row);
    const { offsets } = block;
    const begin = offsets[row] ?? 0;
    const lines = template.lines.length;
    const fixed = template.fixedBytes + lines * LINE_END_BYTES;
    let end = begin;
    let rows = 0;
    for (let room = OUT_END - this.#at; rows < rowsMax && room > 0; rows++) {
      const next = offsets[row + rows + 1] ?? end;
      if (next - begin > LABELS_BYTES) break;
      room -= fixed + lines * (next - end);
      end = next;
    }
    bytes.set(block.bytes.subarray(begin, end), LABELS);
    u32.set(offsets.subarray(row, row + rows + 1), OFFSETS / 4);
    this.#stageNumbers(section, sectionRow + row, rows, template.hasStart);
    return rows;
  }

  #stageNumbers(
    { positions, width, numbers, starts }: RowSection,
    from: number,
    rows: number,
    hasStart: boolean,
  ): void {
    const { f64 } = this.#kernel;
    let to = DATA / 8;
    for (let row = from; row < from + rows; row++) {
      const position = positions === undefined ? row : (positions[row] ?? 0);
      const begin = position * width;
      for (let index = begin; index < begin + width; index++) f64[to++] = numbers[index] ?? 0;
      if (hasStart) f64[to++] = (starts[position] ?? 0) / 1000;
    }
  }

  /** Whether it came any further. */
  #write({ width }: RowSection, { lines, hasStart }: RowTemplate, place: Place, rows: number): boolean {
    const { putRows, u32 } = this.#kernel;
    const { line } = place;
    const doubles = width + (hasStart ? 1 : 0);
    const begin = this.#at;
    this.#at = putRows(TEMPLATE, lines.length, LABELS, OFFSETS, DATA, doubles, rows, line, begin, OUT_END);
    place.row += u32[NEXT_ROW / 4] ?? 0;
    place.line = u32[NEXT_LINE / 4] ?? 0;
    return this.#at > begin;
  }

  /** One row, from a line on, piece by piece: its labels or its lines are too long for the kernel's memory. */
  *#longRow(section: RowSection, { lines, hasStart }: RowTemplate, place: Place): Chunks {
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
      for (const piece of labels.length === 0 ? [bare] : [head, labels, tail]) yield* this.bytes(piece);
      if (this.#at + NUMBER_LENGTH_MAX + 1 > OUT_END) yield this.#chunk();
      this.#at += this.#kernel.putNumber(this.#at, isCumulative ? sum : number);
      this.#kernel.bytes[this.#at++] = 10;
    }
    place.row++;
    place.line = 0;
  }
}
