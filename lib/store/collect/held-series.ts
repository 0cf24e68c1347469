// Which of the copies of a gauge is shown, when several holders report it (see HOLDER in series-catalog.ts): one that
// runs before one that stands still, a held one before one that was simply set, then the one that started last, and then
// the one that was written last. One per collection.
import type { Region } from '../../memory/region.js';
import { readGauge } from '../../memory/totals.js';
import { usedAt } from '../../memory/tables.js';
import type { Series } from '../series/series-catalog.js';

interface Candidate {
  readonly series: Series;
  readonly rank: readonly number[];
}

export class HeldSeries {
  readonly #region: Region;
  /** By stream and attributes. */
  readonly #best = new Map<string, Candidate>();

  constructor(region: Region) {
    this.#region = region;
  }

  offer(series: Series): void {
    const gauge = readGauge(this.#region, series.slot);
    if (gauge === undefined) return;
    const isRunning = gauge.kind === 'elapsed';
    const rank = [
      Number(isRunning),
      Number(series.isHeld),
      isRunning ? gauge.value : usedAt(this.#region, series.slot),
    ];
    const key = `${series.stream.index}${series.text}`;
    const best = this.#best.get(key);
    if (best === undefined || isAbove(rank, best.rank)) this.#best.set(key, { series, rank });
  }

  *shown(): Generator<Series> {
    for (const { series } of this.#best.values()) yield series;
  }
}

function isAbove(rank: readonly number[], other: readonly number[]): boolean {
  const index = rank.findIndex((value, at) => value !== other[at]);
  return index >= 0 && (rank[index] ?? 0) > (other[index] ?? 0);
}
