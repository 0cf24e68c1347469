// Waiting for the tables. A section that changes them lasts some fifty nanoseconds, so whoever finds one under way comes
// again at once. It lasts longer only while the operating system keeps its thread from running, and not for ever: no thread
// ends inside a section (swap.ts, A2). The bound is a defence against a mistake in that argument. Who reaches it is refused
// like somebody who finds the store full: it neither hangs nor throws.
import { ADMISSION_PATIENCE_MILLIS } from '../limits.js';
import type { Region } from './region.js';
import { monotonicMillis } from '../waiting.js';
import { ADMISSION } from './words.js';

const TRIES_PER_LOOK = 2 ** 16;

/** ADMISSION in the section that was waited for in vain. */
const givenUp = new WeakMap<Region, bigint>();

/** The tries of one operation, which may come to nothing because somebody else is changing the tables. */
export class AdmissionTries {
  readonly #region: Region;
  #tries = 0;
  #deadline = Infinity;

  constructor(region: Region) {
    this.#region = region;
  }

  /** Whether to try. The first time always; not again while a section goes on that this thread waited for in vain before. */
  next(): boolean {
    this.#tries++;
    if (this.#tries === 2 && givenUp.has(this.#region)) return !this.#isSameSection();
    if (this.#tries % TRIES_PER_LOOK !== 0) return true;
    const now = monotonicMillis();
    this.#deadline = Math.min(this.#deadline, now + ADMISSION_PATIENCE_MILLIS);
    if (now < this.#deadline) return true;
    givenUp.set(this.#region, this.#word());
    return false;
  }

  #isSameSection(): boolean {
    const word = this.#word();
    return (word & 1n) === 1n && givenUp.get(this.#region) === word;
  }

  #word(): bigint {
    return Atomics.load(this.#region.i64, ADMISSION / 8);
  }
}
