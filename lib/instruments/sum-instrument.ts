import type { Attributes, Context, Counter, UpDownCounter } from '@opentelemetry/api';
import type { Recorder } from '../memory/recorder.js';
import type { StoreCore } from '../store/store-core.js';
import type { SeriesHandle } from '../store/series-handle.js';
import { handlesOf, type StreamWriter } from '../store/stream-writer.js';
import { refuseIncrement, refuseInfinite, refuseNotANumber, wholeOf } from './measurement.js';

/** A sum that is resolved to its series: about ten nanoseconds an add, from the thread that bound it. */
export interface BoundSum {
  /** Never throws, never waits for the collector. */
  add(value: number): void;
}

/** A counter of a store. Any thread that attached the store may have its own; they add to the same series. */
export interface BufferedCounter<T extends Attributes = Attributes> extends Counter<T> {
  /**
   * Resolves the attributes once, for this thread. The cardinality limit is decided now and for good.
   */
  bind(attributes?: T): BoundSum;
}

/** An up-down counter of a store; see {@link BufferedCounter}. */
export interface BufferedUpDownCounter<T extends Attributes = Attributes> extends UpDownCounter<T> {
  /** Resolves the attributes once, for this thread. */
  bind(attributes?: T): BoundSum;
}

/** What decides about a value before it is added. */
interface SumRules {
  readonly core: StoreCore;
  readonly name: string;
  readonly isMonotonic: boolean;
  readonly isInteger: boolean;
}

export class SumInstrument<T extends Attributes> implements BufferedCounter<T>, BufferedUpDownCounter<T> {
  readonly #rules: SumRules;
  readonly #recorder: Recorder;
  readonly #writers: readonly StreamWriter[];

  constructor(rules: SumRules, writers: readonly StreamWriter[]) {
    this.#rules = rules;
    this.#recorder = rules.core.recorder;
    this.#writers = writers;
  }

  add(value: number, attributes?: T, context?: Context): void {
    if (!accepts(this.#rules, value)) return;
    const taken = this.#rules.isInteger ? wholeOf(this.#rules.core, this.#rules.name, value) : value;
    if (taken === undefined) return;
    for (const writer of this.#writers) {
      const series = writer.handleOf(attributes, context);
      if (series !== undefined) this.#recorder.add(series, taken);
    }
  }

  bind(attributes?: T): BoundSum {
    const handles = handlesOf(this.#writers, attributes);
    const [series] = handles;
    const bound =
      handles.length === 1 && series !== undefined
        ? new BoundToOne(this.#rules, series)
        : new BoundToSeveral(this.#rules, handles);
    return this.#rules.isInteger ? new BoundToWhole(this.#rules, bound) : bound;
  }
}

function accepts(rules: SumRules, value: number): boolean {
  if (
    typeof value === 'number' &&
    value < Infinity &&
    value > -Infinity &&
    (value >= 0 || !rules.isMonotonic)
  )
    return true;
  if (rules.isMonotonic) refuseIncrement(rules.core, rules.name, value);
  else if (typeof value !== 'number' || Number.isNaN(value)) refuseNotANumber(rules.core, rules.name, value);
  else refuseInfinite(rules.core, rules.name, value);
  return false;
}

class BoundToOne implements BoundSum {
  readonly #rules: SumRules;
  readonly #recorder: Recorder;
  readonly #series: SeriesHandle;
  readonly #min: number;

  constructor(rules: SumRules, series: SeriesHandle) {
    this.#rules = rules;
    this.#recorder = rules.core.recorder;
    this.#series = series;
    this.#min = rules.isMonotonic ? 0 : -Number.MAX_VALUE;
  }

  add(value: number): void {
    if (typeof value === 'number' && value >= this.#min && value < Infinity)
      this.#recorder.add(this.#series, value);
    else accepts(this.#rules, value);
  }
}

/** An instrument that feeds several Views, or none: the streams of one record are not one atomic unit. */
class BoundToSeveral implements BoundSum {
  readonly #rules: SumRules;
  readonly #handles: readonly SeriesHandle[];

  constructor(rules: SumRules, handles: readonly SeriesHandle[]) {
    this.#rules = rules;
    this.#handles = handles;
  }

  add(value: number): void {
    if (!accepts(this.#rules, value)) return;
    for (const series of this.#handles) this.#rules.core.recorder.add(series, value);
  }
}

/** An instrument of integers. Decided when it is bound, so that the others do not ask. */
class BoundToWhole implements BoundSum {
  readonly #rules: SumRules;
  readonly #bound: BoundSum;

  constructor(rules: SumRules, bound: BoundSum) {
    this.#rules = rules;
    this.#bound = bound;
  }

  add(value: number): void {
    if (Number.isSafeInteger(value)) return this.#bound.add(value);
    if (!accepts(this.#rules, value)) return;
    const whole = wholeOf(this.#rules.core, this.#rules.name, value);
    if (whole !== undefined) this.#bound.add(whole);
  }
}
