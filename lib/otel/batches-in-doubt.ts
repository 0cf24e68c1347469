// Batches whose deadline passed without an answer: whether they arrive nobody knows, so they are not sent again before the
// exporter says that they did not. One thread.
import { BoundedMap } from '../guard/bounded-map.js';
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

interface Doubt {
  readonly batch: Batch;
  /** Resolves when the exporter has answered. */
  readonly settled: Promise<void>;
}

export class BatchesInDoubt {
  readonly #options: BatchesInDoubtOptions;
  readonly #doubts = new BoundedMap<object, Doubt>(IN_DOUBT_MAX);

  constructor(options: BatchesInDoubtOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#doubts.size;
  }

  /** @param answer settles when the exporter answers, if ever. */
  add(batch: Batch, answer: Promise<void>): void {
    const deltas = { foreign: deltasOf(batch.foreign), own: deltasOf(batch.own) };
    if (deltas.foreign.length + deltas.own.length === 0) return;
    const key = {};
    const settled = answer.then(
      () => void this.#forget(key),
      () => {
        const failed = this.#forget(key);
        if (failed !== undefined) this.#options.onLateFailure(failed);
      },
    );
    if (this.#doubts.set(key, { batch: deltas, settled }))
      this.#options.onGiveUp(`the exporter owes answers to more than ${IN_DOUBT_MAX} exports`);
  }

  /** A newer batch is on its way: the gauges in it are newer than those in doubt. */
  supersede({ foreign, own }: Batch): void {
    for (const [key, { batch, settled }] of this.#doubts)
      this.#doubts.set(key, {
        batch: {
          foreign: withoutGaugesOf(batch.foreign, foreign),
          own: withoutGaugesOf(batch.own, own),
        },
        settled,
      });
  }

  /** Resolves when every batch has its answer. */
  async answered(): Promise<void> {
    await Promise.all([...this.#doubts.values()].map(({ settled }) => settled));
  }

  giveUpAll(reason: string): void {
    for (const key of [...this.#doubts.keys()]) {
      this.#forget(key);
      this.#options.onGiveUp(reason);
    }
  }

  #forget(key: object): Batch | undefined {
    const doubt = this.#doubts.get(key);
    this.#doubts.delete(key);
    return doubt?.batch;
  }
}
