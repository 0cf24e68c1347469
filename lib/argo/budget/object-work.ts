import { Budget, OBJECT_STEPS_MAX } from './budget.js';

/** Steps of the object's budget for each of its nodes beyond what any object has. */
const STEPS_OF_NODE = 100;
/** Templates that are filled in and series that are looked up for one object, at least. */
const PLAIN_STEPS_MIN = 1_000_000;
const PLAIN_STEPS_OF_NODE = 200;

/**
 * What emitting for one object may cost: one call of `emit`, or all nodes of one Workflow object. A metric that was too dear
 * is not emitted again for this object, so that the others come to their turn.
 */
export class ObjectWork {
  readonly budget: Budget;
  readonly #clock: { now(): number };
  #compileBudget: Budget | undefined;
  #stopped: Set<object> | undefined;
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
    this.#plainSteps = PLAIN_STEPS_MIN;
  }

  /** What compiling the metrics of the object may cost. */
  get compileBudget(): Budget {
    return (this.#compileBudget ??= new Budget(this.#clock));
  }

  /** False when the metric is not to be emitted again. */
  start(metric: object): boolean {
    if (this.#stopped?.has(metric) === true) return false;
    this.budget.startMetric();
    return true;
  }

  stop(metric: object): void {
    this.#stopped ??= new Set();
    this.#stopped.add(metric);
  }

  /** For what no expression is needed. False when nothing is left. */
  spendPlain(steps: number): boolean {
    this.#plainSteps -= steps;
    return this.#plainSteps >= 0;
  }
}
