import { LimitError, LIST_LENGTH_MAX } from './evaluation-limits.js';
import type { Meter } from './evaluation-limits.js';

/** Of one metric, each time that it is emitted: some tens of milliseconds at most. */
export const STEPS_MAX = 250_000;
/** Of all metrics that are emitted for one object. */
export const OBJECT_STEPS_MAX = 1_000_000;

/** Of compiling all metrics of one object. */
export const COMPILE_STEPS_MAX = 2_000_000;

/** Keys that are remembered for one object: no more than is kept of what they stand for. */
const PAID_MAX = 128;
/** Steps for what was paid already. */
const AGAIN = 16;

/** The time of the machine. */
const MACHINE = { now: () => Date.now() };

/**
 * What expressions, `when` and long texts may cost. They come from users, and a metric is emitted on the thread that
 * records. Counted in steps and not in time, so that one input always has one outcome.
 */
export class Budget implements Meter {
  readonly #clock: { now(): number };
  /** Steps of all metrics together. */
  readonly max: number;
  #object: number;
  #metric = STEPS_MAX;
  #paid: Set<string> | undefined;

  constructor(clock: { now(): number } = MACHINE, objectMax: number = OBJECT_STEPS_MAX) {
    this.#clock = clock;
    this.max = objectMax;
    this.#object = objectMax;
  }

  /** From here on it is another object's. */
  restart(): void {
    this.#object = this.max;
    this.#paid = undefined;
  }

  /** From here on it is another metric's. */
  startMetric(): void {
    this.#metric = STEPS_MAX;
  }

  /** What it was made with is spent, and another metric can have nothing of it. */
  get isSpent(): boolean {
    return !(this.#object >= 0);
  }

  /** @throws LimitError when nothing is left. */
  spend(steps: number): void {
    this.#metric -= steps;
    if (!(this.#metric >= 0)) throw new LimitError(`evaluation takes more than ${STEPS_MAX} steps`);
    this.#object -= steps;
    if (this.#object >= 0) return;
    throw new LimitError(`evaluation of the metrics of one object takes more than ${this.max} steps`);
  }

  /** For what is kept when it is made once. @throws LimitError */
  spendOnce(key: string, steps: number): void {
    this.#paid ??= new Set();
    if (this.#paid.has(key)) return this.spend(AGAIN);
    if (this.#paid.size < PAID_MAX) this.#paid.add(key);
    this.spend(steps);
  }

  /** Before a list of this length is made. */
  spendList(length: number): void {
    // The words are expr-lang's, whose limit is a million.
    if (length > LIST_LENGTH_MAX) throw new LimitError('memory budget exceeded');
    this.spend(length);
  }

  now(): number {
    return this.#clock.now();
  }
}
