import type { Attributes, Context, Gauge } from '@opentelemetry/api';
import { GAUGE_ADDED, GAUGE_ELAPSED, GAUGE_SET } from '../memory/words.js';
import type { Recorder } from '../memory/recorder.js';
import type { SeriesHandle } from '../store/record/series-handle.js';
import { heldHandlesOf, removeAll, removeFrom, type StreamWriter } from '../store/record/stream-writer.js';
import { refuseValue, takenOf, type ValueRules } from './measurement.js';

/** A gauge that is resolved to its series, for the thread that bound it. */
export interface BoundGauge {
  /** Sets the value. Takes every number, NaN and infinities included, unless the instrument's `valueType` is INT. */
  record(value: number): void;
  /** Adds to the value; negative subtracts. A gauge that was never set starts at zero. */
  add(value: number): void;
  /** From now on the value is the seconds since this time (Unix milliseconds), computed when somebody collects. */
  recordElapsed(startUnixMillis: number): void;
}

/** A gauge of a store. Writes of all threads are linearizable: the last one wins. */
export interface BufferedGauge<T extends Attributes = Attributes> extends Gauge<T> {
  add(value: number, attributes?: T): void;
  recordElapsed(startUnixMillis: number, attributes?: T): void;
  /** Resolves the attributes once, for this thread. */
  bind(attributes?: T): BoundGauge;
  /**
   * Takes the series of these attributes out of what is collected; see {@link BufferedCounter.remove}. A gauge that
   * was removed has no value for readers of deltas either.
   */
  remove(attributes?: T): boolean;
  /** Removes all series but the overflow series. Returns how many there were. */
  clear(): number;
}

export class GaugeInstrument<T extends Attributes> implements BufferedGauge<T> {
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
    if (taken !== undefined) this.#write(GAUGE_SET, taken, attributes, context);
  }

  add(value: number, attributes?: T): void {
    const taken = takenOf(this.#rules, value);
    if (taken !== undefined) this.#write(GAUGE_ADDED, taken, attributes, undefined);
  }

  recordElapsed(startUnixMillis: number, attributes?: T): void {
    // A time is no value: nothing of it is cut off.
    if (typeof startUnixMillis !== 'number') return refuseValue(this.#rules, startUnixMillis);
    this.#write(GAUGE_ELAPSED, startUnixMillis, attributes, undefined);
  }

  remove(attributes?: T): boolean {
    return removeFrom(this.#writers, attributes);
  }

  clear(): number {
    return removeAll(this.#writers);
  }

  bind(attributes?: T): BoundGauge {
    const bound = new BoundGaugeSeries(this.#rules, heldHandlesOf(this.#writers, attributes));
    return this.#rules.isInteger ? new BoundWholeGauge(this.#rules, bound) : bound;
  }

  #write(operation: number, value: number, attributes: T | undefined, context: Context | undefined): void {
    for (const writer of this.#writers) {
      const series = writer.handleOf(attributes, context);
      if (series !== undefined) this.#recorder.write(series, operation, value);
    }
  }
}

class BoundGaugeSeries implements BoundGauge {
  readonly #rules: ValueRules;
  readonly #recorder: Recorder;
  readonly #handles: readonly SeriesHandle[];

  constructor(rules: ValueRules, handles: readonly SeriesHandle[]) {
    this.#rules = rules;
    this.#recorder = rules.core.recorder;
    this.#handles = handles;
  }

  record(value: number): void {
    this.#write(GAUGE_SET, value);
  }

  add(value: number): void {
    this.#write(GAUGE_ADDED, value);
  }

  recordElapsed(startUnixMillis: number): void {
    this.#write(GAUGE_ELAPSED, startUnixMillis);
  }

  #write(operation: number, value: number): void {
    if (typeof value !== 'number') return refuseValue(this.#rules, value);
    for (const series of this.#handles) this.#recorder.write(series, operation, value);
  }
}

/** A gauge of integers. Decided when it is bound, so that the others do not ask. */
class BoundWholeGauge implements BoundGauge {
  readonly #rules: ValueRules;
  readonly #bound: BoundGauge;

  constructor(rules: ValueRules, bound: BoundGauge) {
    this.#rules = rules;
    this.#bound = bound;
  }

  record(value: number): void {
    const whole = Number.isSafeInteger(value) ? value : takenOf(this.#rules, value);
    if (whole !== undefined) this.#bound.record(whole);
  }

  add(value: number): void {
    const whole = Number.isSafeInteger(value) ? value : takenOf(this.#rules, value);
    if (whole !== undefined) this.#bound.add(whole);
  }

  recordElapsed(startUnixMillis: number): void {
    this.#bound.recordElapsed(startUnixMillis);
  }
}
