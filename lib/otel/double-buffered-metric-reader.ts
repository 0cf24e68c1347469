/*
 * The custom MetricReader: one ResourceMetrics of the provider's own instruments, the store's series and further
 * producers. Implements the SDK's interface structurally; nothing of the SDK is imported at run time.
 */
import type {
  AggregationOption,
  AggregationTemporality,
  CollectionResult,
  IMetricReader,
  InstrumentType,
  MetricCollectOptions,
  MetricProducer,
  ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { MetricStoreError } from '../errors.js';
import { coreOf, type StoreCore } from '../store/store-core.js';
import type { StoreReader } from '../store/store-reader.js';
import { asError, withDeadline } from './deadline.js';
import { ExportLoop, type Collection } from './export-loop.js';
import { checkHostVersions } from './host-version.js';
import { toScopeMetrics } from './metric-data.js';
import { coreOfProducer, temporalityBy } from './metric-producer.js';
import { resourceOf } from './metric-store.js';
import { resolveTimes, type DoubleBufferedMetricReaderOptions } from './reader-options.js';
import { emptyResource } from './resource.js';

/** Values of the SDK's enums, the same in all versions. */
const CUMULATIVE = 1 as AggregationTemporality;
const DELTA = 0 as AggregationTemporality;
const DEFAULT_AGGREGATION = { type: 0 } as AggregationOption;
const CARDINALITY_LIMIT_DEFAULT = 2000;
const INSTRUMENT_TYPES = [
  'COUNTER',
  'HISTOGRAM',
  'UP_DOWN_COUNTER',
  'OBSERVABLE_COUNTER',
  'OBSERVABLE_UP_DOWN_COUNTER',
] as const;

/**
 * Reads a store and the provider it is registered in. Push with an exporter, pull without. Called from one thread; other
 * threads may have readers of their own on the same store.
 *
 * @example
 * const reader = new DoubleBufferedMetricReader({ store, exporter: new OTLPMetricExporter() });
 * const provider = new MeterProvider({ readers: [reader] });
 */
export class DoubleBufferedMetricReader implements IMetricReader {
  readonly #options: DoubleBufferedMetricReaderOptions;
  readonly #core: StoreCore;
  readonly #reader: StoreReader;
  readonly #timeoutMillis: number;
  readonly #loop: ExportLoop | undefined;
  #host: MetricProducer | undefined;
  #round: { readonly promise: Promise<Collection>; begun: boolean } | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #shutdown: Promise<void> | undefined;

  /**
   * @throws MetricStoreError INVALID_OPTION, NOT_A_STORE_HANDLE, TOO_MANY_DELTA_READERS, HOST_VERSION_UNSUPPORTED
   */
  constructor(options: DoubleBufferedMetricReaderOptions) {
    checkHostVersions();
    this.#options = options;
    this.#core = coreOf(options.store);
    const { intervalMillis, timeoutMillis } = resolveTimes(options);
    this.#timeoutMillis = timeoutMillis;
    if (options.metricProducers?.some(producer => coreOfProducer(producer) === this.#core) === true)
      throw new MetricStoreError(
        'INVALID_OPTION',
        'metricProducers names the store of this reader, which would export it twice: leave it out',
      );
    this.#reader = this.#core.openReader(temporalityBy(type => this.selectAggregationTemporality(type)));
    const { exporter } = options;
    if (exporter === undefined) return;
    this.#loop = new ExportLoop({
      exporter,
      intervalMillis,
      timeoutMillis,
      collect: () => this.#collectShared(timeoutMillis),
      onFailure: () => this.#core.count('failedExports'),
    });
  }

  /**
   * Called by the MeterProvider.
   *
   * @throws MetricStoreError ALREADY_REGISTERED: "a reader MUST NOT be registered on more than one MeterProvider"
   */
  setMetricProducer(metricProducer: MetricProducer): void {
    if (this.#host !== undefined)
      throw new MetricStoreError(
        'ALREADY_REGISTERED',
        'this reader is registered in a MeterProvider already: make a second reader, the store takes several',
      );
    this.#host = metricProducer;
  }

  selectAggregation(instrumentType: InstrumentType): AggregationOption {
    const { aggregationSelector, exporter } = this.#options;
    return (
      aggregationSelector?.(instrumentType) ??
      exporter?.selectAggregation?.(instrumentType) ??
      DEFAULT_AGGREGATION
    );
  }

  selectAggregationTemporality(instrumentType: InstrumentType): AggregationTemporality {
    const { aggregationTemporalitySelector, exporter } = this.#options;
    return (
      aggregationTemporalitySelector?.(instrumentType) ??
      exporter?.selectAggregationTemporality?.(instrumentType) ??
      CUMULATIVE
    );
  }

  selectCardinalityLimit(instrumentType: InstrumentType): number {
    return this.#options.cardinalitySelector?.(instrumentType) ?? CARDINALITY_LIMIT_DEFAULT;
  }

  /**
   * Swaps the store, then returns everything as one ResourceMetrics. Concurrent calls share one swap. What could not be
   * had in time is missing from the result and named in `errors`.
   *
   * @throws MetricStoreError READER_SHUT_DOWN (rejection)
   */
  async collect(options?: MetricCollectOptions): Promise<CollectionResult> {
    if (this.#shutdown !== undefined)
      throw new MetricStoreError('READER_SHUT_DOWN', 'collect() after shutdown()');
    // An export acknowledges the store's last collection: one in between would count as exported with it.
    while (this.#loop?.running !== undefined) await this.#loop.running;
    const collection = await this.#collectShared(options?.timeoutMillis ?? this.#timeoutMillis);
    // A pull reader's caller has the result in hand; a push reader's exports acknowledge for themselves.
    if (this.#loop === undefined) collection.acknowledge();
    return collection.result;
  }

  /** Push: collects, exports and flushes the exporter. Pull: nothing to do. */
  async forceFlush(options?: { timeoutMillis?: number }): Promise<void> {
    if (this.#loop === undefined || this.#shutdown !== undefined) return;
    const flush = this.#loop.flush().finally(() => this.#options.exporter?.forceFlush());
    await withDeadline(
      flush,
      options?.timeoutMillis ?? 2 * this.#timeoutMillis,
      'EXPORT_TIMEOUT',
      'forceFlush()',
    );
  }

  /** Flushes, shuts the exporter down and gives the store's place back. Idempotent; the store goes on. */
  shutdown(options?: { timeoutMillis?: number }): Promise<void> {
    this.#shutdown ??= this.#end(options?.timeoutMillis ?? 2 * this.#timeoutMillis);
    return this.#shutdown;
  }

  async #end(timeoutMillis: number): Promise<void> {
    this.#loop?.stop();
    const steps = async (): Promise<void> => {
      try {
        await this.#loop?.flush();
      } finally {
        await this.#options.exporter?.shutdown();
      }
    };
    try {
      await withDeadline(steps(), timeoutMillis, 'EXPORT_TIMEOUT', 'shutdown()');
    } finally {
      this.#reader.close();
    }
  }

  /** Calls that arrive before a round has begun share it; later ones share the next. */
  #collectShared(timeoutMillis: number): Promise<Collection> {
    if (this.#round !== undefined && !this.#round.begun) return this.#round.promise;
    const previous = this.#last;
    const round = {
      begun: false,
      promise: previous
        .catch(() => undefined)
        .then(() => {
          round.begun = true;
          return this.#collectOnce(timeoutMillis);
        }),
    };
    this.#round = round;
    this.#last = round.promise;
    return round.promise;
  }

  async #collectOnce(timeoutMillis: number): Promise<Collection> {
    const errors: unknown[] = [];
    const parts = await Promise.all([
      this.#host === undefined ? undefined : this.#produce(this.#host, timeoutMillis, errors),
      this.#collectStore(timeoutMillis, errors),
      ...(this.#options.metricProducers ?? []).map(producer =>
        this.#produce(producer, timeoutMillis, errors),
      ),
    ]);
    const [host, store, ...others] = parts;
    const resource = host?.resource ?? resourceOf(this.#core) ?? emptyResource();
    const foreign = [host, ...others].flatMap(part => part?.scopeMetrics ?? []);
    const scopeMetrics = [...foreign, ...(store?.scopeMetrics ?? [])];
    const isDelta = INSTRUMENT_TYPES.some(
      type => this.selectAggregationTemporality(type as InstrumentType) === DELTA,
    );
    return {
      result: { resourceMetrics: { resource, scopeMetrics }, errors },
      irretrievable: isDelta ? { resource, scopeMetrics: foreign } : undefined,
      acknowledge: () => this.#reader.acknowledge(),
    };
  }

  async #collectStore(timeoutMillis: number, errors: unknown[]): Promise<ResourceMetrics> {
    const cut = await this.#reader.collect({ timeoutMillis });
    errors.push(...cut.errors);
    return { resource: emptyResource(), scopeMetrics: toScopeMetrics(cut) };
  }

  /** "A producer that fails or hangs must not take the others' data with it." */
  async #produce(
    producer: MetricProducer,
    timeoutMillis: number,
    errors: unknown[],
  ): Promise<ResourceMetrics | undefined> {
    try {
      const work = Promise.resolve(producer.collect({ timeoutMillis }));
      const result = await withDeadline(work, timeoutMillis, 'PRODUCER_TIMEOUT', 'a metric producer');
      // The SDK hands on what a callback threw, even if it is nothing.
      errors.push(...result.errors.map(error => error ?? asError(error, 'CALLBACK_FAILED', 'a callback')));
      return result.resourceMetrics;
    } catch (error) {
      errors.push(asError(error, 'PRODUCER_FAILED', 'a metric producer'));
      return undefined;
    }
  }
}
