import { MetricStoreError, type ErrorCode } from '../errors.js';
import { withDeadline } from './deadline.js';
import { Turns } from './turns.js';

export interface BoundedCallsOptions {
  /** Of the error when a call is late. */
  readonly lateCode: ErrorCode;
  /** The subject of that error's sentence. */
  readonly what: string;
  /** Whether the next call is answered with what a late one came up with: for what nobody would produce again. */
  readonly keepsLate: boolean;
}

/**
 * Calls of foreign code that may hang: one at a time, each waited for until a deadline. One that was late is neither waited
 * for nor called again until it has settled, so it delays one collection and not all, and does not pile up. One thread.
 */
export class BoundedCalls<T> {
  readonly #options: BoundedCallsOptions;
  readonly #turns = new Turns();
  #isLate = false;
  #late: { readonly value: T } | undefined;

  constructor(options: BoundedCallsOptions) {
    this.#options = options;
  }

  /** Rejects with what the call threw, or with the late code. */
  async run(call: () => T | Promise<T>, timeoutMillis: number): Promise<T> {
    const { lateCode, what, keepsLate } = this.#options;
    if (this.#isLate)
      throw new MetricStoreError(
        lateCode,
        `${what} is still busy with an earlier collection, and is not asked again until it has answered`,
      );
    const late = this.#late;
    this.#late = undefined;
    if (late !== undefined) return late.value;
    let hasSettled = false;
    const settle = (answer?: { readonly value: T }): void => {
      hasSettled = true;
      if (this.#isLate && keepsLate) this.#late = answer;
      this.#isLate = false;
    };
    const work = this.#turns.take(call);
    work.then(
      value => settle({ value }),
      () => settle(),
    );
    try {
      return await withDeadline(work, timeoutMillis, lateCode, what);
    } catch (error) {
      this.#isLate = !hasSettled;
      throw error;
    }
  }
}
