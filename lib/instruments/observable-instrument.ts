/*
 * Observable instruments of a store. Callbacks run in the thread that registered them, when any thread collects, with the
 * store's deadline; what they observe belongs to that one collection.
 */
import type {
  Attributes,
  BatchObservableCallback,
  BatchObservableResult,
  Observable,
  ObservableCallback,
  ObservableResult,
} from '@opentelemetry/api';
import { canonicalize, parseAttributes } from '../store/attributes.js';
import type { Observation } from '../store/observers.js';
import { OVERFLOW_ATTRIBUTES } from '../store/series-catalog.js';
import type { StoreCore } from '../store/store-core.js';
import type { RegisteredStream } from '../store/stream-registry.js';
import type { View } from '../store/view.js';
import { refuseNotANumber } from './measurement.js';

/** A stream that an observable feeds, with the View's function. */
export interface ObservedStream {
  readonly stream: RegisteredStream;
  readonly process: View['process'];
}

export class ObservableInstrument<T extends Attributes = Attributes> implements Observable<T> {
  readonly name: string;
  readonly #core: StoreCore;
  readonly #streams: readonly ObservedStream[];
  readonly #sources = new Map<ObservableCallback<T>, () => Promise<readonly Observation[]>>();

  constructor(core: StoreCore, name: string, streams: readonly ObservedStream[]) {
    this.name = name;
    this.#core = core;
    this.#streams = streams;
  }

  /** Registering the same callback twice runs it once. */
  addCallback(callback: ObservableCallback<T>): void {
    if (this.#sources.has(callback) || this.#core.hasEnded) return;
    const source = async (): Promise<readonly Observation[]> => {
      const result = new ObservationCollector<T>(this.#core, this);
      await callback(result);
      return result.close();
    };
    this.#sources.set(callback, source);
    this.#core.observers.add(source, this.#core.options.shared);
  }

  removeCallback(callback: ObservableCallback<T>): void {
    const source = this.#sources.get(callback);
    if (source === undefined) return;
    this.#sources.delete(callback);
    this.#core.observers.delete(source);
  }

  /** One observation for each of the instrument's streams. */
  observationsOf(value: number, attributes: Attributes): Observation[] {
    return this.#streams.map(({ stream, process }) => ({
      stream: stream.index,
      attributes: process === undefined ? attributes : this.#processed(attributes, process),
      value,
    }));
  }

  #processed(attributes: Attributes, process: NonNullable<View['process']>): Attributes {
    try {
      return process({ ...attributes });
    } catch (error) {
      this.#core.count('attributes');
      this.#core.warn(
        'attributes',
        `an attributes processor of ${this.name} failed, its records overflow: ${String(error)}`,
      );
      return OVERFLOW_ATTRIBUTES;
    }
  }
}

/** What a callback is handed. Observations after the callback returned are ignored. */
class ObservationCollector<T extends Attributes> implements ObservableResult<T> {
  readonly #core: StoreCore;
  readonly #instrument: ObservableInstrument<T>;
  readonly #byAttributes = new Map<string, Observation[]>();
  #isClosed = false;

  constructor(core: StoreCore, instrument: ObservableInstrument<T>) {
    this.#core = core;
    this.#instrument = instrument;
  }

  observe(value: number, attributes?: T): void {
    if (this.#isClosed) return;
    if (typeof value !== 'number' || Number.isNaN(value))
      return refuseNotANumber(this.#core, this.#instrument.name, value);
    // The last observation of a set in one callback counts.
    const { text, faults } = canonicalize(attributes, this.#core.options.maxLabelValueLength);
    for (const fault of faults) this.#core.count(fault);
    this.#byAttributes.set(text, this.#instrument.observationsOf(value, parseAttributes(text)));
  }

  close(): readonly Observation[] {
    this.#isClosed = true;
    return [...this.#byAttributes.values()].flat();
  }
}

/** The batch callbacks of one meter. */
export class BatchCallbacks {
  readonly #core: StoreCore;
  readonly #entries: {
    callback: BatchObservableCallback;
    observables: readonly Observable[];
    source: () => Promise<readonly Observation[]>;
  }[] = [];

  constructor(core: StoreCore) {
    this.#core = core;
  }

  add(callback: BatchObservableCallback, observables: readonly Observable[]): void {
    if (this.#core.hasEnded || this.#find(callback, observables) >= 0) return;
    const own = observables.filter(observable => observable instanceof ObservableInstrument);
    if (own.length < observables.length)
      this.#core.warn(
        'foreignObservable',
        'a batch callback was given an observable of another meter provider, which is ignored',
      );
    const source = async (): Promise<readonly Observation[]> => {
      const collectors = new Map(
        own.map(observable => [observable as Observable, new ObservationCollector(this.#core, observable)]),
      );
      const result: BatchObservableResult = {
        observe: (observable, value, attributes) => collectors.get(observable)?.observe(value, attributes),
      };
      await callback(result);
      return [...collectors.values()].flatMap(collector => collector.close());
    };
    this.#entries.push({ callback, observables, source });
    this.#core.observers.add(source, this.#core.options.shared);
  }

  remove(callback: BatchObservableCallback, observables: readonly Observable[]): void {
    const index = this.#find(callback, observables);
    if (index < 0) return;
    const [entry] = this.#entries.splice(index, 1);
    if (entry !== undefined) this.#core.observers.delete(entry.source);
  }

  #find(callback: BatchObservableCallback, observables: readonly Observable[]): number {
    return this.#entries.findIndex(
      entry =>
        entry.callback === callback &&
        entry.observables.length === observables.length &&
        observables.every(observable => entry.observables.includes(observable)),
    );
  }
}
