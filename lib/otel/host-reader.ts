// The reader that a collector thread gives to the MeterProvider of the thread that started it: without an exporter, and always
// cumulative, so that an answer which is lost on its way loses nothing.
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
import { BoundedProducer, type ProducedMetrics } from '../producers/produced-metrics.js';
import { emptyResource } from '../producers/resource.js';
import { flushBeforeExit } from './flushing.js';
import { checkHostVersions } from './host-version.js';
import { checkMillis } from './reader-options.js';
import { ReaderSelection } from './reader-selection.js';

export type { IMetricReader };

/** The way to the collector thread. */
export interface HostConnection {
  /** Whether there is somebody at the other end, or will be again. */
  readonly isOpen: boolean;
  /** What the exporter there wishes for, by kind of instrument; undefined without an exporter. */
  readonly aggregations: Readonly<Record<string, unknown>> | undefined;
  /** Bound of waiting for the provider when nobody says. */
  readonly timeoutMillis: number;
  /** Says whether there is a provider to be asked. */
  tell(isThere: boolean): void;
  /** Has the thread collect and export. Ends by itself. */
  flush(): Promise<void>;
  /** Sends what the provider has, unasked. Never rejects. Undefined where nobody would export it. */
  readonly offer: (() => Promise<void>) | undefined;
}

/** See `reader` of a `CollectorThread`. */
export class HostReader implements IMetricReader {
  readonly #connection: HostConnection;
  readonly #selection: ReaderSelection;
  #producer: BoundedProducer | undefined;
  #shutdown: Promise<void> | undefined;
  #forgetExit: (() => void) | undefined;

  constructor(connection: HostConnection) {
    this.#connection = connection;
    const { aggregations } = connection;
    this.#selection = new ReaderSelection({
      aggregationSelector: type => aggregations?.[type] as AggregationOption,
    });
  }

  /**
   * Called by the MeterProvider.
   *
   * @throws MetricStoreError ALREADY_REGISTERED, READER_SHUT_DOWN, HOST_VERSION_UNSUPPORTED
   */
  setMetricProducer(metricProducer: MetricProducer): void {
    checkHostVersions();
    if (this.#producer !== undefined)
      throw new MetricStoreError(
        'ALREADY_REGISTERED',
        'collector.reader is registered in a MeterProvider already, and a collector thread has one: give a second MeterProvider a reader of its own',
      );
    this.#refuseAfterShutdown('setMetricProducer()');
    this.#producer = new BoundedProducer(metricProducer, false);
    const { offer } = this.#connection;
    if (offer !== undefined) this.#forgetExit = flushBeforeExit(() => keepAlive(offer()));
    this.#connection.tell(true);
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

  /** What the provider has within a time; nothing when there is none. Never rejects. */
  async produce(timeoutMillis: number): Promise<ProducedMetrics> {
    return (await this.#producer?.collect(timeoutMillis)) ?? { metrics: undefined, errors: [] };
  }

  /**
   * The provider's own instruments; the store's are collected in the collector thread.
   *
   * @throws MetricStoreError READER_SHUT_DOWN, INVALID_OPTION (rejections)
   */
  async collect(options?: MetricCollectOptions): Promise<CollectionResult> {
    this.#refuseAfterShutdown('collect()');
    const timeoutMillis = millisOf(options) ?? this.#connection.timeoutMillis;
    const { metrics, errors } = await keepAlive(this.produce(timeoutMillis));
    const resourceMetrics = metrics ?? { resource: emptyResource(), scopeMetrics: [] };
    return { resourceMetrics, errors: [...errors] };
  }

  /**
   * Has the collector thread collect, export and flush its exporter. Resolves also when an export fails.
   *
   * @throws MetricStoreError COLLECTOR_FAILED, EXPORT_FAILED, EXPORT_TIMEOUT, INVALID_OPTION (rejections)
   */
  async forceFlush(options?: { timeoutMillis?: number }): Promise<void> {
    const timeoutMillis = millisOf(options);
    if (this.#shutdown !== undefined) return diag.warn('otel-argo-metrics: forceFlush() after shutdown()');
    await this.#flush('forceFlush()', timeoutMillis);
  }

  /**
   * Has what the provider's instruments have exported for the last time; then they are not shown any more. The collector
   * thread goes on with the store. Idempotent.
   *
   * @throws MetricStoreError COLLECTOR_FAILED, EXPORT_FAILED, EXPORT_TIMEOUT, INVALID_OPTION (rejections)
   */
  async shutdown(options?: { timeoutMillis?: number }): Promise<void> {
    const timeoutMillis = millisOf(options);
    this.#shutdown ??= this.#end(timeoutMillis);
    return this.#shutdown;
  }

  async #end(timeoutMillis: number | undefined): Promise<void> {
    this.#forgetExit?.();
    try {
      if (this.#producer !== undefined && this.#connection.isOpen)
        await this.#flush('shutdown()', timeoutMillis);
    } finally {
      this.#producer = undefined;
      this.#connection.tell(false);
    }
  }

  async #flush(what: string, timeoutMillis: number | undefined): Promise<void> {
    const work = this.#connection.flush();
    await keepAlive(
      timeoutMillis === undefined ? work : withDeadline(work, timeoutMillis, 'EXPORT_TIMEOUT', what),
    );
  }

  #refuseAfterShutdown(what: string): void {
    if (this.#shutdown !== undefined)
      throw new MetricStoreError('READER_SHUT_DOWN', `${what} after shutdown()`);
  }
}

function millisOf(options: { timeoutMillis?: number } | undefined): number | undefined {
  const value = options?.timeoutMillis;
  if (value !== undefined) checkMillis('timeoutMillis', value);
  return value;
}
