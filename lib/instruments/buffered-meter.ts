// The API's Meter over a store. One per scope, thread and store; it belongs to the thread that asked for it.
import type {
  Attributes,
  BatchObservableCallback,
  Meter,
  MetricAdvice,
  MetricOptions,
  Observable,
  ObservableCounter,
  ObservableGauge,
  ObservableUpDownCounter,
} from '@opentelemetry/api';
import { readBoundaries } from '../store/definition/boundaries.js';
import { ownValues } from '../guard/option-checks.js';
import type { StoreCore } from '../store/store-core.js';
import type { InstrumentKind, Scope } from '../store/definition/stream.js';
import type { StreamWriter } from '../store/record/stream-writer.js';
import { textOf as reasonOf } from '../guard/thrown.js';
import { resolveStreams } from '../store/definition/view-matching.js';
import { conflictsWithFirst, conflictWithOther } from './duplicate-instrument.js';
import { GaugeInstrument, type BufferedGauge } from './gauge-instrument.js';
import { HistogramInstrument, type BufferedHistogram } from './histogram-instrument.js';
import { BatchCallbacks, ObservableInstrument } from './observable-instrument.js';
import { rulesOf, type ValueRules } from './measurement.js';
import { SumInstrument, type BufferedCounter, type BufferedUpDownCounter } from './sum-instrument.js';

/** A Meter whose instruments record into a store. Its methods never throw; a bad name is said by `diag`. */
export interface BufferedMeter extends Meter {
  createCounter<T extends Attributes = Attributes>(name: string, options?: MetricOptions): BufferedCounter<T>;
  createUpDownCounter<T extends Attributes = Attributes>(
    name: string,
    options?: MetricOptions,
  ): BufferedUpDownCounter<T>;
  createHistogram<T extends Attributes = Attributes>(
    name: string,
    options?: MetricOptions,
  ): BufferedHistogram<T>;
  createGauge<T extends Attributes = Attributes>(name: string, options?: MetricOptions): BufferedGauge<T>;
}

/** OpenTelemetry's instrument name syntax. */
const NAME = /^[A-Za-z][-A-Za-z0-9_./]{0,254}$/;
/** The API's `ValueType.INT`. */
const INTEGER = 0;

type Resolved = ReturnType<typeof resolveStreams>[number];

class StoreMeter implements BufferedMeter {
  readonly #core: StoreCore;
  readonly #scope: Scope;
  readonly #batchCallbacks: BatchCallbacks;
  /** Streams that were compared with those of the same name. */
  readonly #compared = new Set<number>();

  constructor(core: StoreCore, scope: Scope) {
    this.#core = core;
    this.#scope = scope;
    this.#batchCallbacks = new BatchCallbacks(core, scope);
  }

  createCounter<T extends Attributes = Attributes>(
    name: string,
    options?: MetricOptions,
  ): BufferedCounter<T> {
    return this.#createSum(name, 'COUNTER', options);
  }

  createUpDownCounter<T extends Attributes = Attributes>(
    name: string,
    options?: MetricOptions,
  ): BufferedUpDownCounter<T> {
    return this.#createSum(name, 'UP_DOWN_COUNTER', options);
  }

  createHistogram<T extends Attributes = Attributes>(
    name: string,
    options?: MetricOptions,
  ): BufferedHistogram<T> {
    const read = this.#read(name, options);
    const writers = this.#writers(name, 'HISTOGRAM', read);
    return new HistogramInstrument<T>(this.#rulesOf(name, 'HISTOGRAM', read), writers);
  }

  createGauge<T extends Attributes = Attributes>(name: string, options?: MetricOptions): BufferedGauge<T> {
    const read = this.#read(name, options);
    const writers = this.#writers(name, 'GAUGE', read);
    return new GaugeInstrument<T>(this.#rulesOf(name, 'GAUGE', read), writers);
  }

  createObservableCounter<T extends Attributes = Attributes>(
    name: string,
    options?: MetricOptions,
  ): ObservableCounter<T> {
    return this.#createObservable(name, 'OBSERVABLE_COUNTER', options);
  }

  createObservableUpDownCounter<T extends Attributes = Attributes>(
    name: string,
    options?: MetricOptions,
  ): ObservableUpDownCounter<T> {
    return this.#createObservable(name, 'OBSERVABLE_UP_DOWN_COUNTER', options);
  }

  createObservableGauge<T extends Attributes = Attributes>(
    name: string,
    options?: MetricOptions,
  ): ObservableGauge<T> {
    return this.#createObservable(name, 'OBSERVABLE_GAUGE', options);
  }

  addBatchObservableCallback<T extends Attributes = Attributes>(
    callback: BatchObservableCallback<T>,
    observables: Observable<T>[],
  ): void {
    this.#batchCallbacks.add(callback, observables);
  }

  removeBatchObservableCallback<T extends Attributes = Attributes>(
    callback: BatchObservableCallback<T>,
    observables: Observable<T>[],
  ): void {
    this.#batchCallbacks.remove(callback, observables);
  }

  #createSum<T extends Attributes>(
    name: string,
    kind: 'COUNTER' | 'UP_DOWN_COUNTER',
    options?: MetricOptions,
  ): SumInstrument<T> {
    const read = this.#read(name, options);
    return new SumInstrument<T>(this.#rulesOf(name, kind, read), this.#writers(name, kind, read));
  }

  #createObservable<T extends Attributes>(
    name: string,
    kind: InstrumentKind,
    options?: MetricOptions,
  ): ObservableInstrument<T> {
    const streams = this.#resolve(name, kind, this.#read(name, options)).flatMap(resolved => {
      const { process } = resolved;
      const writer = this.#writer(resolved);
      return writer === undefined ? [] : [{ stream: writer.stream, process, policies: writer.policies }];
    });
    return new ObservableInstrument<T>(this.#core, textOf(name), streams);
  }

