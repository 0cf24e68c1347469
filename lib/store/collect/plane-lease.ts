// The place of one delta reader in shared memory. Belongs to one reader; called from its thread only.
import { MetricStoreError } from '../../errors.js';
import type { LifeSign } from '../../memory/life-sign.js';
import type { Fate, Progress } from '../../memory/collector-state.js';
import { planesOf, type Plane } from '../../memory/planes.js';
import type { Region } from '../../memory/region.js';
import { DONE, LOST, PLANE_COUNT } from '../../memory/words.js';

export interface LeaseOptions {
  /** Unix milliseconds. */
  readonly now: number;
  /** How long a reader may go without a collection before it loses its place to one that has none. */
  readonly leaseMillis: number;
  /** Whether other threads may want the place, and so ask whether this one lives. */
  readonly shared: boolean;
}

/** A lease that another thread lives for, and goes on when the one that uses it has ended. Plain data. */
export interface LeaseToken {
  /** Index of the place. */
  readonly plane: number;
  readonly number: number;
}

/** Where a lease notes how far it came, for a thread that goes on with it. */
export interface LeaseNotes {
  progress: Progress;
  /** How many batches have left the place and did not arrive: they are lost with the thread. */
  owes(batches: number): void;
}

/** `lost`: the right. `empty`: there is nothing to read, because the lease is over or the place is not served yet. */
export type Sealed = 'sealed' | 'empty' | 'lost';

export class PlaneLease {
  readonly plane: Plane;
  readonly #number: number;
  readonly #sign: LifeSign | undefined;
  #arrived = true;
  #isReleased = false;
  #from = -Infinity;
  #until: number | undefined;
  #notes: LeaseNotes | undefined;

  private constructor(plane: Plane, number: number, sign: LifeSign | undefined) {
    this.plane = plane;
    this.#number = number;
    this.#sign = sign;
    sign?.begin();
  }

  /**
   * Goes on with a lease, from where it came to in another thread. What that one sealed and nobody knows of comes again,
   * unless it was handed to an exporter.
   */
  static inherit(region: Region, { plane: index, number }: LeaseToken, notes: LeaseNotes): PlaneLease {
    const plane = planesOf(region)[index];
    if (plane === undefined) throw new MetricStoreError('IMPOSSIBLE', `a store has no place ${index}`);
    const lease = new PlaneLease(plane, number, undefined);
    lease.#notes = notes;
    const { half, fate, from, until } = notes.progress;
    // A thread that ended between sealing and the note about it left the halves turned: what is sealed now nobody has.
    const isNoted = until !== 0 && plane.sealedHalf() === half;
    lease.#arrived = isNoted && fate !== 'kept';
    if (until === 0) return lease;
    lease.#from = isNoted || fate === 'kept' ? from : until;
    lease.#until = until;
    // At once, so that the halves are told apart also when this thread ends between the two.
    lease.#note(lease.#arrived ? 'arrived' : 'kept');
    return lease;
  }

  /** For another thread, which uses the place while this one lives for it. */
  get token(): LeaseToken {
    return { plane: this.plane.index, number: this.#number };
  }

  /**
   * Takes a place, at once, whatever others are doing: a free one, one whose thread has ended, or one whose reader was idle
   * for too long. It has everything from the last cut on that was made before.
   *
   * @throws MetricStoreError TOO_MANY_DELTA_READERS when all places are taken by readers that still collect
   */
  static take(region: Region, { now, leaseMillis, shared }: LeaseOptions): PlaneLease {
    const planes = planesOf(region);
    const isFree = (plane: Plane): boolean => plane.lease() === 0;
    const endDead = (plane: Plane): boolean => {
      const number = plane.lease();
      return plane.lifeSign(number).isDead() && plane.endLease(number);
    };
    const endIdle = (plane: Plane): boolean => plane.endLease(plane.lease(), now - leaseMillis);
    for (const makesRoom of [isFree, endDead, endIdle])
      for (const plane of planes) {
        const number = makesRoom(plane) ? plane.claim(now) : 0;
        if (number !== 0) return new PlaneLease(plane, number, shared ? plane.lifeSign(number) : undefined);
      }
    throw new MetricStoreError(
      'TOO_MANY_DELTA_READERS',
      `a store has places for ${PLANE_COUNT} readers with delta temporality, and all are taken by readers that collected within the last ` +
        `${leaseMillis} ms (readerLeaseMillis): shut one down, or use cumulative temporality`,
    );
  }

  /** Whether the place was given to another reader because this one was idle for too long. */
  isLost(): boolean {
    return this.plane.lease() !== this.#number;
  }

  /** Under the right: what was recorded until this cut can be read from the plane. */
  seal(right: number, now: number): Sealed {
    const answer = this.plane.seal(right, this.#number, this.#arrived, now);
    if (answer === LOST) return 'lost';
    if (answer !== DONE || !this.plane.serves(this.#number)) return 'empty';
    const from = this.#until ?? (this.plane.since() || -Infinity);
    if (this.#arrived || this.#until === undefined) this.#from = from;
    this.#until = Math.max(now, from);
    // From here on what was sealed comes again unless somebody says that it arrived.
    this.#arrived = false;
    this.#note('kept');
    return 'sealed';
  }

  /** An exporter is about to have what is sealed. */
  handOver(): void {
    if (!this.#arrived) this.#note('handed');
  }

  /** No exporter has it after all. */
  takeBack(): void {
    if (!this.#arrived) this.#note('kept');
  }

  #note(fate: Fate): void {
    if (this.#notes === undefined) return;
    const { from, until } = this.interval;
    this.#notes.progress = { half: this.plane.sealedHalf(), fate, from, until };
  }

  /**
   * When what is sealed begins and ends, Unix milliseconds. The next interval begins where this one ends, or comes again
   * with it; a clock that goes back makes none that ends before it begins. `from` is -Infinity if there was no cut before.
   */
  get interval(): { readonly from: number; readonly until: number } {
    return { from: this.#from, until: this.#until ?? -Infinity };
  }

  acknowledge(): void {
    this.#arrived = true;
    this.#note('arrived');
  }

  /** Whether the reader gave the place back itself. */
  get isReleased(): boolean {
    return this.#isReleased;
  }

  release(): void {
    this.#isReleased = true;
    if (this.plane.endLease(this.#number)) this.#sign?.end();
  }
}
