import { Budget, COMPILE_STEPS_MAX, OBJECT_STEPS_MAX } from './budget.js';

/** Steps of the object's budget for each of its nodes beyond what any object has. */
const STEPS_OF_NODE = 100;
/** Templates that are filled in and series that are looked up for one object, at least. */
export const PLAIN_STEPS_MIN = 800_000;
export const PLAIN_STEPS_OF_NODE = 120;
/** What is wrong with one object: more than anybody reads. */
export const DIAGNOSTICS_MAX = 1000;

/**
 * What emitting for one object may cost: one call of `emit`, or all nodes of one Workflow object. A metric that was too dear
 * is not emitted again for this object, so that the others come to their turn.
 */
export class ObjectWork {
  readonly budget: Budget;
  readonly #clock: { now(): number };
  #compileBudget: Budget | undefined;
  #stopped: Set<object> | undefined;
  /** What is left of lists of metrics since the last one was stopped. */
  readonly #remaining = new Map<readonly object[], readonly object[]>();
  #diagnostics = 0;
  #plainSteps: number;

  /** @param nodes what the object has: many metrics of many nodes are no mistake. */
  constructor(clock: { now(): number }, nodes: number) {
    this.#clock = clock;
    this.budget = new Budget(clock, OBJECT_STEPS_MAX + nodes * STEPS_OF_NODE);
    this.#plainSteps = PLAIN_STEPS_MIN + nodes * PLAIN_STEPS_OF_NODE;
  }

  /** For another object without nodes. */
  restart(): void {
    this.budget.restart();
    this.#stopped = undefined;
    this.#remaining.clear();
    this.#diagnostics = 0;
    this.#plainSteps = PLAIN_STEPS_MIN;
  }

  /** What compiling the metrics of the object may cost. */
  get compileBudget(): Budget {
    return (this.#compileBudget ??= new Budget(this.#clock, COMPILE_STEPS_MAX));
  }

  /** Those that may still be emitted. There may be very many for each of very many nodes, so that none is asked again. */
  remaining<T extends object>(metrics: readonly T[]): readonly T[] {
    const stopped = this.#stopped;
    if (!stopped) return metrics;
    const known = this.#remaining.get(metrics) as readonly T[] | undefined;
    if (known) return known;
    const remaining = metrics.filter(metric => !stopped.has(metric));
    this.#remaining.set(metrics, remaining);
    return remaining;
  }

  /** It is not to be emitted again. */
  stop(metric: object): void {
    this.#stopped ??= new Set();
    this.#stopped.add(metric);
    this.#remaining.clear();
  }

  /** Whether another diagnostic is to be told; if not, it is only counted. */
  tells(): boolean {
    this.#diagnostics++;
    return this.#diagnostics <= DIAGNOSTICS_MAX;
  }

  /** How many diagnostics were only counted. */
  get untold(): number {
    return Math.max(0, this.#diagnostics - DIAGNOSTICS_MAX);
  }

  /** For what no expression is needed. False when nothing is left. */
  spendPlain(steps: number): boolean {
    this.#plainSteps -= steps;
    return this.#plainSteps >= 0;
  }
}
