import type { Attributes, Context, Histogram } from '@opentelemetry/api';
import type { SeriesHandle } from '../store/record/series-handle.js';
import type { Recorder } from '../memory/recorder.js';
import { removeAll, removeFrom, type StreamWriter } from '../store/record/stream-writer.js';
import { refuseValue, takenOf, type ValueRules } from './measurement.js';

/** A histogram that is resolved to its series, for the thread that bound it. */
export interface BoundHistogram {
  /** Takes every number from 0 on, and no infinity if the instrument's `valueType` is INT. Never throws, never waits for the collector. */
  record(value: number): void;
}

/** A histogram of a store. Any thread that attached the store may have its own; they record into the same series. */
export interface BufferedHistogram<T extends Attributes = Attributes> extends Histogram<T> {
  /** Resolves the attributes once, for this thread. */
  bind(attributes?: T): BoundHistogram;
  /**
   * Lets the series of these attributes exist from now on, with a count of 0 until something is recorded: so the first record
   * is an increase. Changes nothing of a series that has records. Never throws, never waits for the collector.
   */
  init(attributes?: T): void;
  /** Takes the series of these attributes out of what is collected; see {@link BufferedCounter.remove}. */
  remove(attributes?: T): boolean;
  /** Removes all series but the overflow series. Returns how many there were. */
  clear(): number;
}

/** Where a record goes: a series, and the boundaries of its stream in shared memory. */
interface Target {
  readonly series: SeriesHandle;
  readonly boundariesAddress: number;
  readonly length: number;
}

export class HistogramInstrument<T extends Attributes> implements BufferedHistogram<T> {
  readonly #rules: ValueRules;
  readonly #recorder: Recorder;
  readonly #writers: readonly StreamWriter[];

  constructor(rules: ValueRules, writers: readonly StreamWriter[]) {
    this.#rules = rules;
    this.#recorder = rules.core.recorder;
    this.#writers = writers;
  }

  record(value: number, attributes?: T, context?: Context): void {
    const taken = takenOf(this.#rules, value);
    if (taken === undefined) return;
    for (const writer of this.#writers) {
      const series = writer.handleOf(attributes, context);
      const { boundariesAddress, definition } = writer.stream;
      if (series !== undefined)
        this.#recorder.record(series, taken, boundariesAddress, definition.boundaries.length);
    }
  }

  init(attributes?: T): void {
    for (const writer of this.#writers) {
      const series = writer.handleOf(attributes, undefined);
      if (series !== undefined) this.#recorder.init(series);
    }
  }

  remove(attributes?: T): boolean {
    return removeFrom(this.#writers, attributes);
  }

  clear(): number {
    return removeAll(this.#writers);
  }

  bind(attributes?: T): BoundHistogram {
    const targets = this.#writers.flatMap(writer => {
      const series = writer.handleOf(attributes, undefined, true);
      const { boundariesAddress, definition } = writer.stream;
      return series === undefined
        ? []
        : [{ series, boundariesAddress, length: definition.boundaries.length }];
    });
    const [target] = targets;
    const bound =
      targets.length === 1 && target !== undefined
        ? new BoundToOne(this.#rules, target)
        : new BoundToSeveral(this.#rules, targets);
    return this.#rules.isInteger ? new BoundToWhole(this.#rules, bound) : bound;
  }
}

class BoundToOne implements BoundHistogram {
  readonly #rules: ValueRules;
  readonly #recorder: Recorder;
  readonly #series: SeriesHandle;
  readonly #boundariesAddress: number;
  readonly #length: number;

  constructor(rules: ValueRules, target: Target) {
    this.#rules = rules;
    this.#recorder = rules.core.recorder;
    this.#series = target.series;
    this.#boundariesAddress = target.boundariesAddress;
    this.#length = target.length;
  }

  record(value: number): void {
    // Not NaN either.
    if (typeof value === 'number' && value >= 0)
      this.#recorder.record(this.#series, value, this.#boundariesAddress, this.#length);
    else refuseValue(this.#rules, value);
  }
}

class BoundToSeveral implements BoundHistogram {
  readonly #rules: ValueRules;
  readonly #recorder: Recorder;
  readonly #targets: readonly Target[];

  constructor(rules: ValueRules, targets: readonly Target[]) {
    this.#rules = rules;
    this.#recorder = rules.core.recorder;
    this.#targets = targets;
  }

  record(value: number): void {
    const taken = takenOf(this.#rules, value);
    if (taken === undefined) return;
    for (const { series, boundariesAddress, length } of this.#targets)
      this.#recorder.record(series, taken, boundariesAddress, length);
  }
}

/** A histogram of integers. Decided when it is bound, so that the others do not ask. */
class BoundToWhole implements BoundHistogram {
  readonly #rules: ValueRules;
  readonly #bound: BoundHistogram;

  constructor(rules: ValueRules, bound: BoundHistogram) {
    this.#rules = rules;
    this.#bound = bound;
  }

  record(value: number): void {
    if (Number.isSafeInteger(value)) return this.#bound.record(value);
    const whole = takenOf(this.#rules, value);
    if (whole !== undefined) this.#bound.record(whole);
  }
}
