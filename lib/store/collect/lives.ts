// What a delta reader has of one attribute set that was removed and came again within its interval: two slots, and one
// point, because whoever receives two of equal attributes drops one. One per reading.
import type { HistogramValue } from '../definition/stream.js';
import type { Series } from '../series/known-series.js';
import { saturatingSum } from './saturating-sum.js';
import type { SeriesValue } from './series-values.js';

export class Lives {
  /** By stream and attributes. */
  readonly #merged = new Map<string, { readonly series: Series; readonly value: SeriesValue }>();

  add(series: Series, value: SeriesValue): void {
    const key = `${series.stream.index}${series.text}`;
    const other = this.#merged.get(key);
    const had = other?.value;
    const sum = had === undefined || value === undefined ? (had ?? value) : sumOfValues(had, value);
    this.#merged.set(key, { series, value: sum });
  }

  shown(): Iterable<{ readonly series: Series; readonly value: SeriesValue }> {
    return this.#merged.values();
  }
}

/** What two series of one stream make together: both numbers, or both histograms of the same boundaries. */
export function sumOfValues(a: number | HistogramValue, b: number | HistogramValue): number | HistogramValue {
  if (typeof a === 'number' || typeof b === 'number') return saturatingSum(Number(a), Number(b));
  return histogramOf(a, b);
}

function histogramOf(a: HistogramValue, b: HistogramValue): HistogramValue {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  return {
    count: a.count + b.count,
    sum: saturatingSum(a.sum, b.sum),
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    counts: a.counts.map((count, index) => count + (b.counts[index] ?? 0)),
  };
}
