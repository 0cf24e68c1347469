// Waits that end. Their timers keep no process alive, so one that has nothing else to do ends although an exporter, a
// producer or a callback hangs; what a caller waits for is held by `keepAlive`. Any thread.
import { MetricStoreError, type ErrorCode } from '../errors.js';
import { TIMER_MILLIS_MAX } from '../limits.js';

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
    unref(timer);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Keeps the process alive until `work` settles, so that who awaits it gets the answer. Only for work that ends. */
export function keepAlive<T>(work: Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, TIMER_MILLIS_MAX);
  return work.finally(() => clearInterval(timer));
}

/** Lets the process end although the timer runs. Where tests imitate a browser, a timer is a number, and holds nothing. */
export function unref(timer: NodeJS.Timeout | number): void {
  if (typeof timer === 'object') timer.unref();
}
