// Foreign code that may hang, and that several collections of a thread ask at a time, each for as long as it wants to wait.
import { MetricStoreError, type ErrorCode } from '../errors.js';
import { monotonicMillis } from '../waiting.js';
import { unref } from './deadline.js';

export interface BoundedCallsOptions {
  /** Of the error when a call is late. */
  readonly lateCode: ErrorCode;
  /** The subject of that error's sentence. */
  readonly what: string;
  /** Whether the next one who asks is answered with what a late call came up with: for what nobody would produce again. */
  readonly keepsLate: boolean;
}

/** What is called, told how long the most patient of those who wait for it does so. */
export type BoundedCall<T> = (timeoutMillis: number) => T | Promise<T>;

interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
  /** In `monotonicMillis`. */
  readonly deadline: number;
}

interface Call<T> {
  readonly make: BoundedCall<T>;
  readonly asker: object | undefined;
  /** Without those who gave up. */
  readonly waiters: Set<Waiter<T>>;
}

/**
 * Calls of foreign code that may hang: one at a time, and whoever asks joins the one of the same asker that has not begun.
 * Each waits until its own deadline, so nobody is cut short by one who is less patient. A call that is older than somebody
 * would wait is neither waited for by them nor made again: it delays one collection of each, and does not pile up. One thread.
 */
export class BoundedCalls<T> {
  readonly #options: BoundedCallsOptions;
  /** When the call that is under way began, in `monotonicMillis`. */
  #begun: number | undefined;
  /** At most one of each asker. */
  #next: Call<T>[] = [];
  #late: { readonly value: T } | undefined;

  constructor(options: BoundedCallsOptions) {
    this.#options = options;
  }

  /**
   * Rejects with what the call threw, or with the late code.
   *
   * @param asker for whom it is: theirs share a call. Undefined: a call of its own
   */
  async run(make: BoundedCall<T>, timeoutMillis: number, asker?: object): Promise<T> {
    const { lateCode, what } = this.#options;
    const now = monotonicMillis();
    if (this.#begun !== undefined && now - this.#begun >= timeoutMillis)
      throw new MetricStoreError(
        lateCode,
        `${what} is still busy with an earlier collection, and is not asked again until it has answered`,
      );
    const late = this.#late;
    this.#late = undefined;
    if (late !== undefined) return late.value;
    const { waiters } = this.#join(make, asker);
    return new Promise<T>((resolve, reject) => {
      const giveUp = (): void => {
        waiters.delete(waiter);
        reject(new MetricStoreError(lateCode, `${what} did not finish within ${timeoutMillis} ms`));
      };
      const waiter = {
        resolve,
        reject,
        timer: setTimeout(giveUp, timeoutMillis),
        deadline: now + timeoutMillis,
      };
      unref(waiter.timer);
      waiters.add(waiter);
    });
  }

  #join(make: BoundedCall<T>, asker: object | undefined): Call<T> {
    const next = asker && this.#next.find(call => call.asker === asker);
    if (next !== undefined) return next;
    const call = { make, asker, waiters: new Set<Waiter<T>>() };
    this.#next.push(call);
    // Not before everybody's code has run who asks in this turn of the event loop: the next tick comes behind all promises.
    if (this.#next.length === 1) void Promise.resolve().then(() => process.nextTick(() => this.#begin()));
    return call;
  }

  #begin(): void {
    if (this.#begun !== undefined) return;
    // Nobody waits any more for one whose turn came too late.
    this.#next = this.#next.filter(({ waiters }) => waiters.size > 0);
    const call = this.#next.shift();
    if (call === undefined) return;
    const now = monotonicMillis();
    this.#begun = now;
    let longest = 1;
    for (const { deadline } of call.waiters) longest = Math.max(longest, deadline - now);
    void this.#make(call, Math.ceil(longest));
  }

  async #make({ make, waiters }: Call<T>, timeoutMillis: number): Promise<void> {
    let settle: (waiter: Waiter<T>) => void;
    try {
      const value = await make(timeoutMillis);
      if (waiters.size === 0 && this.#options.keepsLate) this.#late = { value };
      settle = ({ resolve }) => resolve(value);
    } catch (error) {
      settle = ({ reject }) => reject(error);
    }
    for (const waiter of waiters) {
      clearTimeout(waiter.timer);
      settle(waiter);
    }
    this.#begun = undefined;
    this.#begin();
  }
}
