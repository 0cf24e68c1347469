// What a foreign producer returned, as far as an exporter can walk it: one that gets nonsense throws, and would take the
// store's series along.
import type {
  CollectionResult,
  MetricProducer,
  ResourceMetrics,
  ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { MetricStoreError } from '../errors.js';
import { BoundedCalls, type BoundedCall } from '../guard/bounded-calls.js';
import { asError } from '../guard/thrown.js';

/** How much of a collection's time a producer is told: what it has by then must arrive before we stop waiting. */
const SHARE_OF_TIME = 0.9;

export interface ProducedMetrics {
  /** Undefined when nothing usable came in time. */
  readonly metrics: ResourceMetrics | undefined;
  readonly errors: readonly unknown[];
}

/** One producer as a reader asks it: never rejects, and hangs no longer than it is given. */
export class BoundedProducer {
  readonly #producer: MetricProducer;
  readonly #calls: BoundedCalls<CollectionResult>;
  /** Undefined: what one call took away, nobody else may have as well. */
  readonly #sharer: object | undefined;

  /** @param keepsLate for deltas, which would be lost with a late answer. */
  constructor(producer: MetricProducer, keepsLate: boolean) {
    this.#producer = producer;
    this.#sharer = keepsLate ? undefined : this;
    this.#calls = new BoundedCalls({ lateCode: 'PRODUCER_TIMEOUT', what: 'a metric producer', keepsLate });
  }

  /** "A producer that fails or hangs must not take the others' data with it." */
  async collect(timeoutMillis: number): Promise<ProducedMetrics> {
    try {
      const ask: BoundedCall<CollectionResult> = longest =>
        this.#producer.collect({ timeoutMillis: Math.ceil(longest * SHARE_OF_TIME) });
      return readProduced(await this.#calls.run(ask, timeoutMillis, this.#sharer));
    } catch (error) {
      return { metrics: undefined, errors: [asError(error, 'PRODUCER_FAILED', 'a metric producer')] };
    }
  }
}

/** Leaves out what has not the shape of metrics, and says so. */
export function readProduced(result: unknown): ProducedMetrics {
  const { resourceMetrics, errors } = (result ?? {}) as Partial<CollectionResult>;
  const given: unknown = resourceMetrics?.scopeMetrics;
  if (resourceMetrics === undefined || !isList(given))
    throw new MetricStoreError(
      'PRODUCER_FAILED',
      'a metric producer returned no resourceMetrics.scopeMetrics',
    );
  const scopeMetrics = given.flatMap(readScope);
  const isWhole =
    scopeMetrics.length === given.length && scopeMetrics.every((scope, i) => scope === given[i]);
  const leftOut = new MetricStoreError(
    'PRODUCER_FAILED',
    'a metric producer returned entries that are no metrics: they are left out',
  );
  return {
    metrics: isWhole ? resourceMetrics : { resource: resourceMetrics.resource, scopeMetrics },
    // The SDK hands on what a callback threw, even if it is nothing.
    errors: [
      ...(isList(errors) ? errors : []).map(
        error => error ?? asError(error, 'CALLBACK_FAILED', 'a callback'),
      ),
      ...(isWhole ? [] : [leftOut]),
    ],
  };
}

function readScope(entry: unknown): ScopeMetrics[] {
  const { scope, metrics } = (entry ?? {}) as { scope?: unknown; metrics?: unknown };
  if (!isObject(scope) || !isList(metrics)) return [];
  const kept = metrics.filter(isMetric);
  return [
    kept.length === metrics.length ? (entry as ScopeMetrics) : ({ scope, metrics: kept } as ScopeMetrics),
  ];
}

function isMetric(entry: unknown): boolean {
  const { descriptor, dataPoints } = (entry ?? {}) as { descriptor?: unknown; dataPoints?: unknown };
  return isObject(descriptor) && isList(dataPoints) && dataPoints.every(isObject);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}
