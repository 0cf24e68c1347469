import type {
  AggregationSelector,
  AggregationTemporalitySelector,
  InstrumentType,
  MetricProducer,
  PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { MetricStoreError } from '../errors.js';
import {
  EXPORT_INTERVAL_MILLIS_DEFAULT,
  EXPORT_TIMEOUT_MILLIS_DEFAULT,
  TIMER_MILLIS_MAX,
} from '../limits.js';
import {
  checkOption,
  checkWhole,
  readOptions,
  refuseOption,
  shown,
  type KeysOf,
} from '../guard/option-checks.js';
import { checkMetricProducers } from '../producers/metric-producers.js';
import { checkZeroStart } from '../store/collect/zero-start.js';
import type { MetricStore } from './store-interface.js';

/** Options of {@link DoubleBufferedMetricReader}. Times in milliseconds. */
export interface DoubleBufferedMetricReaderOptions {
  readonly store: MetricStore;
  /** None: a pull reader, call `collect()`. */
  readonly exporter?: PushMetricExporter;
  /** @defaultValue `60000` */
  readonly exportIntervalMillis?: number;
  /** Bound of one export, and of each wait of a collection. @defaultValue 30000, or the interval if that is shorter */
  readonly exportTimeoutMillis?: number;
  /** @defaultValue the exporter's, else cumulative */
  readonly aggregationTemporalitySelector?: AggregationTemporalitySelector;
  /** For the provider's own instruments. @defaultValue the exporter's, else the SDK's default */
  readonly aggregationSelector?: AggregationSelector;
  /** For the provider's own instruments: the store is shared by readers and has limits of its own. @defaultValue `2000` */
  readonly cardinalitySelector?: (instrumentType: InstrumentType) => number;
  /**
   * Points of one export, a whole number of at least 1: a larger collection goes in several, in order, each with the full
   * timeout. After one that is late the rest is not sent; of deltas it goes with the next collection.
   * @defaultValue no bound
   */
  readonly maxExportBatchSize?: number;
  /**
   * What becomes of deltas that did not arrive. 'at-least-once': those of an export that failed go with the next one; those
   * of one that is late wait for its answer, and are given up when too many wait or the reader is shut down. An exporter
   * that says it failed and delivered all the same delivers twice. 'at-most-once': nothing is handed to the exporter
   * twice, so each failed export loses its deltas; for a process that is frozen between request and answer.
   * @defaultValue `'at-least-once'`
   */
  readonly delivery?: 'at-least-once' | 'at-most-once';
  /** Whether to flush once when the process has nothing left to do (`beforeExit`). Not after `process.exit()`. @defaultValue `false` */
  readonly flushOnExit?: boolean;
  /**
   * How long a counter or a histogram of the store is shown as 0 after its first data, in whole milliseconds up to an hour:
   * a backend that takes differences of cumulative values, as Prometheus does, has no other way to see the first one. About
   * 1.25 × the interval at which somebody collects. Without effect where the temporality is delta, and on the provider's own
   * instruments. What `shutdown()` and `flushOnExit` export is shown as it is, however young.
   * @defaultValue `0`: never
   */
  readonly zeroStartMillis?: number;
  /** Further producers. Not the same store's: it would be exported twice. */
  readonly metricProducers?: MetricProducer[];
}

const READER_KEYS: KeysOf<DoubleBufferedMetricReaderOptions> = {
  store: true,
  exporter: true,
  exportIntervalMillis: true,
  exportTimeoutMillis: true,
  aggregationTemporalitySelector: true,
  aggregationSelector: true,
  cardinalitySelector: true,
  metricProducers: true,
  maxExportBatchSize: true,
  delivery: true,
  flushOnExit: true,
  zeroStartMillis: true,
};

/**
 * The options as they were given, with nothing that is not known. No object at all has no store, which is what is said.
 *
 * @throws MetricStoreError INVALID_OPTION
 */
export function readReaderOptions(given: unknown): DoubleBufferedMetricReaderOptions {
  return readOptions('the options of DoubleBufferedMetricReader', given ?? {}, READER_KEYS);
}

/** @throws MetricStoreError INVALID_OPTION with the option, the value and the bound */
export function resolveTimes(options: DoubleBufferedMetricReaderOptions): {
  intervalMillis: number;
  timeoutMillis: number;
} {
  const { exportIntervalMillis: interval, exportTimeoutMillis: timeout } = options;
  for (const [name, value] of [
    ['exportIntervalMillis', interval],
    ['exportTimeoutMillis', timeout],
  ] as const)
    if (value !== undefined) checkMillis(name, value);
  if (interval !== undefined && timeout !== undefined && timeout > interval)
    throw new MetricStoreError(
      'INVALID_OPTION',
      `exportTimeoutMillis (${timeout}) must not be longer than exportIntervalMillis (${interval})`,
    );
  const intervalMillis = interval ?? Math.max(EXPORT_INTERVAL_MILLIS_DEFAULT, timeout ?? 0);
  return {
    intervalMillis,
    timeoutMillis: timeout ?? Math.min(EXPORT_TIMEOUT_MILLIS_DEFAULT, intervalMillis),
  };
}

/** @throws MetricStoreError INVALID_OPTION when Node has no timer for it */
export function checkMillis(name: string, value: unknown): void {
  if (typeof value === 'number' && value >= 1 && value <= TIMER_MILLIS_MAX) return;
  refuseOption(name, `a number from 1 to ${TIMER_MILLIS_MAX}`, value);
}

/** @throws MetricStoreError INVALID_OPTION for what is no exporter, no producer or no function */
export function checkOptions(options: Partial<DoubleBufferedMetricReaderOptions>): void {
  const { exporter, metricProducers } = options ?? {};
  if (exporter !== undefined && typeof exporter?.export !== 'function')
    throw new MetricStoreError('INVALID_OPTION', 'exporter must have a method export(), or be left out');
  for (const name of SELECTORS) checkOption(name, options?.[name], 'function');
  const { maxExportBatchSize, delivery, flushOnExit, zeroStartMillis } = options ?? {};
  if (maxExportBatchSize !== undefined)
    checkWhole('maxExportBatchSize', maxExportBatchSize, 1, Number.MAX_SAFE_INTEGER);
  if (delivery !== undefined && !DELIVERIES.includes(delivery))
    refuseOption('delivery', DELIVERIES.map(shown).join(' or '), delivery);
  checkOption('flushOnExit', flushOnExit, 'boolean');
  if (zeroStartMillis !== undefined) checkZeroStart(zeroStartMillis);
  checkMetricProducers(metricProducers);
}

const SELECTORS = ['aggregationTemporalitySelector', 'aggregationSelector', 'cardinalitySelector'] as const;

export type Delivery = NonNullable<DoubleBufferedMetricReaderOptions['delivery']>;

const DELIVERIES: readonly Delivery[] = ['at-least-once', 'at-most-once'];
