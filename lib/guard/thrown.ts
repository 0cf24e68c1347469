// What foreign code throws: anything, `undefined`, revoked proxies and errors whose text throws in turn. Never throws.
import { MetricStoreError, type ErrorCode } from '../errors.js';

export function textOf(reason: unknown): string {
  try {
    return String(reason);
  } catch {
    return 'something that cannot be shown';
  }
}

/** An Error for whatever was thrown; an Error stays what it is. */
export function asError(reason: unknown, code: ErrorCode, what: string): Error {
  return isError(reason) ? reason : new MetricStoreError(code, `${what} failed with ${textOf(reason)}`);
}

function isError(reason: unknown): reason is Error {
  try {
    return reason instanceof Error;
  } catch {
    return false;
  }
}
