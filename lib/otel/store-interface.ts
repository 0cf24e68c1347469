// The public store as a type of its own: what takes a store as an option need not know how one is made.
import type { MeterProvider } from '@opentelemetry/api';
import type { AggregationTemporalitySelector, MetricProducer } from '@opentelemetry/sdk-metrics';
import type { StoreHandle, StoreReference } from '../store/store-handle.js';
import type { CardinalityReportOptions } from '../store/cardinality-reports.js';
import type { CardinalityReport } from '../store/definition/cardinality-report.js';
import type { CardinalitySummary, StoreStatistics } from '../store/store-report.js';
import type { BufferedMeter } from '../instruments/buffered-meter.js';

/** A store as one thread has it. Record methods of its instruments never throw and never wait for a collector. */
export interface MetricStore extends MeterProvider, StoreReference {
  /** Give it to another thread (`workerData`, `postMessage`) and to `attachStore` there. */
  readonly handle: StoreHandle;
  getMeter(name: string, version?: string, options?: { schemaUrl?: string }): BufferedMeter;
  /**
   * For any reader that takes `metricProducers`.
   *
   * @throws MetricStoreError TOO_MANY_DELTA_READERS, INVALID_OPTION
   */
  metricProducer(options?: {
    aggregationTemporalitySelector?: AggregationTemporalitySelector;
    /** See {@link DoubleBufferedMetricReaderOptions.zeroStartMillis}. @defaultValue `0` */
    zeroStartMillis?: number;
  }): MetricProducer & { shutdown(): Promise<void> };
  /**
   * Series, limits and the labels that make them, of each metric, at once: the thread stands still for some microseconds a
   * series, up to 100,000 of them; of more, every k-th one is looked at, and `sampled` says so. Any thread.
   */
  cardinality(): CardinalitySummary;
  /**
   * The same with more in it, in turns of a few milliseconds, and of all series: which label makes them many, what was asked for
   * beyond the limit, and what would help. Nobody waits for it, a collection neither; who asks within five seconds, or within
   * twenty times what it cost, is given the same one. Some 2 µs of CPU a series. Any thread, after `shutdown()` too.
   *
   * @throws MetricStoreError INVALID_OPTION, as a rejection
   * @example
   * const { metrics } = await store.cardinalityReport();
   * const [worst] = metrics; // worst.labels[0].key is the label that makes the most series
   */
  cardinalityReport(options?: CardinalityReportOptions): Promise<CardinalityReport>;
  /** What the store counted in all threads, and how full it is. Reads some words of memory. Any thread, after `shutdown()` too. */
  statistics(): StoreStatistics;
  /** `forceFlush()` of every reader with an exporter that this thread has on the store. Rejects as the first that rejects. */
  forceFlush(): Promise<void>;
  /** Idempotent. The creator's ends recording in all threads; a last collection stays possible. An attached store only leaves. */
  shutdown(): Promise<void>;
}
