// Whether the watches go on, and whether all that there was is known: of all namespaces together, from what each says of its steps.
import type { ListWatchStep } from '../kubernetes/list-watch.js';
import { monotonicMillis } from '../waiting.js';

/** Each wait of a watch says how long it may be. What does not go on for so long after it stands still. */
const STILL_MILLIS = 300_000;

/** One watch. */
export class WatchPulse {
  /** Whose it is, for people. */
  readonly where: string;
  readonly #now: () => number;
  #heardAt: number;
  #goesOnAt: number;
  #isConnected = false;
  #isKnown = false;
  /** Since something may have been missed. Undefined: nothing is. */
  #behindSince: number | undefined;

  constructor(where: string, now: () => number) {
    this.where = where;
    this.#now = now;
    this.#behindSince = this.#heardAt = this.#goesOnAt = now();
  }

  readonly step = (step: ListWatchStep): void => {
    const now = this.#now();
    this.#heardAt = now;
    this.#goesOnAt = now + (step.kind === 'waits' ? step.millisMax : 0);
    if (step.kind === 'connected') this.#isConnected = true;
    else if (step.kind === 'caughtUp') this.#isKnown = true;
    else if (step.kind === 'disconnected') this.#isConnected = false;
    this.#behindSince = this.#isConnected && this.#isKnown ? undefined : (this.#behindSince ?? now);
  };

  /** All that there was when it began was seen. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  get lagMillis(): number {
    return this.#behindSince === undefined ? 0 : this.#now() - this.#behindSince;
  }

  /** For how long nothing is heard, when that is too long; else 0. */
  get stillMillis(): number {
    const now = this.#now();
    return now - this.#goesOnAt > STILL_MILLIS ? now - this.#heardAt : 0;
  }
}

export class WatchHealth {
  readonly #now: () => number;
  #pulses: readonly WatchPulse[] | undefined;
  #ends: readonly AbortSignal[] = [];

  /** @param now milliseconds of a time that only goes on */
  constructor(now = monotonicMillis) {
    this.#now = now;
  }

  /**
   * What was kept is there again, and the watches begin.
   *
   * @param ends aborted when they end
   */
  begin(places: readonly string[], ends: readonly AbortSignal[]): readonly WatchPulse[] {
    this.#ends = ends;
    return (this.#pulses = places.map(where => new WatchPulse(where, this.#now)));
  }

  /** Why it should be started again; undefined while it goes on. */
  readonly stillReason = (): string | undefined => {
    // Whoever answers does not stand still.
    const still = this.#pulses?.find(({ stillMillis }) => stillMillis > 0);
    if (still === undefined) return undefined;
    const seconds = Math.round(still.stillMillis / 1000);
    return `the watch of workflows of ${still.where} stands still: nothing of it was heard for ${seconds} s`;
  };

  /** Why not everything is shown; undefined once it is, until it ends. */
  readonly unreadyReason = (): string | undefined => {
    if (this.#pulses === undefined) return 'what was counted before is not there yet';
    if (this.#ends.some(({ aborted }) => aborted)) return 'it ends';
    const missing = this.#pulses.find(({ isKnown }) => !isKnown);
    return missing && `not all workflows of ${missing.where} are known yet`;
  };

  /** Of the watch that is farthest behind. */
  get lagMillis(): number {
    let longest = 0;
    for (const { lagMillis } of this.#pulses ?? []) longest = Math.max(longest, lagMillis);
    return longest;
  }
}