  #rulesOf(name: unknown, kind: InstrumentKind, { isInteger }: InstrumentOptions): ValueRules {
    return rulesOf(this.#core, textOf(name), kind, isInteger);
  }

  #writers(name: string, kind: InstrumentKind, options: InstrumentOptions): StreamWriter[] {
    return this.#resolve(name, kind, options)
      .map(resolved => this.#writer(resolved))
      .filter(writer => writer !== undefined);
  }

  #writer({ definition, process, labels }: Resolved): StreamWriter | undefined {
    const writer = this.#core.writer(definition, process, labels);
    if (writer === undefined) return undefined;
    const { index, definition: first } = writer.stream;
    const conflicts = conflictsWithFirst(definition, first);
    if (!this.#compared.has(index)) {
      this.#compared.add(index);
      // Only with earlier ones: whoever asks for a later one is told then.
      const earlier = this.#core.registry.visible().filter(stream => stream.index < index);
      const other = conflictWithOther(
        definition,
        earlier.map(stream => stream.definition),
      );
      if (other !== undefined) conflicts.push(other);
    }
    for (const { subject, level, message } of conflicts) this.#core.say(level, subject, message);
    return writer;
  }

  #resolve(name: unknown, kind: InstrumentKind, options: InstrumentOptions): Resolved[] {
    if (typeof name !== 'string' || !NAME.test(name))
      this.#core.logger.warn(
        `the instrument name ${typeof name === 'string' ? JSON.stringify(name) : `of type ${typeof name}`} ` +
          `is not ${NAME.source}: exporters may change or refuse it`,
      );
    const { description, unit, isInteger } = options;
    const isAdvised = kind === 'HISTOGRAM' && options.boundaries !== undefined && options.boundaries !== null;
    const advised = isAdvised ? this.#advisedBoundaries(textOf(name), options.boundaries) : undefined;
    const instrument = {
      scope: this.#scope,
      name: textOf(name),
      description,
      unit,
      kind,
      valueType: isInteger ? (0 as const) : (1 as const),
      ...(advised === undefined ? {} : { advisedBoundaries: advised }),
    };
    const { views, options: storeOptions } = this.#core;
    const streams = resolveStreams(instrument, views, storeOptions);
    if (!isAdvised || advised !== undefined) return streams;
    const kept = streams.filter(({ viewIndex }) => views[viewIndex]?.boundaries !== undefined);
    for (let refused = streams.length - kept.length; refused > 0; refused--) this.#core.count('streams');
    return kept;
  }

  /** The caller's options, read once. */
  #read(name: unknown, given: MetricOptions | null | undefined): InstrumentOptions {
    try {
      const { description, unit, valueType, advice } = ownOf<MetricOptions>(given, METRIC_OPTIONS);
      const boundaries: unknown = ownOf<MetricAdvice>(advice, ADVICE).explicitBucketBoundaries;
      return {
        description: textOf(description),
        unit: textOf(unit),
        isInteger: valueType === INTEGER,
        boundaries: Array.isArray(boundaries) ? [...(boundaries as unknown[])] : boundaries,
      };
    } catch (error) {
      this.#core.logger.warn(
        `the options of the instrument ${textOf(name)} cannot be read, it has none: ${reasonOf(error)}`,
      );
      return { description: '', unit: '', isInteger: false, boundaries: undefined };
    }
  }

  /** Undefined for advice that cannot be followed; a histogram with other buckets would look as if it were. */
  #advisedBoundaries(name: string, given: unknown): readonly number[] | undefined {
    const read = readBoundaries(given, this.#core.options.layout.maxBoundaries);
    if ('boundaries' in read) return read.boundaries;
    this.#core.say(
      'error',
      JSON.stringify(['boundaries', this.#scope, name]),
      `the boundaries advised for ${name} ${read.problem}: it records nothing but what a View gives other boundaries`,
    );
    return undefined;
  }
}

/** What a meter takes of the API's `MetricOptions`. */
interface InstrumentOptions {
  readonly description: string;
  readonly unit: string;
  readonly isInteger: boolean;
  /** As they were given; undefined: none. */
  readonly boundaries: unknown;
}

const METRIC_OPTIONS = ['description', 'unit', 'valueType', 'advice'];
const ADVICE = ['explicitBucketBoundaries'];

/** What the caller's object has itself: a prototype's properties are no options. */
function ownOf<Options extends object>(given: unknown, keys: readonly string[]): Partial<Options> {
  return ownValues(typeof given === 'object' && given !== null ? given : {}, keys) as Partial<Options>;
}

const meters = new WeakMap<StoreCore, Map<string, StoreMeter>>();

/**
 * The same meter for the same scope: it knows the batch callbacks that can be removed.
 *
 * @internal The public way is `store.getMeter()`.
 */
export function meterOf(
  core: StoreCore,
  name: string,
  version?: string,
  options?: { schemaUrl?: string },
): BufferedMeter {
  if (typeof name !== 'string' || name === '') core.logger.warn('a meter was asked for without a name');
  const { schemaUrl } = ownOf<{ schemaUrl?: string }>(options, ['schemaUrl']);
  const scope: Scope = {
    name: textOf(name),
    ...(typeof version === 'string' && { version }),
    ...(typeof schemaUrl === 'string' && { schemaUrl }),
  };
  const known = meters.get(core) ?? new Map<string, StoreMeter>();
  meters.set(core, known);
  const key = JSON.stringify(scope);
  const meter = known.get(key) ?? new StoreMeter(core, scope);
  known.set(key, meter);
  return meter;
}

/** JavaScript can pass anything; what is no text is no text. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
