/*
 * What a drain has moved: totals of all series, and the planes of delta readers. Read only by the holder of the right to
 * collect, between two cuts.
 */
import type { Region } from './region.js';
import { readSlot } from './tables.js';
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
function readScalar(region: Region, address: number): number | undefined {
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

/** Whether a drain has moved something of the series; of a gauge, whether it is there. */
export function hasTotal(region: Region, slot: number): boolean {
  const { cell, histogram } = readSlot(region, slot);
  if (cell === words.CELL_SUM) return readSum(region, slot) !== undefined;
  if (cell === words.CELL_GAUGE) return readGauge(region, slot) !== undefined;
  return region.f64[(region.layout.histogramTotals + histogram) / 8] !== 0;
}

export function readHistogram(region: Region, offset: number, buckets: number): HistogramCells | undefined {
  return readCells(region, region.layout.histogramTotals + offset, buckets);
}

function readCells(region: Region, address: number, buckets: number): HistogramCells | undefined {
  const at = address / 8;
  const { f64 } = region;
  const count = f64[at] ?? 0;
  if (count === 0) return undefined;
  const first = at + words.HISTOGRAM_BUCKETS / 8;
  return {
    count,
    sum: f64[at + words.HISTOGRAM_SUM / 8] ?? 0,
    min: f64[at + words.HISTOGRAM_MIN / 8] ?? 0,
    max: f64[at + words.HISTOGRAM_MAX / 8] ?? 0,
    counts: Array.from(f64.subarray(first, first + buckets)),
  };
}

/** The place of one delta reader: what was recorded since it last collected. */
export class Plane {
  readonly index: number;
  readonly #region: Region;
  readonly #line: number;

  constructor(region: Region, index: number) {
    this.index = index;
    this.#region = region;
    this.#line = words.PLANES + index * words.PLANE_SIZE;
  }

  /** Claims a free place. Returns the lease's generation, or 0. Any thread, without the right. */
  tryLease(now: number): number {
    const state = (this.#line + words.PLANE_STATE) / 4;
    if (Atomics.compareExchange(this.#region.i32, state, 0, 1) !== 0) return 0;
    this.touch(now);
    return Atomics.add(this.#region.i32, (this.#line + words.PLANE_GENERATION) / 4, 1) + 1;
  }

  isLeasedAs(generation: number): boolean {
    const { i32 } = this.#region;
    return (
      Atomics.load(i32, (this.#line + words.PLANE_STATE) / 4) === 1 &&
      Atomics.load(i32, (this.#line + words.PLANE_GENERATION) / 4) === generation
    );
  }

  touch(now: number): void {
    this.#region.f64[(this.#line + words.PLANE_USED_AT) / 8] = now;
  }

  /** Gives the place back; it is emptied by the next holder of the right who wants it. */
  release(generation: number): void {
    if (this.isLeasedAs(generation)) Atomics.store(this.#region.i32, (this.#line + words.PLANE_STATE) / 4, 2);
  }

  /** Under the right: empties a place that was given back, or whose reader was idle for longer than the lease. */
  reclaim(right: number, now: number, leaseMillis: number): void {
    const state = Atomics.load(this.#region.i32, (this.#line + words.PLANE_STATE) / 4);
    const idle = now - (this.#region.f64[(this.#line + words.PLANE_USED_AT) / 8] ?? 0);
    if (state === 0 || (state === 1 && idle <= leaseMillis)) return;
    Atomics.store(this.#region.i32, (this.#line + words.PLANE_STATE) / 4, 2);
    if (this.#empty(right, 0, false) && this.#empty(right, 1, false))
      Atomics.store(this.#region.i32, (this.#line + words.PLANE_STATE) / 4, 0);
  }

  /**
   * Under the right: makes what was recorded until this cut readable by `entries`. What was sealed before is forgotten if
   * it arrived, else it comes again. Returns false when the right was lost.
   */
  seal(right: number, arrived: boolean): boolean {
    return (
      this.#empty(right, this.#active() ^ 1, !arrived) &&
      this.#region.kernel.sealHalf(right, this.#line) !== words.LOST
    );
  }

  /** Slots that have something in the sealed half. */
  slots(): Uint32Array {
    const half = this.#active() ^ 1;
    const log = this.#half(words.PLANE_LOGS, half);
    const length = this.#half(words.PLANE_COUNTS, half);
    return this.#region.u32.subarray(log / 4, log / 4 + length);
  }

  readSum(slot: number): number | undefined {
    return readScalar(this.#region, this.#half(words.PLANE_SCALARS, this.#active() ^ 1) + slot * 8);
  }

  readHistogram(offset: number, buckets: number): HistogramCells | undefined {
    return readCells(this.#region, this.#half(words.PLANE_HISTOGRAMS, this.#active() ^ 1) + offset, buckets);
  }

  #active(): number {
    return this.#region.i32[(this.#line + words.PLANE_ACTIVE) / 4] ?? 0;
  }

  #half(word: number, half: number): number {
    return this.#region.u32[(this.#line + word) / 4 + half] ?? 0;
  }

  #empty(right: number, half: number, merge: boolean): boolean {
    let answer = words.MORE;
    while (answer === words.MORE)
      answer = this.#region.kernel.emptyHalf(right, this.#line, half, merge ? 1 : 0, 8192);
    return answer === words.DONE;
  }
}

/** When the last drained cut was made, Unix milliseconds; 0 before the first. */
export function lastCutAt(region: Region): number {
  return region.f64[words.CUT_AT / 8] ?? 0;
}
