// Observable instruments of a store. Callbacks run in the thread that registered them, when any thread collects, with the
// store's deadline; what they observe belongs to that one collection.
import type {
  Attributes,
  BatchObservableCallback,
  BatchObservableResult,
  Observable,
  ObservableCallback,
  ObservableResult,
} from '@opentelemetry/api';
import type { LabelPolicies } from '../store/record/label-policies.js';
import {
  attributesOf,
  canonicalizeLabels,
  parseAttributes,
  readSafely,
  withConstants,
  type Labels,
} from '../store/series/attributes.js';
import type { Observation } from '../store/collect/observers.js';
import { OVERFLOW_ATTRIBUTES } from '../store/definition/overflow.js';
import type { StoreCore } from '../store/store-core.js';
import type { Scope } from '../store/definition/stream.js';
import type { RegisteredStream } from '../store/series/stream-registry.js';
import { textOf } from '../guard/thrown.js';
import type { View } from '../store/definition/view.js';
import { rulesOf, takenOf, type ValueRules } from './measurement.js';

/** A stream that an observable feeds, with the View's function. */
export interface ObservedStream {
  readonly stream: RegisteredStream;
  readonly process: View['process'];
  readonly policies?: LabelPolicies | undefined;
}

export class ObservableInstrument<T extends Attributes = Attributes> implements Observable<T> {
  readonly name: string;
  readonly #core: StoreCore;
  readonly #streams: readonly ObservedStream[];
  /** Undefined: no stream, so nothing is taken. */
  readonly #rules: ValueRules | undefined;
  readonly #sources = new Map<ObservableCallback<T>, () => Promise<readonly Observation[]>>();

  constructor(core: StoreCore, name: string, streams: readonly ObservedStream[]) {
    this.name = name;
    this.#core = core;
    this.#streams = streams;
    const definition = streams[0]?.stream.definition;
    this.#rules = definition && rulesOf(core, name, definition.kind, definition.valueType === 0);
  }

