// The custom MetricReader: one ResourceMetrics of the provider's own instruments, the store's series and further
// producers. Implements the SDK's interface structurally; nothing of the SDK is imported at run time.
import type {
  AggregationOption,
  AggregationTemporality,
  CollectionResult,
  IMetricReader,
  InstrumentType,
  MetricCollectOptions,
  MetricProducer,
} from '@opentelemetry/sdk-metrics';
import { MetricStoreError } from '../errors.js';
import { keepAlive, withDeadline } from '../guard/deadline.js';
import { diag } from '../guard/guarded-diag.js';
import { coreOf, type StoreCore } from '../store/store-core.js';
import { exposeReader } from '../producers/exposed-reader.js';
import { checkMetricProducers, registerProducer } from '../producers/metric-producers.js';
import type { StoreReference } from '../store/store-handle.js';
import type { AskedRound, StoreReader } from '../store/collect/store-reader.js';
import { asError, textOf } from '../guard/thrown.js';
import { Turns } from '../guard/turns.js';
import { scopesOf } from './batch-splitter.js';
import { ExportLoop, type Collection } from './export-loop.js';
import { flushBeforeExit, registerFlush } from './flushing.js';
import { checkHostVersions } from './host-version.js';
import { hrTime, toScopeMetrics } from './metric-data.js';
import { temporalityBy } from './metric-producer.js';
import { resourceOf } from './metric-store.js';
import {
  checkMillis,
  checkOptions,
  readReaderOptions,
  resolveTimes,
  type DoubleBufferedMetricReaderOptions,
} from './reader-options.js';
import { ReaderProducers, type ReaderMetrics } from './reader-producers.js';
import { ReaderSelection } from './reader-selection.js';
import { emptyResource } from '../producers/resource.js';

/** What of a collection does not come from the store's tables. */
interface Gathered {
  readonly round: AskedRound;
  readonly foreign: ReaderMetrics;
}

/**
 * Reads a store and the provider it is registered in. Push with an exporter, pull without. Called from one thread; other
 * threads may have readers of their own on the same store.
 *
 * @example
 * const reader = new DoubleBufferedMetricReader({ store, exporter: new OTLPMetricExporter() });
 * const provider = new MeterProvider({ readers: [reader] });
 */
export class DoubleBufferedMetricReader implements IMetricReader {
  /** The store that it was made for. */
  readonly store: StoreReference;
  readonly #core: StoreCore;
  readonly #reader: StoreReader;
  readonly #exporter: DoubleBufferedMetricReaderOptions['exporter'];
  readonly #producers: ReaderProducers;
  readonly #selection: ReaderSelection;
  readonly #timeoutMillis: number;
  readonly #loop: ExportLoop | undefined;
  /** Collections, one after the other. */
  readonly #turns = new Turns();
  /** What callers of `collect` wait for. */
  readonly #callers = new Set<Promise<CollectionResult>>();
  #shutdown: Promise<void> | undefined;
  /** When the store's deltas that are not acknowledged begin, Unix milliseconds. */
  #since: number;
  #hasSaidHanging = false;
  readonly #unregister: (() => void)[] = [];

  /**
   * @throws MetricStoreError INVALID_OPTION, NOT_A_STORE_HANDLE, TOO_MANY_DELTA_READERS, HOST_VERSION_UNSUPPORTED
   */
  constructor(options: DoubleBufferedMetricReaderOptions) {
    checkHostVersions();
    options = readReaderOptions(options);
    checkOptions(options);
    this.#core = coreOf(options.store);
    const { intervalMillis, timeoutMillis } = resolveTimes(options);
    this.#timeoutMillis = timeoutMillis;
    const { exporter, metricProducers = [] } = options;
    checkMetricProducers(metricProducers, this.#core);
    const selection = new ReaderSelection(options);
    this.#selection = selection;
    const { unmetWishes } = selection;
    if (unmetWishes.length > 0)
      diag.warn(
        `otel-argo-metrics: the exporter asks for the aggregation ${unmetWishes.join('; ')}. That holds for the provider's own ` +
          "instruments; the store's have explicit buckets, sums and last values, by their advice and the store's Views",
      );
    this.#producers = new ReaderProducers(metricProducers, selection.hasDelta);
    this.store = options.store;
    registerProducer(this, this.#core);
    exposeReader(this, this.#producers.provide);
    this.#reader = this.#core.openReader(
      temporalityBy(type => selection.temporality(type)),
      options.zeroStartMillis,
    );
    this.#exporter = exporter;
    this.#since = this.#core.clock.now();
    if (exporter === undefined) return;
    this.#loop = new ExportLoop({
      exporter,
      intervalMillis,
      timeoutMillis,
      delivery: options.delivery ?? 'at-least-once',
      maxExportBatchSize: options.maxExportBatchSize,
      collect: () => this.#collect(timeoutMillis),
      onFailure: () => this.#core.count('failedExports'),
      onDoubtGivenUp: () => this.#core.count('deltaBatchesInDoubt'),
      onDebts: batches => this.#core.heldLease?.notes.owes(batches),
    });
    const flush = (): Promise<void> => this.forceFlush();
    this.#unregister.push(registerFlush(this.#core, flush));
    const flushLast = (): Promise<void> => {
      this.#reader.endZeroStart();
      return flush();
    };
    if (options.flushOnExit === true) this.#unregister.push(flushBeforeExit(flushLast));
  }

