// The series that a cumulative reading shows of a stream, without an object for any of them until somebody looks.
import type { TimeSlice } from '../../guard/time-slice.js';
import type { SeriesColumns, SeriesLabels, SeriesList } from '../definition/stream.js';
import type { Series } from '../series/known-series.js';
import type { TextPlaces } from '../series/series-texts.js';
import type { StreamRows } from '../series/series-rows.js';

/** Rows that are looked at between two looks at the clock. */
const ROWS_PER_LOOK = 16_384;

export class ShownSeries implements SeriesList, SeriesColumns {
  readonly slots: Int32Array;
  readonly lives: Int32Array;
  #rows: StreamRows;
  /** Positions in the rows. */
  #chosen: Int32Array;
  readonly #objects: (Series | undefined)[] = [];

  private constructor(rows: StreamRows, chosen: Int32Array, slots: Int32Array, lives: Int32Array) {
    this.slots = slots;
    this.lives = lives;
    this.#rows = rows;
    this.#chosen = chosen;
  }

  /**
   * In short turns of this thread.
   *
   * @param chosen positions in the rows
   */
  static async of(rows: StreamRows, chosen: Int32Array, slice: TimeSlice): Promise<ShownSeries> {
    const first = chosen[0] ?? 0;
    const end = first + chosen.length;
    // Most often all rows, but for the first one, of the overflow series, which has nothing to show.
    if (isRange(chosen, first))
      return new ShownSeries(rows, chosen, rows.slots.subarray(first, end), rows.lives.subarray(first, end));
    const slots = await pick(rows.slots, chosen, slice);
    return new ShownSeries(rows, chosen, slots, await pick(rows.lives, chosen, slice));
  }

  get length(): number {
    return this.slots.length;
  }

  get columns(): SeriesColumns {
    return this;
  }

  at(index: number): SeriesLabels | undefined {
    if (index < 0 || index >= this.length) return undefined;
    return (this.#objects[index] ??= this.#rows.at(this.#chosen[index] ?? 0));
  }

  /** Whether these are the same series in the same order. Then they stand in these rows from now on. */
  moveTo(rows: StreamRows, chosen: Int32Array): boolean {
    if (chosen.length !== this.length) return false;
    for (let index = 0; index < chosen.length; index++) {
      const row = chosen[index] ?? 0;
      if (rows.slots[row] !== this.slots[index] || rows.lives[row] !== this.lives[index]) return false;
    }
    this.#rows = rows;
    this.#chosen = chosen;
    return true;
  }

  stageTexts(indices: Uint32Array, room: readonly [number, number], into: TextPlaces, index: number): number {
    const { texts, places } = this.#rows;
    const chosen = this.#chosen;
    const placeOf = (rank: number): number => places[chosen[indices[rank] ?? 0] ?? 0] ?? 0;
    return texts.stage(placeOf, indices.length, room, into, index);
  }
}

function isRange(chosen: Int32Array, first: number): boolean {
  for (let index = 0; index < chosen.length; index++) if (chosen[index] !== first + index) return false;
  return true;
}

async function pick(column: Int32Array, chosen: Int32Array, slice: TimeSlice): Promise<Int32Array> {
  const picked = new Int32Array(chosen.length);
  for (let from = 0; from < chosen.length; from += ROWS_PER_LOOK) {
    const to = Math.min(chosen.length, from + ROWS_PER_LOOK);
    for (let index = from; index < to; index++) picked[index] = column[chosen[index] ?? 0] ?? 0;
    if (slice.isOver()) await slice.next();
  }
  return picked;
}
