/*
 * The API's Meter over a store. One per scope, thread and store; it belongs to the thread that asked for it.
 */
import type {
  Attributes,
  BatchObservableCallback,
  Meter,
  MetricOptions,
  Observable,
  ObservableCounter,
  ObservableGauge,
  ObservableUpDownCounter,
} from '@opentelemetry/api';
import type { StoreCore } from '../store/store-core.js';
import type { InstrumentKind, Scope, StreamDefinition } from '../store/stream.js';
import type { StreamWriter } from '../store/stream-writer.js';
import { resolveStreams } from '../store/view-matching.js';
import { conflictsWithFirst, conflictWithOther } from './duplicate-instrument.js';
import { GaugeInstrument, type BufferedGauge } from './gauge-instrument.js';
import { HistogramInstrument, type BufferedHistogram } from './histogram-instrument.js';
import { BatchCallbacks, ObservableInstrument } from './observable-instrument.js';
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
    const writers = this.#writers(name, 'HISTOGRAM', options);
    return new HistogramInstrument<T>(this.#core, textOf(name), writers, isInteger(options));
  }

  createGauge<T extends Attributes = Attributes>(name: string, options?: MetricOptions): BufferedGauge<T> {
    const writers = this.#writers(name, 'GAUGE', options);
    return new GaugeInstrument<T>(this.#core, textOf(name), writers, isInteger(options));
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
    const rules = {
      core: this.#core,
      name: textOf(name),
      isMonotonic: kind === 'COUNTER',
      isInteger: isInteger(options),
    };
    return new SumInstrument<T>(rules, this.#writers(name, kind, options));
  }

  #createObservable<T extends Attributes>(
    name: string,
    kind: InstrumentKind,
    options?: MetricOptions,
  ): ObservableInstrument<T> {
    const streams = this.#resolve(name, kind, options).flatMap(({ definition, process }) => {
      const writer = this.#writer(definition, process);
      return writer === undefined ? [] : [{ stream: writer.stream, process }];
    });
    return new ObservableInstrument<T>(this.#core, textOf(name), streams);
  }

  #writers(name: string, kind: InstrumentKind, options?: MetricOptions): StreamWriter[] {
    return this.#resolve(name, kind, options)
      .map(({ definition, process }) => this.#writer(definition, process))
      .filter(writer => writer !== undefined);
  }

  #writer(definition: StreamDefinition, process: Resolved['process']): StreamWriter | undefined {
    const writer = this.#core.writer(definition, process);
    if (writer === undefined) return undefined;
    const { index, definition: first } = writer.stream;
    const conflicts = conflictsWithFirst(definition, first);
    if (!this.#compared.has(index)) {
      this.#compared.add(index);
      // Only with earlier ones: whoever asks for a later one is told then.
      const earlier = this.#core.registry.all().slice(0, index);
      const other = conflictWithOther(
        definition,
        earlier.map(stream => stream.definition),
      );
      if (other !== undefined) conflicts.push(other);
    }
    for (const { subject, level, message } of conflicts) this.#core.say(level, subject, message);
    return writer;
  }

  #resolve(name: unknown, kind: InstrumentKind, given?: MetricOptions | null): Resolved[] {
    if (typeof name !== 'string' || !NAME.test(name))
      this.#core.logger.warn(
        `the instrument name ${typeof name === 'string' ? JSON.stringify(name) : `of type ${typeof name}`} ` +
          `is not ${NAME.source}: exporters may change or refuse it`,
      );
    const options = given ?? {};
    const advised = this.#advisedBoundaries(textOf(name), options);
    const instrument = {
      scope: this.#scope,
      name: textOf(name),
      description: textOf(options.description),
      unit: textOf(options.unit),
      kind,
      valueType: isInteger(options) ? (0 as const) : (1 as const),
      ...(advised === undefined ? {} : { advisedBoundaries: advised }),
    };
    return resolveStreams(instrument, this.#core.views, {
      cardinalityLimit: this.#core.options.cardinalityLimit,
    });
  }

  #advisedBoundaries(name: string, { advice }: MetricOptions): readonly number[] | undefined {
    const boundaries = advice?.explicitBucketBoundaries;
    if (boundaries === undefined) return undefined;
    const max = this.#core.options.layout.maxBoundaries;
    const isAscending =
      Array.isArray(boundaries) &&
      boundaries.every((bound, index) => index === 0 || bound > (boundaries[index - 1] ?? bound));
    if (
      isAscending &&
      boundaries.length <= max &&
      boundaries.every(bound => typeof bound === 'number' && !Number.isNaN(bound))
    )
      return boundaries.filter(bound => bound !== Infinity && bound !== -Infinity);
    this.#core.logger.warn(
      `the boundaries advised for ${name} are not at most ${max} ascending numbers: the default ones are used`,
    );
    return undefined;
  }
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
  const schemaUrl = options?.schemaUrl;
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

function isInteger(options: MetricOptions | null | undefined): boolean {
  return options?.valueType === INTEGER;
}

/** JavaScript can pass anything; what is no text is no text. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
