import type { Attributes, Context, Counter, UpDownCounter } from '@opentelemetry/api';
import type { Recorder } from '../memory/recorder.js';
import type { SeriesHandle } from '../store/record/series-handle.js';
import { heldHandlesOf, removeAll, removeFrom, type StreamWriter } from '../store/record/stream-writer.js';
import { refuseValue, takenOf, type ValueRules } from './measurement.js';

/** A sum that is resolved to its series: about ten nanoseconds an add, from the thread that bound it. */
export interface BoundSum {
  /** Never throws, never waits for the collector. */
  add(value: number): void;
}

/** A counter of a store. Any thread that attached the store may have its own; they add to the same series. */
export interface BufferedCounter<T extends Attributes = Attributes> extends Counter<T> {
  /**
   * Resolves the attributes once, for this thread. The cardinality limit is decided now, and again when a series that expired
   * or was removed gave its place back.
   */
  bind(attributes?: T): BoundSum;
  /**
   * Lets the series of these attributes exist from now on, with 0 until something is added: so the first `add` is an increase.
   * Changes nothing of a series that has a value. Never throws, never waits for the collector.
   */
  init(attributes?: T): void;
  /**
   * Takes the series of these attributes out of what is collected: for what will not come again, such as a user who left. Its
   * place in the limit is free at once, for any thread; its slot after the next collections. A later record begins a new
   * series, with a new start time, also through a handle that was bound before. What was recorded until now still reaches
   * readers of deltas; a reader of totals does not see any more what it has not collected yet. In a View that leaves
   * attributes out, the series goes that this set shares with others.
   *
   * @returns whether these attributes had a series of their own: not one of the overflow series, and not for a View whose
   * attributes processor failed. Never throws. Any thread; does not wait for collections
   */
  remove(attributes?: T): boolean;
  /** Removes all series but the overflow series, as {@link BufferedCounter.remove} does. Returns how many there were. */
  clear(): number;
}

/** An up-down counter of a store; see {@link BufferedCounter}. */
export interface BufferedUpDownCounter<T extends Attributes = Attributes> extends UpDownCounter<T> {
  /** Resolves the attributes once, for this thread. */
  bind(attributes?: T): BoundSum;
  /** Lets the series of these attributes exist from now on, with 0; see {@link BufferedCounter.init}. */
  init(attributes?: T): void;
  /** Takes the series of these attributes out of what is collected; see {@link BufferedCounter.remove}. */
  remove(attributes?: T): boolean;
  /** Removes all series but the overflow series. Returns how many there were. */
  clear(): number;
}

export class SumInstrument<T extends Attributes> implements BufferedCounter<T>, BufferedUpDownCounter<T> {
  readonly #rules: ValueRules;
  readonly #recorder: Recorder;
  readonly #writers: readonly StreamWriter[];

  constructor(rules: ValueRules, writers: readonly StreamWriter[]) {
    this.#rules = rules;
    this.#recorder = rules.core.recorder;
    this.#writers = writers;
  }

  add(value: number, attributes?: T, context?: Context): void {
    const taken = takenOf(this.#rules, value);
    if (taken === undefined) return;
    for (const writer of this.#writers) {
      const series = writer.handleOf(attributes, context);
      if (series !== undefined) this.#recorder.add(series, taken);
    }
  }

  init(attributes?: T): void {
    this.add(0, attributes);
  }

  remove(attributes?: T): boolean {
    return removeFrom(this.#writers, attributes);
  }

  clear(): number {
    return removeAll(this.#writers);
  }

  bind(attributes?: T): BoundSum {
    const handles = heldHandlesOf(this.#writers, attributes);
    const [series] = handles;
    if (handles.length !== 1 || series === undefined) return new BoundToSeveral(this.#rules, handles);
    const { isInteger } = this.#rules;
    return isInteger ? new BoundToOneInteger(this.#rules, series) : new BoundToOne(this.#rules, series);
  }
}

class BoundToOne implements BoundSum {
  readonly #rules: ValueRules;
  readonly #recorder: Recorder;
  readonly #series: SeriesHandle;
  readonly #min: number;

  constructor(rules: ValueRules, series: SeriesHandle) {
    this.#rules = rules;
    this.#recorder = rules.core.recorder;
    this.#series = series;
    this.#min = rules.min;
  }

  add(value: number): void {
    if (typeof value === 'number' && value >= this.#min && value < Infinity)
      this.#recorder.add(this.#series, value);
    else refuseValue(this.#rules, value);
  }
}

/** An instrument that feeds several Views, or none: the streams of one record are not one atomic unit. */
class BoundToSeveral implements BoundSum {
  readonly #rules: ValueRules;
  readonly #recorder: Recorder;
  readonly #handles: readonly SeriesHandle[];

  constructor(rules: ValueRules, handles: readonly SeriesHandle[]) {
    this.#rules = rules;
    this.#recorder = rules.core.recorder;
    this.#handles = handles;
  }

  add(value: number): void {
    const taken = takenOf(this.#rules, value);
    if (taken === undefined) return;
    for (const series of this.#handles) this.#recorder.add(series, taken);
  }
}

/** A sum of integers. A class of its own, so that no other asks what it is while it adds. */
class BoundToOneInteger implements BoundSum {
  readonly #rules: ValueRules;
  readonly #recorder: Recorder;
  readonly #series: SeriesHandle;
  readonly #min: number;

  constructor(rules: ValueRules, series: SeriesHandle) {
    this.#rules = rules;
    this.#recorder = rules.core.recorder;
    this.#series = series;
    this.#min = rules.min;
  }

  add(value: number): void {
    if (Number.isSafeInteger(value) && value >= this.#min) return this.#recorder.add(this.#series, value);
    const taken = takenOf(this.#rules, value);
    if (taken !== undefined) this.#recorder.add(this.#series, taken);
  }
}
