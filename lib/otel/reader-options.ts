import type {
  AggregationSelector,
  AggregationTemporalitySelector,
  InstrumentType,
  MetricProducer,
  PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { MetricStoreError } from '../errors.js';
import { EXPORT_INTERVAL_DEFAULT, EXPORT_TIMEOUT_DEFAULT, TIMER_MILLIS_MAX } from '../limits.js';
import { checkOption, readOptions, type KeysOf } from '../store/option-checks.js';
import { textOf } from '../store/thrown.js';
import type { MetricStore } from './store-interface.js';

/** Options of {@link DoubleBufferedMetricReader}. Times in milliseconds. */
export interface DoubleBufferedMetricReaderOptions {
  readonly store: MetricStore;
  /** None: a pull reader, call `collect()`. */
  readonly exporter?: PushMetricExporter;
  /** @default 60000 */
  readonly exportIntervalMillis?: number;
  /** Bound of one export, and of each wait of a collection. @default 30000, or the interval if that is shorter */
  readonly exportTimeoutMillis?: number;
  /** @default the exporter's, else cumulative */
  readonly aggregationTemporalitySelector?: AggregationTemporalitySelector;
  /** For the provider's own instruments. @default the exporter's, else the SDK's default */
  readonly aggregationSelector?: AggregationSelector;
  /** For the provider's own instruments: the store is shared by readers and has limits of its own. @default 2000 */
  readonly cardinalitySelector?: (instrumentType: InstrumentType) => number;
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
  const intervalMillis = interval ?? Math.max(EXPORT_INTERVAL_DEFAULT, timeout ?? 0);
  return { intervalMillis, timeoutMillis: timeout ?? Math.min(EXPORT_TIMEOUT_DEFAULT, intervalMillis) };
}

/** @throws MetricStoreError INVALID_OPTION when Node has no timer for it */
export function checkMillis(name: string, value: unknown): void {
  if (typeof value === 'number' && value >= 1 && value <= TIMER_MILLIS_MAX) return;
  throw new MetricStoreError(
    'INVALID_OPTION',
    `${name} must be a number from 1 to ${TIMER_MILLIS_MAX}, got ${textOf(value)}`,
  );
}

/** @throws MetricStoreError INVALID_OPTION for what is no exporter, no producer or no function */
export function checkOptions(options: Partial<DoubleBufferedMetricReaderOptions>): void {
  const { exporter, metricProducers } = options ?? {};
  if (exporter !== undefined && typeof exporter?.export !== 'function')
    throw new MetricStoreError('INVALID_OPTION', 'exporter must have a method export(), or be left out');
  for (const name of SELECTORS) checkOption(name, options?.[name], 'function');
  if (metricProducers === undefined) return;
  if (!isList(metricProducers) || !metricProducers.every(producer => typeof producer?.collect === 'function'))
    throw new MetricStoreError(
      'INVALID_OPTION',
      'metricProducers must be an array of objects with collect()',
    );
  if (new Set(metricProducers).size < metricProducers.length)
    throw new MetricStoreError(
      'INVALID_OPTION',
      'metricProducers names one producer twice, which would export it twice',
    );
}

const SELECTORS = ['aggregationTemporalitySelector', 'aggregationSelector', 'cardinalitySelector'] as const;

/** `Array.isArray` as a plain question: its narrowing would make `any` of the elements. */
function isList(value: unknown): boolean {
  return Array.isArray(value);
}
