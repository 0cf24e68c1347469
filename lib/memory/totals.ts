// What a drain has moved: the totals of all series. Read only by the holder of the right to
// collect, between two cuts.
import type { Region } from './region.js';
import * as words from './words.js';

/** The numbers of one histogram, as they stand in memory. */
export interface HistogramCells {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly counts: number[];
}

/** The total of a sum; undefined when nothing was recorded yet. */
export function readSum(region: Region, slot: number): number | undefined {
  return readScalar(region, region.layout.totals + slot * 8);
}

/** +0 means untouched; a touched zero is stored as -0. */
export function readScalar(region: Region, address: number): number | undefined {
  const value = region.f64[address / 8] ?? 0;
  return Object.is(value, 0) ? undefined : value + 0;
}

export type GaugeValue = { readonly kind: 'value' | 'elapsed'; readonly value: number };

/** The gauge's value at the last cut; undefined when it did not exist then, or was withdrawn. */
export function readGauge(region: Region, slot: number): GaugeValue | undefined {
  const kind = region.i32[(region.layout.gaugeKinds + slot * 4) / 4];
  if (kind === words.GAUGE_ABSENT) return undefined;
  const value = region.f64[(region.layout.totals + slot * 8) / 8] ?? 0;
  return { kind: kind === words.GAUGE_ELAPSED ? 'elapsed' : 'value', value };
}

/**
 * For how long a series has had data: the milliseconds from the first cut that had something of it to the last one.
 * Undefined when none had. A clock that is set back makes nobody younger.
 */
export function ageOf(region: Region, slot: number): number | undefined {
  const seen = region.f64[(region.layout.firstSeen + slot * 8) / 8] ?? 0;
  return seen === 0 ? undefined : (region.f64[words.CUT_CLOCK / 8] ?? 0) - seen;
}

export function readHistogram(region: Region, offset: number, buckets: number): HistogramCells | undefined {
  return readCells(region, region.layout.histogramTotals + offset, buckets);
}

/** Of the histogram that begins at an address. */
export function readCells(region: Region, address: number, buckets: number): HistogramCells | undefined {
  const at = address / 8;
  const { f64 } = region;
  const count = f64[at] ?? 0;
  // -0: it exists, without a record.
  if (Object.is(count, 0)) return undefined;
  const first = at + words.HISTOGRAM_HEAD_SIZE / 8;
  return {
    count: count + 0,
    sum: f64[at + words.HISTOGRAM_SUM / 8] ?? 0,
    min: f64[at + words.HISTOGRAM_MIN / 8] ?? 0,
    max: f64[at + words.HISTOGRAM_MAX / 8] ?? 0,
    counts: Array.from(f64.subarray(first, first + buckets)),
  };
}
