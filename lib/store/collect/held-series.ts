// Which of the copies of a gauge is shown, when several holders report it (see HOLDER in known-series.ts): one that
// runs before one that stands still, a held one before one that was simply set, then the one that started last, and then
// the one that was written last. One per collection.
import type { GaugeValue } from '../../memory/totals.js';
import type { Series } from '../series/known-series.js';

/** Where the gauges stand: in shared memory, or in a snapshot. */
export interface GaugeSource {
  gaugeAt(slot: number): GaugeValue | undefined;
  /** When it was last written; Unix milliseconds. */
  usedAt(slot: number): number;
}

interface Candidate {
  readonly series: Series;
  readonly rank: readonly number[];
}

export class HeldSeries {
  readonly #gauges: GaugeSource;
  /** By stream and attributes. */
  readonly #best = new Map<string, Candidate>();

  constructor(gauges: GaugeSource) {
    this.#gauges = gauges;
  }

  offer(series: Series): void {
    const gauge = this.#gauges.gaugeAt(series.slot);
    if (gauge === undefined) return;
    const isRunning = gauge.kind === 'elapsed';
    const rank = [
      Number(isRunning),
      Number(series.isHeld),
      isRunning ? gauge.value : this.#gauges.usedAt(series.slot),
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
