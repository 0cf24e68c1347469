// What follows when a collector thread has ended by itself: whether there is another one, after which pause, and what is said
// of it. A row of failures ends when a thread has lived for a while. One per keeper.
import { diag } from '../guard/guarded-diag.js';
import { textOf } from '../guard/thrown.js';
import type { ResolvedCollectorOptions } from './collector-options.js';

/** Causes of a row of failures that are said, each of them once. */
const CAUSES_MAX = 8;

export interface EndedThread {
  readonly cause: unknown;
  /** Milliseconds since it was ready; 0: it never was. */
  readonly livedFor: number;
  /** Batches of deltas that nobody knows the fate of. */
  readonly lost: number;
}

export class FailureRow {
  readonly #restart: ResolvedCollectorOptions['restart'];
  #failures = 0;
  readonly #saidCauses = new Set<string>();

  /** @param restart undefined: there is never another one */
  constructor(restart: ResolvedCollectorOptions['restart']) {
    this.#restart = restart;
  }

  /** Milliseconds until the next thread begins; undefined: there is none. */
  add({ cause, livedFor, lost }: EndedThread): number | undefined {
    const restart = this.#restart;
    if (livedFor >= (restart?.delayMaxMillis ?? Infinity)) {
      this.#failures = 0;
      this.#saidCauses.clear();
    }
    this.#failures++;
    const delay =
      restart === undefined || this.#failures > restart.failuresMax
        ? undefined
        : Math.min(restart.delayMinMillis * 2 ** (this.#failures - 1), restart.delayMaxMillis);
    this.#say(textOf(cause), delay === undefined, lost);
    return delay;
  }

  /** Each cause once for a row of failures; what is lost is said each time. */
  #say(cause: string, isOver: boolean, lost: number): void {
    const isNew = !this.#saidCauses.has(cause) && this.#saidCauses.size < CAUSES_MAX;
    if (isNew) this.#saidCauses.add(cause);
    if (!isNew && !isOver && lost === 0) return;
    const next = isOver ? 'and is not started again' : 'and is started again';
    const given =
      lost === 0 ? '' : `; batches of deltas whose fate nobody knows, and that are given up: ${lost}`;
    diag.error(`otel-argo-metrics: the collector thread ended, ${next}: ${cause}${given}`);
  }
}
