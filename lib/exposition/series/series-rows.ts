import { TimeSlice } from '../../guard/time-slice.js';
import type { SeriesList } from '../../store/definition/stream.js';
import { LabelBlockBuilder, rowText } from '../labels/label-block.js';
import type { LabelBlock } from '../labels/label-block.js';
import type { LabelMaker } from '../labels/label-maker.js';
import { FreshRows } from './fresh-rows.js';
import { LabelRuns } from './label-runs.js';
import { GONE, seriesChanges } from './series-changes.js';
import type { SeriesChanges } from './series-changes.js';

/** The rows of a stream as of one collection. Never changed once handed out: an older answer may still be sent. */
export interface OrderedRows {
  readonly blocks: readonly LabelBlock[];
  /** For each row, in the order of the blocks, the position of its series in the columns. */
  readonly positions: Uint32Array;
  /** Two series came out with the same text, because translating their label keys made them equal. */
  readonly hasDuplicates: boolean;
}

const NO_ROWS: OrderedRows = { blocks: [], positions: new Uint32Array(0), hasDuplicates: false };

/** Rows that are copied between two looks at the clock. */
const ROWS_PER_LOOK = 1024;

/**
 * Remembers the label text of every series of one stream, and their order, from one collection to the next. While the
 * list of series is the same one, nothing of it is looked at. What it holds is bounded by the series of the last
 * collection.
 */
export class SeriesRows {
  readonly #maker: LabelMaker;
  #series: SeriesList = [];
  #rows = NO_ROWS;

  /** @param maker makes what is remembered */
  constructor(maker: LabelMaker) {
    this.#maker = maker;
  }

  /** In short turns of this thread. One call at a time. */
  async align(series: SeriesList, slice = new TimeSlice()): Promise<OrderedRows> {
    if (series !== this.#series) {
      const changes = await seriesChanges(this.#series, series, slice);
      const runs = await new LabelRuns(this.#maker).make(series, changes.fresh, slice);
      this.#rows = await merged(this.#rows, changes, new FreshRows(runs), slice);
      this.#series = series;
    }
    return this.#rows;
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
  for (let taken = rows.takeFresh(); taken > 0; taken = rows.takeFresh())
    if (slice.isOver()) await slice.next();
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
  /** Of the next fresh row, a byte string; undefined behind the last one. */
  #freshText: string | undefined;

  constructor(before: Uint32Array, moved: Uint32Array, fresh: FreshRows) {
    this.#before = before;
    this.#moved = moved;
    this.#fresh = fresh;
    this.#positions = new Uint32Array(before.length + fresh.count);
    this.#freshText = before.length > 0 ? fresh.text : undefined;
  }

  /** @param next the first text of the next block: fresh rows from there on do not belong here */
  take(block: LabelBlock, next: string | undefined): void {
    const end = this.#rowBefore + block.rows;
    const upcoming = this.#freshText;
    const isTouched = upcoming !== undefined && (next === undefined || upcoming < next);
    if (!isTouched && this.#builder.takesWhole && this.#keepAll(end)) {
      this.#builder.pushBlock(block);
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

  /** Some of those that come after all blocks. How many. */
  takeFresh(): number {
    let taken = 0;
    for (let some = -1; some !== 0 && taken < ROWS_PER_LOOK; taken += some) {
      some = this.#fresh.takeSome(ROWS_PER_LOOK, this.#builder, this.#positions, this.#row);
      this.#row += some;
    }
    return taken;
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

  /** Whether none of the next rows is gone: then all are kept. */
  #keepAll(end: number): boolean {
    const [before, moved, positions] = [this.#before, this.#moved, this.#positions];
    let row = this.#row;
    for (let rowBefore = this.#rowBefore; rowBefore < end; rowBefore++) {
      const position = moved[before[rowBefore] ?? -1] ?? GONE;
      if (position === GONE) return false;
      positions[row++] = position;
    }
    this.#row = row;
    this.#rowBefore = end;
    return true;
  }

  #keep(): void {
    this.#positions[this.#row++] = this.#newPosition();
    this.#rowBefore++;
  }

  #pushFresh(): void {
    this.#positions[this.#row++] = this.#fresh.take(this.#builder);
    this.#freshText = this.#fresh.text;
  }
}
