import { MetricStoreError } from '../errors.js';
import { provideOf } from '../producers/exposed-reader.js';
import type { ProvideMetrics, StoreMetricReader } from '../producers/exposed-reader.js';
import type { StoreReference } from '../store/store-handle.js';

/**
 * What is exposed. A store: its series, and its resource as `target_info`. A `DoubleBufferedMetricReader`: the same, and what
 * the reader has from the MeterProvider that it is registered in, the SDK's own instruments and resource, and from its
 * `metricProducers`. A scrape takes nothing away from the reader's exporter; so of a reader with delta temporality only the
 * store's series are shown, as totals.
 */
export type PrometheusSubject =
  | { readonly store: StoreReference; readonly reader?: undefined }
  | { readonly reader: StoreMetricReader; readonly store?: undefined };

export interface ResolvedSubject {
  readonly store: StoreReference;
  readonly provide: ProvideMetrics | undefined;
}

export const SUBJECT_KEYS = { store: true, reader: true } as const;

/** @throws MetricStoreError INVALID_OPTION */
export function resolveSubject({ store, reader }: PrometheusSubject): ResolvedSubject {
  if ((store === undefined) === (reader === undefined))
    throw new MetricStoreError(
      'INVALID_OPTION',
      `exactly one of store and reader must be given, got ${store === undefined ? 'neither' : 'both'}`,
    );
  if (reader === undefined) return { store, provide: undefined };
  const provide = provideOf(reader);
  return { store: reader.store, provide };
}
