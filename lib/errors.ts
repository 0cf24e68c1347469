/**
 * Every reason for which the library refuses to go on. A closed union: code that switches over it can be exhaustive.
 *
 * Misuse by the programmer throws a {@link MetricStoreError} with one of these. Bad data never throws: it is counted
 * in `store.statistics()` or returned as a `Diagnostic`. docs/errors.md says when each comes and what to do.
 */
export type ErrorCode =
  | 'ALREADY_REGISTERED'
  | 'BUDGET_TOO_SMALL'
  | 'CALLBACK_FAILED'
  | 'CALLBACK_TIMEOUT'
  | 'COLLECTOR_FAILED'
  | 'COLLECT_TIMEOUT'
  | 'ENDPOINT_FAILED'
  | 'EXPORT_FAILED'
  | 'EXPORT_TIMEOUT'
  | 'HANDLE_CROSSED_PROCESS'
  | 'HOST_VERSION_UNSUPPORTED'
  | 'IMPOSSIBLE'
  | 'INVALID_OPTION'
  | 'KUBECONFIG_UNSUPPORTED'
  | 'LAYOUT_MISMATCH'
  | 'MEMORY_UNAVAILABLE'
  | 'NOT_A_STORE_HANDLE'
  | 'NOT_SHARED'
  | 'PRODUCER_FAILED'
  | 'PRODUCER_TIMEOUT'
  | 'READER_SHUT_DOWN'
  | 'RESTORE_TOO_LATE'
  | 'STALLED_WRITER'
  | 'STATE_REFUSED'
  | 'STATE_TAKEN'
  | 'TOO_MANY_DELTA_READERS'
  | 'VIEWS_MISMATCH'
  | 'VIEW_MISSING'
  | 'WEBASSEMBLY_UNAVAILABLE';

const BRAND = Symbol.for('otel-argo-metrics.MetricStoreError');

/** What the library throws on misuse, and what it puts into `errors[]` of a collection. */
export class MetricStoreError extends Error {
  override readonly name = 'MetricStoreError';
  readonly code: ErrorCode;

  /** @param message says what was given, what the bound is, and how to get out of it. */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(`${message} [${code}]`, options);
    this.code = code;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Recognises a {@link MetricStoreError} of any copy of this package, which `instanceof` does not. */
export function isMetricStoreError(value: unknown): value is MetricStoreError {
  try {
    return typeof value === 'object' && value !== null && BRAND in value;
  } catch {
    return false; // A proxy that does not want to be looked at.
  }
}