  /**
   * Called by the MeterProvider.
   *
   * @throws MetricStoreError ALREADY_REGISTERED: "a reader MUST NOT be registered on more than one MeterProvider"
   */
  setMetricProducer(metricProducer: MetricProducer): void {
    this.#producers.register(metricProducer);
  }

  selectAggregation(instrumentType: InstrumentType): AggregationOption {
    return this.#selection.aggregation(instrumentType);
  }

  selectAggregationTemporality(instrumentType: InstrumentType): AggregationTemporality {
    return this.#selection.temporality(instrumentType);
  }

  selectCardinalityLimit(instrumentType: InstrumentType): number {
    return this.#selection.cardinalityLimit(instrumentType);
  }

  /**
   * Swaps the store, then returns everything as one ResourceMetrics. Concurrent calls share one swap. What could not be
   * had in time is missing from the result and named in `errors`; nobody's time cuts another one's short. Calls of a reader
   * with deltas run one after the other, and share only with those of equal `timeoutMillis`. A reader that exports deltas
   * first waits for an export that is under way, and exports what this returned all the same.
   *
   * @param options `timeoutMillis`: bound of each wait for producers and callbacks. @defaultValue exportTimeoutMillis
   * @throws MetricStoreError READER_SHUT_DOWN, INVALID_OPTION (rejections)
   */
  async collect(options?: MetricCollectOptions): Promise<CollectionResult> {
    this.#refuseAfterShutdown();
    const timeoutMillis = millisOf(options) ?? this.#timeoutMillis;
    const collection = this.#collectForCaller(timeoutMillis);
    this.#callers.add(collection);
    return keepAlive(collection.finally(() => this.#callers.delete(collection)));
  }

  /**
   * Push: collects, exports and flushes the exporter. Pull: nothing to do. Resolves also when an export fails: that is
   * said through `diag`, once until an export arrives, and counted; what failed goes with the next export.
   *
   * @param options `timeoutMillis`: bound of the whole, which rejects. @defaultValue each wait on the way has exportTimeoutMillis
   * @throws MetricStoreError EXPORT_TIMEOUT, INVALID_OPTION, or what the exporter's own forceFlush() gave (rejections)
   */
  async forceFlush(options?: { timeoutMillis?: number }): Promise<void> {
    const timeoutMillis = millisOf(options);
    if (this.#shutdown !== undefined) return diag.warn('otel-argo-metrics: forceFlush() after shutdown()');
    const loop = this.#loop;
    if (loop === undefined) return;
    const finish = async (): Promise<void> => this.#exporter?.forceFlush?.();
    await keepAlive(this.#inTwoSteps('forceFlush()', timeoutMillis, () => loop.flush(), finish));
  }

  /**
   * Flushes, shuts the exporter down and gives the store's place back, whatever fails on the way. What an exporter has not
   * answered yet is waited for, what failed is sent once more. Resolves also when an export fails. Idempotent; the store
   * goes on.
   *
   * @param options `timeoutMillis`: bound of the whole, which rejects. @defaultValue each wait on the way has exportTimeoutMillis
   * @throws MetricStoreError EXPORT_TIMEOUT, INVALID_OPTION, or what the exporter's own shutdown() gave (rejections)
   */
  async shutdown(options?: { timeoutMillis?: number }): Promise<void> {
    const timeoutMillis = millisOf(options);
    this.#shutdown ??= keepAlive(this.#end(timeoutMillis));
    return this.#shutdown;
  }

  async #end(timeoutMillis: number | undefined): Promise<void> {
    this.#loop?.stop();
    this.#reader.endZeroStart();
    for (const unregister of this.#unregister) unregister();
    const flush = async (): Promise<void> => {
      // Who asked before gets an answer.
      await Promise.allSettled(this.#callers);
      await this.#loop?.finish();
    };
    const finish = async (): Promise<void> => this.#exporter?.shutdown?.();
    try {
      await this.#inTwoSteps('shutdown()', timeoutMillis, flush, finish);
    } finally {
      this.#loop?.close();
      this.#reader.close();
    }
  }

  /**
   * Both steps are tried: the second one begins when the first has ended, or after two thirds of the caller's time, and
   * both may take what is left. Rejects with the first failure. Without such a time the first step ends by itself, and an
   * exporter that hangs in the second one is left behind.
   */
  async #inTwoSteps(
    what: string,
    timeoutMillis: number | undefined,
    first: () => Promise<void>,
    second: () => Promise<void>,
  ): Promise<void> {
    const finish = (): Promise<Error | undefined> =>
      second().then(
        () => undefined,
        (error: unknown) => asError(error, 'EXPORT_FAILED', what),
      );
    let failure: Error | undefined;
    if (timeoutMillis !== undefined) {
      const both = async (): Promise<Error | undefined> => {
        const work = first();
        await withDeadline(work, (timeoutMillis * 2) / 3, 'EXPORT_TIMEOUT', what).catch(() => undefined);
        const [failed] = await Promise.all([finish(), work]);
        return failed;
      };
      failure = await withDeadline(both(), timeoutMillis, 'EXPORT_TIMEOUT', what);
    } else {
      await first();
      failure = await withDeadline(
        finish(),
        this.#timeoutMillis,
        'EXPORT_TIMEOUT',
        `the exporter's ${what}`,
      ).catch((error: unknown) => {
        if (!this.#hasSaidHanging)
          diag.error('otel-argo-metrics: not waited for any longer (said once)', error);
        this.#hasSaidHanging = true;
        return undefined;
      });
    }
    if (failure !== undefined) throw failure;
  }

  #refuseAfterShutdown(): void {
    if (this.#shutdown !== undefined)
      throw new MetricStoreError('READER_SHUT_DOWN', 'collect() after shutdown()');
  }

  async #collectForCaller(timeoutMillis: number): Promise<CollectionResult> {
    // An export acknowledges the store's last collection: one in between would count as exported with it.
    if (this.#selection.hasDelta) while (this.#loop?.running !== undefined) await this.#loop.running;
    const finish = async (gathered: Gathered, isNewest: () => boolean): Promise<CollectionResult> => {
      const collection = await this.#read(gathered, isNewest);
      // The caller of a pull reader has the result in hand; the exports of a push reader acknowledge for themselves.
      if (this.#loop === undefined) collection.acknowledge();
      this.#loop?.keep(collection);
      const { resource, errors } = collection;
      return { resourceMetrics: { resource, scopeMetrics: scopesOf(collection) }, errors: [...errors] };
    };
    if (this.#selection.hasDelta)
      return this.#turns.share(timeoutMillis, timeoutMillis, async (_, isNewest) =>
        finish(await this.#gather(timeoutMillis), isNewest),
      );
    const gathered = await this.#gather(timeoutMillis);
    // Of those who miss the same the last one has the newest.
    const missing = [...gathered.round.errors, ...gathered.foreign.errors].map(textOf).join('\n');
    return this.#turns.share(missing, gathered, finish);
  }

  /** For an export. */
  async #collect(timeoutMillis: number): Promise<Collection> {
    if (this.#selection.hasDelta)
      return this.#turns.take(async isNewest => this.#read(await this.#gather(timeoutMillis), isNewest));
    const gathered = await this.#gather(timeoutMillis);
    return this.#turns.take(isNewest => this.#read(gathered, isNewest));
  }

  /** What callbacks and producers have within a time. Deltas are gathered in the order in which they are read. */
  async #gather(timeoutMillis: number): Promise<Gathered> {
    const [round, foreign] = await Promise.all([
      this.#reader.observe(timeoutMillis),
      this.#producers.collect(timeoutMillis),
    ]);
    return { round, foreign };
  }

  async #read({ round, foreign }: Gathered, isNewest: () => boolean): Promise<Collection> {
    const cut = await this.#reader.read(round);
    const resource = foreign.resource ?? resourceOf(this.#core) ?? emptyResource();
    const { atUnixMillis, isStale } = cut;
    const own = toScopeMetrics(cut);
    cut.release();
    const interval = { startTime: hrTime(this.#since), endTime: hrTime(atUnixMillis) };
    return {
      resource,
      foreign: foreign.scopeMetrics,
      own,
      errors: [...foreign.errors, ...cut.errors],
      interval: isStale ? undefined : interval,
      acknowledge: () => {
        if (!isNewest()) return;
        this.#reader.acknowledge();
        if (!isStale) this.#since = atUnixMillis;
      },
      handOver: () => this.#reader.handOver(),
      takeBack: () => this.#reader.takeBack(),
    };
  }
}

function millisOf(options: { timeoutMillis?: number } | undefined): number | undefined {
  const value = options?.timeoutMillis;
  if (value !== undefined) checkMillis('timeoutMillis', value);
  return value;
}