  /** Registering the same callback twice runs it once. */
  addCallback(callback: ObservableCallback<T>): void {
    if (!isCallback(this.#core, callback) || this.#sources.has(callback) || this.#core.hasEnded) return;
    const source = async (): Promise<readonly Observation[]> => {
      const result = new ObservationCollector<T>(this.#core, this, this.#core.constants);
      await callback(result);
      return result.close();
    };
    this.#sources.set(callback, source);
    this.#core.observers.add(source, this.#core.options.shared, this.name);
  }

  removeCallback(callback: ObservableCallback<T>): void {
    const source = this.#sources.get(callback);
    if (source === undefined) return;
    this.#sources.delete(callback);
    this.#core.observers.delete(source);
  }

  /** Whether it may be named in a batch callback of this store. */
  belongsTo(core: StoreCore): boolean {
    return this.#core === core;
  }

  /** One observation for each of the instrument's streams; none for a value that the instrument does not take. */
  observationsOf(value: number, attributes: Attributes): Observation[] {
    const taken = this.#rules && takenOf(this.#rules, value);
    if (taken === undefined) return [];
    return this.#streams.map(({ stream, process, policies }) => {
      const given = process === undefined ? attributes : this.#process(process, attributes);
      return {
        stream: stream.index,
        attributes: policies === undefined ? given : policed(policies, given),
        value: taken,
      };
    });
  }

  /** The overflow series when the View's function throws. What it returns is made plain: it may have to travel to another thread. */
  #process(process: NonNullable<View['process']>, attributes: Attributes): Attributes {
    try {
      return parseAttributes(readAttributes(this.#core, this.name, process({ ...attributes }), NONE));
    } catch (error) {
      this.#core.count('attributes');
      this.#core.warn(
        'attributes',
        `an attributes processor of ${this.name} failed, its records overflow: ${textOf(error)}`,
      );
      return OVERFLOW_ATTRIBUTES;
    }
  }
}

/** Equal ones that this makes are added up, or one gauge of them is shown, as of those that a processor makes. */
function policed(policies: LabelPolicies, attributes: Attributes): Attributes {
  const decided = policies.decide(new Map(Object.entries(attributes)));
  return attributesOf(policies.admit(decided, labels => labels));
}

const NONE: Labels = new Map();

/** The canonical text, with constant attributes; what cannot be read is left out, counted and said once. */
function readAttributes(core: StoreCore, name: string, attributes: unknown, constants: Labels): string {
  const { attributeReader, options } = core;
  const own = readSafely(attributeReader, isObject(attributes) ? attributes : {});
  const all = withConstants(own.labels, constants, attributeReader.max);
  const { text, faults } = canonicalizeLabels(all.labels, options.maxLabelValueLength);
  for (const fault of own.isReadable ? faults : ['attributes' as const]) {
    core.count(fault);
    core.warn(
      fault,
      `an attribute of ${name} is not a string, number, boolean or list of these, or too long`,
    );
  }
  const dropped = own.dropped + all.dropped;
  if (dropped > 0) core.dropAttributes(name, dropped);
  return text;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isCallback(core: StoreCore, callback: unknown): boolean {
  if (typeof callback === 'function') return true;
  core.warn('callback', `an observable callback must be a function, got a ${typeof callback}`);
  return false;
}

/** What a callback is handed. Observations after the callback returned are ignored. */
class ObservationCollector<T extends Attributes> implements ObservableResult<T> {
  readonly #core: StoreCore;
  readonly #instrument: ObservableInstrument<T>;
  readonly #constants: Labels;
  readonly #byAttributes = new Map<string, Observation[]>();
  #isClosed = false;

  constructor(core: StoreCore, instrument: ObservableInstrument<T>, constants: Labels) {
    this.#core = core;
    this.#instrument = instrument;
    this.#constants = constants;
  }

  observe(value: number, attributes?: T): void {
    if (this.#isClosed) return;
    const text = readAttributes(this.#core, this.#instrument.name, attributes, this.#constants);
    const observations = this.#instrument.observationsOf(value, parseAttributes(text));
    // The last observation of a set in one callback counts.
    if (observations.length > 0) this.#byAttributes.set(text, observations);
  }

  close(): readonly Observation[] {
    this.#isClosed = true;
    return [...this.#byAttributes.values()].flat();
  }
}

/** Instruments of a batch callback that are named. */
const NAMES_MAX = 3;

const reportedOnce = new WeakMap<object, string>();

/**
 * Marks a batch callback that says the same in every thread that registers it, by the same words: a collection takes what
 * one of them reports, where it would add up what several do.
 */
export function reportOnce(callback: BatchObservableCallback, words: string): void {
  reportedOnce.set(callback, words);
}

/** The batch callbacks of one meter. */
export class BatchCallbacks {
  readonly #core: StoreCore;
  readonly #scope: Scope;
  readonly #entries: {
    callback: BatchObservableCallback;
    observables: readonly Observable[];
    source: () => Promise<readonly Observation[]>;
  }[] = [];

  constructor(core: StoreCore, scope: Scope) {
    this.#core = core;
    this.#scope = scope;
  }

  add(callback: BatchObservableCallback, observables: readonly Observable[]): void {
    if (!isCallback(this.#core, callback) || this.#core.hasEnded) return;
    const given = [...listOf(observables)];
    if (this.#find(callback, given) >= 0) return;
    const own = given.filter(
      observable => observable instanceof ObservableInstrument && observable.belongsTo(this.#core),
    ) as ObservableInstrument[];
    if (own.length < given.length)
      this.#core.warn(
        'foreignObservable',
        'a batch callback was given an observable of another store or meter provider, which is ignored',
      );
    const words = reportedOnce.get(callback);
    // What every thread says in the same words is no thread's own.
    const constants = words === undefined ? this.#core.constants : NONE;
    const source = async (): Promise<readonly Observation[]> => {
      const collectors = new Map(
        own.map(observable => [
          observable as Observable,
          new ObservationCollector(this.#core, observable, constants),
        ]),
      );
      const result: BatchObservableResult = {
        observe: (observable, value, attributes) => collectors.get(observable)?.observe(value, attributes),
      };
      await callback(result);
      return [...collectors.values()].flatMap(collector => collector.close());
    };
    this.#entries.push({ callback, observables: given, source });
    const once = words === undefined ? undefined : JSON.stringify([this.#scope, words]);
    this.#core.observers.add(source, this.#core.options.shared, namesOf(own), once);
  }

  remove(callback: BatchObservableCallback, observables: readonly Observable[]): void {
    const index = this.#find(callback, listOf(observables));
    if (index < 0) return;
    const [entry] = this.#entries.splice(index, 1);
    if (entry !== undefined) this.#core.observers.delete(entry.source);
  }

  #find(callback: BatchObservableCallback, observables: readonly Observable[]): number {
    return this.#entries.findIndex(
      entry =>
        entry.callback === callback &&
        entry.observables.length === observables.length &&
        observables.every(observable => entry.observables.includes(observable)) &&
        entry.observables.every(observable => observables.includes(observable)),
    );
  }
}

/** Some of them: a text that goes into logs. */
function namesOf(observables: readonly ObservableInstrument[]): string {
  const names = observables.slice(0, NAMES_MAX).map(({ name }) => name);
  return [
    ...names,
    ...(observables.length > NAMES_MAX ? [`${observables.length - NAMES_MAX} others`] : []),
  ].join(', ');
}

/** Not every caller is written in TypeScript. */
function listOf(observables: readonly Observable[]): readonly Observable[] {
  return Array.isArray(observables) ? (observables as readonly Observable[]) : [];
}
