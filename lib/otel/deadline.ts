import { MetricStoreError, type ErrorCode } from '../errors.js';

/** Rejects with `code` when `work` has not settled in time. The work itself goes on; what it does later is ignored. */
export function withDeadline<T>(
  work: Promise<T>,
  timeoutMillis: number,
  code: ErrorCode,
  what: string,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void =>
      reject(new MetricStoreError(code, `${what} did not finish within ${timeoutMillis} ms`));
    const timer = setTimeout(late, timeoutMillis);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** An Error for whatever was thrown: `undefined` and `null` are thrown too. */
export function asError(reason: unknown, code: ErrorCode, what: string): Error {
  return reason instanceof Error
    ? reason
    : new MetricStoreError(code, `${what} failed with ${String(reason)}`);
}
