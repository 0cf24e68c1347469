// What a delta reader has of one attribute set that was removed and came again within its interval: two slots, and one
// point, because whoever receives two of equal attributes drops one. One per reading.
import type { HistogramValue } from '../definition/stream.js';
import type { Series } from '../series/series-catalog.js';
import { saturatingSum } from './saturating-sum.js';
import type { SeriesValue } from './series-values.js';

export class Lives {
  /** By stream and attributes. */
  readonly #merged = new Map<string, { readonly series: Series; readonly value: SeriesValue }>();

  add(series: Series, value: SeriesValue): void {
    const key = `${series.stream.index}${series.text}`;
    const other = this.#merged.get(key);
    this.#merged.set(key, { series, value: other === undefined ? value : sumOf(other.value, value) });
  }

  shown(): Iterable<{ readonly series: Series; readonly value: SeriesValue }> {
    return this.#merged.values();
  }
}

function sumOf(a: SeriesValue, b: SeriesValue): SeriesValue {
  if (a === undefined || b === undefined) return a ?? b;
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
