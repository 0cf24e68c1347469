// The places of delta readers: what was recorded since each of them last collected. What the steps guarantee, and why:
// swap.ts, point 11.
import { DRAIN_STEPS } from '../limits.js';
import { LifeSign } from './life-sign.js';
import type { Region } from './region.js';
import { readCells, readScalar, type HistogramCells } from './totals.js';
import * as words from './words.js';

export class Plane {
  readonly index: number;
  readonly #region: Region;
  readonly #line: number;

  constructor(region: Region, index: number) {
    this.index = index;
    this.#region = region;
    this.#line = words.PLANES + index * words.PLANE_SIZE;
  }

  /** Takes the place if it is free. Returns the number of the lease, or 0. Any thread, without the right. */
  claim(now: number): number {
    return this.#region.kernel.claimPlane(this.#line, now);
  }

  /** The number of the lease, 0 while the place is free. */
  lease(): number {
    const lease = Atomics.load(this.#region.i64, (this.#line + words.PLANE_LEASE) / 8);
    return Number(lease & BigInt(words.LEASE_STATE_MASK)) === words.LEASED ? Number(lease >> 32n) : 0;
  }

  /** Gives the place back, if its reader last collected before a time. Any thread, without the right. */
  endLease(lease: number, before = Infinity): boolean {
    return this.#region.kernel.endLease(this.#line, lease, before) !== 0;
  }

  /** What tells whether the thread that has the lease lives. */
  lifeSign(lease: number): LifeSign {
    return new LifeSign(this.#region, (this.#line + words.PLANE_LIVES) / 4, lease);
  }

  /** Under the right: whether drains add to the place for this lease. They begin to with the first cut after the claim. */
  serves(lease: number): boolean {
    return this.#region.i32[(this.#line + words.PLANE_SERVED) / 4] === lease;
  }

  /** Under the right: when the cut was made with which the first one begins that the place has; 0: there was none. */
  since(): number {
    return this.#region.f64[(this.#line + words.PLANE_SINCE) / 8] ?? 0;
  }

  /**
   * Under the right: makes what was recorded until this cut readable. What was sealed before is forgotten if it `arrived`,
   * else it comes again. Returns LOST (the right), DONE, or MORE: the lease is over.
   */
  seal(right: number, lease: number, arrived: boolean, now: number): number {
    const how = arrived ? words.DROP : words.MERGE;
    if (this.serves(lease) && !this.#empty(right, this.#active() ^ 1, how)) return words.LOST;
    return this.#region.kernel.sealHalf(right, this.#line, lease, now);
  }

  /** Under the right: empties the place if a former reader left something in it. Returns false when the right was lost. */
  clear(right: number): boolean {
    if (!this.serves(words.SERVED_LEFT_OVER)) return true;
    return [0, 1].every(half => this.#empty(right, half, words.DROP_LEFT_OVER));
  }

  /** Which of the two halves is the sealed one. By the reader that has the lease. */
  sealedHalf(): number {
    return this.#active() ^ 1;
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

  #empty(right: number, half: number, how: number): boolean {
    let answer = words.MORE;
    while (answer === words.MORE)
      answer = this.#region.kernel.emptyHalf(right, this.#line, half, how, DRAIN_STEPS);
    return answer === words.DONE;
  }
}

export function planesOf(region: Region): Plane[] {
  return Array.from({ length: words.PLANE_COUNT }, (_, index) => new Plane(region, index));
}

/** Under the right, between two drains. Returns false when the right was lost. */
export function clearLeftOvers(region: Region, right: number): boolean {
  return planesOf(region).every(plane => plane.clear(right));
}
