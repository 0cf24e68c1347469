import { unref } from '../guard/deadline.js';
import { ApiError } from './api-error.js';
import { BackOff } from './back-off.js';

/** Rights are given by people, and take effect when they do. */
const REFUSED_MILLIS = 10_000;
/** Who was never let in for so long gives up: most likely the rights were forgotten. */
const REFUSED_MAX_MILLIS = 60_000;

/** Waits so long, or until the signal says that it is over. */
export type Pause = (millis: number, signal: AbortSignal) => Promise<void>;

export interface Failure {
  readonly verb: 'list' | 'get' | 'watch';
  readonly error: unknown;
  /** Until it is tried again. */
  readonly waitMillis: number;
}

export interface RetriesOptions {
  /** Told of each failure that is tried again. */
  readonly onFailure: (failure: Failure) => void;
  /** Asks for other credentials; whether there are some. */
  readonly refused: () => Promise<boolean>;
  readonly pause?: Pause;
  /** As `Math.random`. */
  readonly random?: () => number;
}

/** What follows a failure: a wait, or the end. */
export class Retries {
  readonly #options: RetriesOptions;
  readonly #pause: Pause;
  readonly #backOff: BackOff;
  #hasBegun = false;
  #refusedMillis = 0;

  constructor(options: RetriesOptions) {
    this.#options = options;
    this.#pause = options.pause ?? pauseFor;
    this.#backOff = new BackOff(options.random ?? Math.random);
  }

  /** Something came. */
  succeeded(): void {
    this.#backOff.succeeded();
    this.#refusedMillis = 0;
  }

  /** A list follows, of a server that answers: what was before is over, and the longer it waits, the more it will not have seen. */
  gap(): void {
    this.#backOff.succeeded();
  }

  /** Everything was allowed once. From now on nothing is given up: rights may be away for a while. */
  begun(): void {
    this.#hasBegun = true;
  }

  /**
   * Waits until it may be tried again. Rejects with the error when there is no use in trying.
   */
  async failed(verb: Failure['verb'], error: unknown, signal: AbortSignal): Promise<void> {
    const waitMillis = await this.#waitAfter(error);
    if (waitMillis === undefined) throw error;
    this.#options.onFailure({ verb, error, waitMillis });
    if (waitMillis > 0) await this.#pause(waitMillis, signal);
  }

  async #waitAfter(error: unknown): Promise<number | undefined> {
    if (!(error instanceof ApiError)) return this.#backOff.next();
    if (!error.isRefusal) return this.#backOff.next(error.retryAfterMillis);
    if (error.status === 401 && (await this.#hasOthers())) return 0;
    if (!this.#hasBegun && this.#refusedMillis >= REFUSED_MAX_MILLIS) return undefined;
    const waitMillis = Math.max(REFUSED_MILLIS, error.retryAfterMillis);
    this.#refusedMillis += waitMillis;
    return waitMillis;
  }

  async #hasOthers(): Promise<boolean> {
    try {
      return await this.#options.refused();
    } catch {
      return false; // What cannot be read now is read again before the next request, which says why.
    }
  }
}

export const pauseFor: Pause = (millis, signal) =>
  new Promise(resolve => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, millis);
    unref(timer);
    signal.addEventListener('abort', end);
  });
