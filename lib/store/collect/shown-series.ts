// The series that a cumulative reading shows of a stream, without an object for any of them until somebody looks.
import type { SeriesColumns, SeriesLabels, SeriesList } from '../definition/stream.js';
import type { Series } from '../series/known-series.js';
import type { TextPlaces } from '../series/series-texts.js';
import type { StreamRows } from '../series/series-rows.js';

export class ShownSeries implements SeriesList, SeriesColumns {
  readonly slots: Int32Array;
  readonly lives: Int32Array;
  #rows: StreamRows;
  /** Positions in the rows. */
  #chosen: Int32Array;
  readonly #objects: (Series | undefined)[] = [];

  constructor(rows: StreamRows, chosen: Int32Array) {
    const isAll = chosen.length === rows.slots.length && isInOrder(chosen);
    this.slots = isAll ? rows.slots : pick(rows.slots, chosen);
    this.lives = isAll ? rows.lives : pick(rows.lives, chosen);
    this.#rows = rows;
    this.#chosen = chosen;
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

function isInOrder(chosen: Int32Array): boolean {
  for (let index = 0; index < chosen.length; index++) if (chosen[index] !== index) return false;
  return true;
}

function pick(column: Int32Array, chosen: Int32Array): Int32Array {
  const picked = new Int32Array(chosen.length);
  for (let index = 0; index < chosen.length; index++) picked[index] = column[chosen[index] ?? 0] ?? 0;
  return picked;
}
