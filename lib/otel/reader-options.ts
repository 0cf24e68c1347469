import type {
  AggregationSelector,
  AggregationTemporalitySelector,
  InstrumentType,
  MetricProducer,
  PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { MetricStoreError } from '../errors.js';
import type { MetricStore } from './metric-store.js';

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

const INTERVAL_DEFAULT = 60_000;
const TIMEOUT_DEFAULT = 30_000;
/** What a timer of Node takes. */
const TIMER_MAX = 2 ** 31 - 1;

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
    if (value !== undefined && !(Number.isFinite(value) && value > 0 && value <= TIMER_MAX))
      throw new MetricStoreError(
        'INVALID_OPTION',
        `${name} must be a number from 1 to ${TIMER_MAX}, got ${String(value)}`,
      );
  if (interval !== undefined && timeout !== undefined && timeout > interval)
    throw new MetricStoreError(
      'INVALID_OPTION',
      `exportTimeoutMillis (${timeout}) must not be longer than exportIntervalMillis (${interval})`,
    );
  const intervalMillis = interval ?? Math.max(INTERVAL_DEFAULT, timeout ?? 0);
  return { intervalMillis, timeoutMillis: timeout ?? Math.min(TIMEOUT_DEFAULT, intervalMillis) };
}
