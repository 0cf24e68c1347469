import { isMainThread, threadId } from 'node:worker_threads';

const KEY = Symbol.for('otel-argo-metrics.stores-created.1');

/**
 * A number for a new store that no other store of the process has: `0`, `1`, … in the main thread, `7.0`, `7.1`, … in thread
 * 7. Unlike an ID it is the same in each run of a program, as a metric attribute must be.
 */
export function nextStoreNumber(): string {
  // On the global object, because a second copy of this package must not begin at 0.
  const scope = globalThis as { [KEY]?: number };
  const number = scope[KEY] ?? 0;
  scope[KEY] = number + 1;
  return isMainThread ? `${number}` : `${threadId}.${number}`;
}
