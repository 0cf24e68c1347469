import type { Attributes, Context, Gauge } from '@opentelemetry/api';
import { GAUGE_ADDED, GAUGE_ELAPSED, GAUGE_SET } from '../memory/words.js';
import type { StoreCore } from '../store/store-core.js';
import type { SeriesHandle } from '../store/record/series-handle.js';
import { handlesOf, type StreamWriter } from '../store/record/stream-writer.js';
import { refuseNotANumber, wholeOf } from './measurement.js';

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
}

export class GaugeInstrument<T extends Attributes> implements BufferedGauge<T> {
  readonly #core: StoreCore;
  readonly #name: string;
  readonly #writers: readonly StreamWriter[];
  readonly #isInteger: boolean;

  constructor(core: StoreCore, name: string, writers: readonly StreamWriter[], isInteger: boolean) {
    this.#core = core;
    this.#name = name;
    this.#writers = writers;
    this.#isInteger = isInteger;
  }

  record(value: number, attributes?: T, context?: Context): void {
    this.#write(GAUGE_SET, value, attributes, context);
  }

  add(value: number, attributes?: T): void {
    this.#write(GAUGE_ADDED, value, attributes, undefined);
  }

  recordElapsed(startUnixMillis: number, attributes?: T): void {
    this.#write(GAUGE_ELAPSED, startUnixMillis, attributes, undefined);
  }

  bind(attributes?: T): BoundGauge {
    const bound = new BoundGaugeSeries(this.#core, this.#name, handlesOf(this.#writers, attributes));
    return this.#isInteger ? new BoundWholeGauge(this.#core, this.#name, bound) : bound;
  }

  #write(operation: number, value: number, attributes: T | undefined, context: Context | undefined): void {
    if (typeof value !== 'number') return refuseNotANumber(this.#core, this.#name, value);
    const isWhole = this.#isInteger && operation !== GAUGE_ELAPSED;
    const taken = isWhole ? wholeOf(this.#core, this.#name, value) : value;
    if (taken === undefined) return;
    for (const writer of this.#writers) {
      const series = writer.handleOf(attributes, context);
      if (series !== undefined) this.#core.recorder.write(series, operation, taken);
    }
  }
}

class BoundGaugeSeries implements BoundGauge {
  readonly #core: StoreCore;
  readonly #name: string;
  readonly #handles: readonly SeriesHandle[];

  constructor(core: StoreCore, name: string, handles: readonly SeriesHandle[]) {
    this.#core = core;
    this.#name = name;
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
    if (typeof value !== 'number') return refuseNotANumber(this.#core, this.#name, value);
    for (const series of this.#handles) this.#core.recorder.write(series, operation, value);
  }
}

/** A gauge of integers. Decided when it is bound, so that the others do not ask. */
class BoundWholeGauge implements BoundGauge {
  readonly #core: StoreCore;
  readonly #name: string;
  readonly #bound: BoundGauge;

  constructor(core: StoreCore, name: string, bound: BoundGauge) {
    this.#core = core;
    this.#name = name;
    this.#bound = bound;
  }

  record(value: number): void {
    const whole = Number.isSafeInteger(value) ? value : wholeOf(this.#core, this.#name, value);
    if (whole !== undefined) this.#bound.record(whole);
  }

  add(value: number): void {
    const whole = Number.isSafeInteger(value) ? value : wholeOf(this.#core, this.#name, value);
    if (whole !== undefined) this.#bound.add(whole);
  }

  recordElapsed(startUnixMillis: number): void {
    this.#bound.recordElapsed(startUnixMillis);
  }
}
