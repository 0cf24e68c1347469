/*
 * Batches whose deadline passed without an answer: whether they arrive nobody knows, so they are not sent again before the
 * exporter says that they did not. One thread.
 */
import { deltasOf, withoutGaugesOf } from './owed-deltas.js';
import type { Batch } from './batch-splitter.js';

/** With one more, the oldest is given up. */
export const IN_DOUBT_MAX = 8;

export interface BatchesInDoubtOptions {
  /** The exporter says late that it did not deliver. */
  readonly onLateFailure: (batch: Batch) => void;
  /** Called for each batch that is not waited for any more. */
  readonly onGiveUp: (reason: string) => void;
}

export class BatchesInDoubt {
  readonly #options: BatchesInDoubtOptions;
  /** Oldest first. */
  readonly #batches = new Map<object, Batch>();
  readonly #answers = new Map<object, Promise<void>>();

  constructor(options: BatchesInDoubtOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#batches.size;
  }

  /** @param answer settles when the exporter answers, if ever. */
  add(batch: Batch, answer: Promise<void>): void {
    const deltas = { foreign: deltasOf(batch.foreign), own: deltasOf(batch.own) };
    if (deltas.foreign.length + deltas.own.length === 0) return;
    const key = {};
    this.#batches.set(key, deltas);
    const settled = answer.then(
      () => void this.#forget(key),
      () => {
        const failed = this.#forget(key);
        if (failed !== undefined) this.#options.onLateFailure(failed);
      },
    );
    this.#answers.set(key, settled);
    const [oldest] = this.#batches.keys();
    if (this.#batches.size > IN_DOUBT_MAX && oldest !== undefined) {
      this.#forget(oldest);
      this.#options.onGiveUp(`the exporter owes answers to more than ${IN_DOUBT_MAX} exports`);
    }
  }

  /** A newer batch is on its way: the gauges in it are newer than those in doubt. */
  supersede({ foreign, own }: Batch): void {
    for (const [key, batch] of this.#batches)
      this.#batches.set(key, {
        foreign: withoutGaugesOf(batch.foreign, foreign),
        own: withoutGaugesOf(batch.own, own),
      });
  }

  /** Resolves when every batch has its answer. */
  async answered(): Promise<void> {
    await Promise.all(this.#answers.values());
  }

  giveUpAll(reason: string): void {
    for (const key of [...this.#batches.keys()]) {
      this.#forget(key);
      this.#options.onGiveUp(reason);
    }
  }

  #forget(key: object): Batch | undefined {
    const batch = this.#batches.get(key);
    this.#batches.delete(key);
    this.#answers.delete(key);
    return batch;
  }
}
