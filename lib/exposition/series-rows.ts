import { TimeSlice } from '../guard/time-slice.js';
import type { SeriesLabels } from '../store/definition/stream.js';
import { LabelBlockBuilder, rowText, byteString } from './label-block.js';
import type { LabelBlock } from './label-block.js';
import { GONE, seriesChanges } from './series-changes.js';
import type { SeriesChanges } from './series-changes.js';
import { sortByText } from './text-order.js';

/** The rows of a stream as of one collection. Never changed once handed out: an older answer may still be sent. */
export interface OrderedRows {
  readonly blocks: readonly LabelBlock[];
  /** For each row, in the order of the blocks, the position of its series in the columns. */
  readonly positions: Uint32Array;
  /** Two series came out with the same text, because translating their label keys made them equal. */
  readonly hasDuplicates: boolean;
}

const NO_ROWS: OrderedRows = { blocks: [], positions: new Uint32Array(0), hasDuplicates: false };

/** Series whose text is made between two looks at the clock. */
const SERIES_PER_LOOK = 64;

interface FreshRow {
  /** A byte string. */
  readonly text: string;
  readonly position: number;
}

/**
 * Remembers the label text of every series of one stream, and their order, from one collection to the next. While the
 * list of series is the same one, nothing of it is looked at. What it holds is bounded by the series of the last
 * collection.
 */
export class SeriesRows {
  readonly #textOf: (series: SeriesLabels) => string;
  #series: readonly SeriesLabels[] = [];
  #rows = NO_ROWS;

  /** @param textOf makes what is remembered */
  constructor(textOf: (series: SeriesLabels) => string) {
    this.#textOf = textOf;
  }

  /** In short turns of this thread. One call at a time. */
  async align(series: readonly SeriesLabels[], slice = new TimeSlice()): Promise<OrderedRows> {
    if (series !== this.#series) {
      const changes = await seriesChanges(this.#series, series, slice);
      this.#rows = await merged(
        this.#rows,
        changes,
        await this.#freshRows(series, changes.fresh, slice),
        slice,
      );
      this.#series = series;
    }
    return this.#rows;
  }

  async #freshRows(
    series: readonly SeriesLabels[],
    positions: readonly number[],
    slice: TimeSlice,
  ): Promise<readonly FreshRow[]> {
    const rows: FreshRow[] = [];
    for (const position of positions) {
      const labels = series[position];
      if (labels !== undefined) rows.push({ text: byteString(this.#textOf(labels)), position });
      if (rows.length % SERIES_PER_LOOK === 0 && slice.isOver()) await slice.next();
    }
    return sortByText(rows, slice);
  }
}

/** The rows of before without those that are gone, with the fresh ones in their places. */
async function merged(
  { blocks, positions }: OrderedRows,
  { moved }: SeriesChanges,
  fresh: readonly FreshRow[],
  slice: TimeSlice,
): Promise<OrderedRows> {
  const rows = new RowMerge(positions, moved, fresh);
  for (const [index, block] of blocks.entries()) {
    rows.take(block, blocks[index + 1]?.first);
    if (slice.isOver()) await slice.next();
  }
  while (rows.takeFresh()) if (slice.isOver()) await slice.next();
  return rows.finish();
}

class RowMerge {
  readonly #builder = new LabelBlockBuilder();
  readonly #before: Uint32Array;
  readonly #moved: Uint32Array;
  readonly #fresh: readonly FreshRow[];
  readonly #positions: Uint32Array;
  #row = 0;
  #rowBefore = 0;
  #freshRow = 0;

  constructor(before: Uint32Array, moved: Uint32Array, fresh: readonly FreshRow[]) {
    this.#before = before;
    this.#moved = moved;
    this.#fresh = fresh;
    this.#positions = new Uint32Array(before.length + fresh.length);
  }

  /** @param next the first text of the next block: fresh rows from there on do not belong here */
  take(block: LabelBlock, next: string | undefined): void {
    const end = this.#rowBefore + block.rows;
    const upcoming = this.#fresh[this.#freshRow]?.text;
    const isTouched = upcoming !== undefined && (next === undefined || upcoming < next);
    if (!isTouched && this.#builder.takesWhole && this.#areKept(end)) {
      this.#builder.pushBlock(block);
      while (this.#rowBefore < end) this.#keep();
      return;
    }
    for (let row = 0; row < block.rows; row++) {
      if (this.#newPosition() === GONE) {
        this.#rowBefore++;
        continue;
      }
      const text = rowText(block, row);
      while ((this.#fresh[this.#freshRow]?.text ?? text) < text) this.#pushFresh();
      this.#builder.push(text);
      this.#keep();
    }
    if (next !== undefined) while ((this.#fresh[this.#freshRow]?.text ?? next) < next) this.#pushFresh();
  }

  /** Some of those that come after all blocks. Whether there are more. */
  takeFresh(): boolean {
    const end = Math.min(this.#freshRow + SERIES_PER_LOOK, this.#fresh.length);
    while (this.#freshRow < end) this.#pushFresh();
    return end < this.#fresh.length;
  }

  finish(): OrderedRows {
    const blocks = this.#builder.finish();
    const hasDuplicates = blocks.some(
      (block, index) => block.hasDuplicates || block.first === blocks[index - 1]?.last,
    );
    return { blocks, positions: this.#positions.slice(0, this.#row), hasDuplicates };
  }

  #newPosition(): number {
    return this.#moved[this.#before[this.#rowBefore] ?? -1] ?? GONE;
  }

  #areKept(end: number): boolean {
    for (let row = this.#rowBefore; row < end; row++)
      if (this.#moved[this.#before[row] ?? -1] === GONE) return false;
    return true;
  }

  #keep(): void {
    this.#positions[this.#row++] = this.#newPosition();
    this.#rowBefore++;
  }

  #pushFresh(): void {
    const { text, position } = this.#fresh[this.#freshRow++] ?? { text: '', position: GONE };
    this.#builder.push(text);
    this.#positions[this.#row++] = position;
  }
}
