import type { ViewOptions } from '@opentelemetry/sdk-metrics';

/** Marks a View that limits cardinality, also for a second copy of this package. */
const LIMIT = Symbol.for('otel-argo-metrics.cardinalityLimit');

/** The limit that the store applies itself; undefined for any other View. */
export function limitOf(view: ViewOptions): number | undefined {
  const limit = (view as Record<symbol, unknown>)[LIMIT];
  return typeof limit === 'number' ? limit : undefined;
}

export function brandWithLimit(view: ViewOptions, limit: number): ViewOptions {
  return Object.defineProperty(view, LIMIT, { value: limit });
}
