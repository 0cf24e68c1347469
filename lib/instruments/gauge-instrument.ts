import type { Attributes, Context, Gauge } from '@opentelemetry/api';
import { GAUGE_ADDED, GAUGE_ELAPSED, GAUGE_SET } from '../memory/words.js';
import type { StoreCore } from '../store/store-core.js';
import type { StreamWriter } from '../store/stream-writer.js';
import { refuseNotANumber } from './measurement.js';

/** A gauge that is resolved to its series, for the thread that bound it. */
export interface BoundGauge {
  /** Sets the value. Takes every number, NaN and infinities included. */
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

  constructor(core: StoreCore, name: string, writers: readonly StreamWriter[]) {
    this.#core = core;
    this.#name = name;
    this.#writers = writers;
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
    const slots = this.#writers.map(writer => writer.slotOf(attributes, undefined)).filter(slot => slot >= 0);
    return new BoundGaugeSlots(this.#core, this.#name, slots);
  }

  #write(operation: number, value: number, attributes: T | undefined, context: Context | undefined): void {
    if (typeof value !== 'number') return refuseNotANumber(this.#core, this.#name, value);
    for (const writer of this.#writers) {
      const slot = writer.slotOf(attributes, context);
      if (slot >= 0) this.#core.recorder.write(slot, operation, value);
    }
  }
}

class BoundGaugeSlots implements BoundGauge {
  readonly #core: StoreCore;
  readonly #name: string;
  readonly #slots: readonly number[];

  constructor(core: StoreCore, name: string, slots: readonly number[]) {
    this.#core = core;
    this.#name = name;
    this.#slots = slots;
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
    for (const slot of this.#slots) this.#core.recorder.write(slot, operation, value);
  }
}
