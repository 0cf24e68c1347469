// Collections of one thread, one after the other. Readers that ask in the same moment share one swap: each reads the same
// cut. One per thread and store.
import { setImmediate } from 'node:timers/promises';
import { signHurry } from '../../guard/hurry.js';
import type { CutResult, Swap } from '../../memory/swap.js';

/** As in `Swap.cut`. `isAgain`: somebody lost the right in the attempt before. */
type Read<T> = (right: number, isAgain: boolean) => Promise<T | undefined> | T | undefined;

interface Request {
  readonly read: Read<unknown>;
  readonly settle: (result: CutResult<unknown>) => void;
  readonly fail: (error: unknown) => void;
}

export class CutQueue {
  readonly #swap: Swap;
  readonly #stallDeadlineMillis: number;
  readonly #now: () => number;
  #waiting: Request[] = [];
  #running = false;

  constructor(swap: Swap, stallDeadlineMillis: number, now: () => number) {
    this.#swap = swap;
    this.#stallDeadlineMillis = stallDeadlineMillis;
    this.#now = now;
  }

  /** Rejects with what `read` throws, and should a swap fail, with that. */
  request<T>(read: Read<T>): Promise<CutResult<T>> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ read, settle: result => resolve(result as CutResult<T>), fail: reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      // Whoever asks in this turn of the event loop shares the swap. And the loop turns: all else that a collection of a
      // quiet store waits for has happened, so who collects again and again would let no timer and no message through.
      signHurry();
      await setImmediate();
      const batch = this.#waiting;
      this.#waiting = [];
      // Whatever happens to one batch, those who ask later get their turn.
      await this.#runBatch(batch).catch((error: unknown) => batch.forEach(({ fail }) => fail(error)));
    }
    this.#running = false;
  }

  async #runBatch(batch: readonly Request[]): Promise<void> {
    let outcomes: Outcome[] = [];
    let attempts = 0;
    const result = await this.#swap.cut(
      async right => {
        outcomes = [];
        const isAgain = attempts++ > 0;
        for (const { read } of batch) {
          const outcome = await attempt(() => read(right, isAgain));
          if (outcome.value === undefined && !outcome.failed) return undefined;
          outcomes.push(outcome);
        }
        return outcomes;
      },
      { stallDeadlineMillis: this.#stallDeadlineMillis, now: this.#now },
    );
    batch.forEach(({ settle, fail }, index) => {
      const outcome = outcomes[index];
      if (outcome?.failed === true) fail(outcome.value);
      else settle({ ...result, value: result.value === undefined ? undefined : outcome?.value });
    });
  }
}

interface Outcome {
  readonly failed: boolean;
  readonly value: unknown;
}

/** A reader that throws must not keep the right, nor spoil the others' collection. */
async function attempt(read: () => unknown): Promise<Outcome> {
  try {
    return { failed: false, value: await read() };
  } catch (error) {
    return { failed: true, value: error };
  }
}
