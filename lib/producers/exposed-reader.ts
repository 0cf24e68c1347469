// What a reader of a store gives to who exposes it to Prometheus: its store, and what else a scrape shows. Handed over on the
// reader itself, so that the layers of both do not know each other, and readers of another copy of this package are found.
import type { CollectionResult, MetricCollectOptions, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { MetricStoreError } from '../errors.js';
import { SHAPE, type StoreReference } from '../store/store-handle.js';

/** A `DoubleBufferedMetricReader`, as far as exposing it is concerned. */
export interface StoreMetricReader {
  /** The store that it reads. */
  readonly store: StoreReference;
  collect(options?: MetricCollectOptions): Promise<CollectionResult>;
}

/** What a reader knows beside its store's series. */
export interface ProvidedMetrics {
  readonly scopeMetrics: readonly ScopeMetrics[];
  /** Of the provider, once it is known; a `Resource` of the SDK. */
  readonly resource: object | undefined;
  readonly errors: readonly unknown[];
}

/** Never rejects, and takes nothing away from an exporter of the reader. */
export type ProvideMetrics = (timeoutMillis: number) => Promise<ProvidedMetrics>;

const KEY = Symbol.for(`otel-argo-metrics.provided.${SHAPE}`);

/** Lets a reader be exposed. */
export function exposeReader(reader: object, provide: ProvideMetrics): void {
  Object.defineProperty(reader, KEY, { value: provide });
}

/** @throws MetricStoreError INVALID_OPTION for any other reader */
export function provideOf(reader: unknown): ProvideMetrics {
  const provide = readKey(reader);
  if (typeof provide === 'function') return provide as ProvideMetrics;
  throw new MetricStoreError(
    'INVALID_OPTION',
    'reader must be a DoubleBufferedMetricReader of this version of the package: give any other one, if it is cumulative, as one of metricProducers, beside store',
  );
}

function readKey(reader: unknown): unknown {
  try {
    return (reader as Record<symbol, unknown>)[KEY];
  } catch {
    return undefined;
  }
}
