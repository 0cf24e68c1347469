import type { Attributes, Context, Histogram } from '@opentelemetry/api';
import type { SeriesHandle } from '../store/record/series-handle.js';
import type { StoreCore } from '../store/store-core.js';
import type { StreamWriter } from '../store/record/stream-writer.js';
import { refuseRecord, wholeOf } from './measurement.js';

/** A histogram that is resolved to its series, for the thread that bound it. */
export interface BoundHistogram {
  /** Takes every number from 0 on, and no infinity if the instrument's `valueType` is INT. Never throws, never waits for the collector. */
  record(value: number): void;
}

/** A histogram of a store. Any thread that attached the store may have its own; they record into the same series. */
export interface BufferedHistogram<T extends Attributes = Attributes> extends Histogram<T> {
  /** Resolves the attributes once, for this thread. */
  bind(attributes?: T): BoundHistogram;
}

/** Where a record goes: a series, and the boundaries of its stream in shared memory. */
interface Target {
  readonly series: SeriesHandle;
  readonly boundariesAddress: number;
  readonly length: number;
}

export class HistogramInstrument<T extends Attributes> implements BufferedHistogram<T> {
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
    if (!isRecordable(value)) return refuseRecord(this.#core, this.#name, value);
    const taken = this.#isInteger ? wholeOf(this.#core, this.#name, value) : value;
    if (taken === undefined) return;
    for (const writer of this.#writers) {
      const series = writer.handleOf(attributes, context);
      const { boundariesAddress, definition } = writer.stream;
      if (series !== undefined)
        this.#core.recorder.record(series, taken, boundariesAddress, definition.boundaries.length);
    }
  }

  bind(attributes?: T): BoundHistogram {
    const targets = this.#writers.flatMap(writer => {
      const series = writer.handleOf(attributes, undefined);
      const { boundariesAddress, definition } = writer.stream;
      return series === undefined
        ? []
        : [{ series, boundariesAddress, length: definition.boundaries.length }];
    });
    const [target] = targets;
    const bound =
      targets.length === 1 && target !== undefined
        ? new BoundToOne(this.#core, this.#name, target)
        : new BoundToSeveral(this.#core, this.#name, targets);
    return this.#isInteger ? new BoundToWhole(this.#core, this.#name, bound) : bound;
  }
}

/** Whether a histogram takes it. */
function isRecordable(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}

class BoundToOne implements BoundHistogram {
  readonly #core: StoreCore;
  readonly #name: string;
  readonly #recorder: StoreCore['recorder'];
  readonly #series: SeriesHandle;
  readonly #boundariesAddress: number;
  readonly #length: number;

  constructor(core: StoreCore, name: string, target: Target) {
    this.#core = core;
    this.#name = name;
    this.#recorder = core.recorder;
    this.#series = target.series;
    this.#boundariesAddress = target.boundariesAddress;
    this.#length = target.length;
  }

  record(value: number): void {
    // As in isRecordable: not NaN either.
    if (typeof value === 'number' && value >= 0)
      this.#recorder.record(this.#series, value, this.#boundariesAddress, this.#length);
    else refuseRecord(this.#core, this.#name, value);
  }
}

class BoundToSeveral implements BoundHistogram {
  readonly #core: StoreCore;
  readonly #name: string;
  readonly #targets: readonly Target[];

  constructor(core: StoreCore, name: string, targets: readonly Target[]) {
    this.#core = core;
    this.#name = name;
    this.#targets = targets;
  }

  record(value: number): void {
    if (!isRecordable(value)) return refuseRecord(this.#core, this.#name, value);
    for (const { series, boundariesAddress, length } of this.#targets)
      this.#core.recorder.record(series, value, boundariesAddress, length);
  }
}

/** A histogram of integers. Decided when it is bound, so that the others do not ask. */
class BoundToWhole implements BoundHistogram {
  readonly #core: StoreCore;
  readonly #name: string;
  readonly #bound: BoundHistogram;

  constructor(core: StoreCore, name: string, bound: BoundHistogram) {
    this.#core = core;
    this.#name = name;
    this.#bound = bound;
  }

  record(value: number): void {
    if (Number.isSafeInteger(value)) return this.#bound.record(value);
    // Before its fraction is cut off: -0.5 is negative.
    if (!isRecordable(value)) return refuseRecord(this.#core, this.#name, value);
    const whole = wholeOf(this.#core, this.#name, value);
    if (whole !== undefined) this.#bound.record(whole);
  }
}
