/*
 * The place of one delta reader in shared memory. Belongs to one reader; called from its thread only.
 */
import { MetricStoreError } from '../errors.js';
import type { Region } from '../memory/region.js';
import type { Swap } from '../memory/swap.js';
import { lastCutAt, Plane } from '../memory/totals.js';
import { PLANE_COUNT } from '../memory/words.js';

/** Another collecting thread holds the right for a step at a time; it is free again within this many tries. */
const RECLAIM_TRIES = 1000;

export class PlaneLease {
  readonly plane: Plane;
  readonly #generation: number;
  #arrived = true;
  #isReleased = false;
  #startOfSealed: number;
  #sealedAt: number;

  private constructor(plane: Plane, generation: number, since: number) {
    this.plane = plane;
    this.#generation = generation;
    this.#startOfSealed = since;
    this.#sealedAt = since;
  }

  /** @throws MetricStoreError TOO_MANY_DELTA_READERS when all places are taken by readers that still collect */
  static take(region: Region, swap: Swap, now: number, leaseMillis: number): PlaneLease {
    const planes = Array.from({ length: PLANE_COUNT }, (_, index) => new Plane(region, index));
    const since = lastCutAt(region) || now;
    for (const reclaim of [false, true]) {
      if (reclaim) {
        const step = (right: number): void => planes.forEach(plane => plane.reclaim(right, now, leaseMillis));
        for (let tries = 0; tries < RECLAIM_TRIES && !swap.tryUnderRight(step); tries++);
      }
      for (const plane of planes) {
        const generation = plane.tryLease(now);
        if (generation !== 0) return new PlaneLease(plane, generation, since);
      }
    }
    throw new MetricStoreError(
      'TOO_MANY_DELTA_READERS',
      `a store has places for ${PLANE_COUNT} readers with delta temporality, and all are taken by readers that collected within the last ` +
        `${leaseMillis} ms (readerLeaseMillis): shut one down, or use cumulative temporality`,
    );
  }

  /**
   * Under the right: empties the places that were given back. An idle series keeps its slot while a place has something of
   * it, and nobody will ever collect that.
   */
  static emptyReturned(region: Region, right: number): void {
    for (let index = 0; index < PLANE_COUNT; index++) new Plane(region, index).reclaim(right, 0, Infinity);
  }

  /** Whether the place was given to another reader because this one was idle for too long. */
  isLost(): boolean {
    return !this.plane.isLeasedAs(this.#generation);
  }

  /** Under the right. Returns the start time of what can be read now, or undefined when the right was lost. */
  seal(right: number, now: number): number | undefined {
    if (!this.plane.seal(right, this.#arrived)) return undefined;
    if (this.#arrived) this.#startOfSealed = this.#sealedAt;
    // From here on what was sealed comes again unless somebody says that it arrived.
    this.#arrived = false;
    this.#sealedAt = now;
    this.plane.touch(now);
    return this.#startOfSealed;
  }

  acknowledge(): void {
    this.#arrived = true;
  }

  /** Whether the reader gave the place back itself. */
  get isReleased(): boolean {
    return this.#isReleased;
  }

  release(): void {
    this.#isReleased = true;
    this.plane.release(this.#generation);
  }
}
