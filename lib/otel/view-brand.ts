import type { LabelRule } from '../store/definition/label-rule.js';
import type { IAttributesProcessor, ViewOptions } from '@opentelemetry/sdk-metrics';

/** Marks a View that limits cardinality, also for a second copy of this package. */
const LIMIT = Symbol.for('otel-argo-metrics.cardinalityLimit');

/** What the store applies itself, instead of the processor that the View has for a host MeterProvider. */
export interface ViewLimit {
  readonly limit: number;
  /** The ones that the user gave. */
  readonly attributesProcessors: readonly IAttributesProcessor[];
  /** Absent in a View that an older copy of this package made. */
  readonly labels?: readonly LabelRule[];
  readonly ttlMillis?: number;
  readonly isDryRun?: true;
}

/** Undefined for a View without a limit of this library. */
export function limitOf(view: ViewOptions): ViewLimit | undefined {
  return (view as Record<symbol, unknown>)[LIMIT] as ViewLimit | undefined;
}

export function brandWithLimit(view: ViewOptions, limit: ViewLimit): ViewOptions {
  return Object.defineProperty(view, LIMIT, { value: limit, enumerable: true });
}
