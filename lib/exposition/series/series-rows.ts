import { TimeSlice } from '../../guard/time-slice.js';
import type { SeriesLabels } from '../../store/definition/stream.js';
import { byteOrder } from '../labels/byte-order.js';
import { LabelBlockBuilder, rowText } from '../labels/label-block.js';
import type { LabelBlock } from '../labels/label-block.js';
import { GONE, seriesChanges } from './series-changes.js';
import type { SeriesChanges } from './series-changes.js';
import type { LabelPutter } from '../labels/label-bytes.js';
import { TextBytes } from '../labels/text-bytes.js';

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
/** Rows that are copied between two of them. */
const ROWS_PER_LOOK = 512;

/** What a text grows by at most, in the usual case: the guess need not be right. */
const GROWTH_BYTES = 64;

/** Rows that were not there before. */
interface FreshRows {
  readonly texts: TextBytes;
  /** Indices of the texts, in the order of the texts. */
  readonly order: Uint32Array;
  /** For each text. */
  readonly positions: readonly number[];
}

/**
 * Remembers the label text of every series of one stream, and their order, from one collection to the next. While the
 * list of series is the same one, nothing of it is looked at. What it holds is bounded by the series of the last
 * collection.
 */
export class SeriesRows {
  readonly #put: LabelPutter;
  #series: readonly SeriesLabels[] = [];
  #rows = NO_ROWS;

  /** @param put makes what is remembered */
  constructor(put: LabelPutter) {
    this.#put = put;
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
  ): Promise<FreshRows> {
    let guess = 0;
    let longest = 0;
    for (const [index, position] of positions.entries()) {
      const length = (series[position]?.text?.length ?? 0) + GROWTH_BYTES;
      guess += length;
      longest = Math.max(longest, length);
      if (index % SERIES_PER_LOOK === 0 && slice.isOver()) await slice.next();
    }
    // The last one asks for room as if nothing in it were ASCII.
    const texts = new TextBytes(positions.length, guess + 6 * longest);
    for (const position of positions) {
      const labels = series[position];
      if (labels === undefined) texts.endText();
      else this.#put(labels, texts);
      if (texts.count % SERIES_PER_LOOK === 0 && slice.isOver()) await slice.next();
    }
    return { texts, order: await byteOrder(texts, slice), positions };
  }
}

/** The rows of before without those that are gone, with the fresh ones in their places. */
async function merged(
  { blocks, positions }: OrderedRows,
  { moved }: SeriesChanges,
  fresh: FreshRows,
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
  readonly #fresh: FreshRows;
  readonly #positions: Uint32Array;
  #row = 0;
  #rowBefore = 0;
  #freshRank = 0;
  /** Of the next fresh row, a byte string; undefined behind the last one. */
  #freshText: string | undefined;

  constructor(before: Uint32Array, moved: Uint32Array, fresh: FreshRows) {
    this.#before = before;
    this.#moved = moved;
    this.#fresh = fresh;
    this.#positions = new Uint32Array(before.length + fresh.order.length);
    this.#readFresh();
  }

  /** @param next the first text of the next block: fresh rows from there on do not belong here */
  take(block: LabelBlock, next: string | undefined): void {
    const end = this.#rowBefore + block.rows;
    const upcoming = this.#freshText;
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
      while ((this.#freshText ?? text) < text) this.#pushFresh();
      this.#builder.push(text);
      this.#keep();
    }
    if (next !== undefined) while ((this.#freshText ?? next) < next) this.#pushFresh();
  }

  /** Some of those that come after all blocks. Whether there are more. */
  takeFresh(): boolean {
    const { length } = this.#fresh.order;
    const end = Math.min(this.#freshRank + ROWS_PER_LOOK, length);
    while (this.#freshRank < end) this.#copyFresh();
    return end < length;
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
    this.#copyFresh();
    this.#readFresh();
  }

  #copyFresh(): void {
    const { texts, order, positions } = this.#fresh;
    const index = order[this.#freshRank++] ?? 0;
    this.#builder.pushBytes(texts.bytes, texts.offsets[index] ?? 0, texts.offsets[index + 1] ?? 0);
    this.#positions[this.#row++] = positions[index] ?? GONE;
  }

  #readFresh(): void {
    const { texts, order } = this.#fresh;
    const index = order[this.#freshRank];
    this.#freshText = index === undefined ? undefined : texts.byteString(index);
  }
}
