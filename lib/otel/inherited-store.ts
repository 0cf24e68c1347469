// How a worker thread comes by the store of the thread that started it, without a line of code that hands it over: environment data,
// which every Worker inherits when it is made.
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { MetricStoreError } from '../errors.js';
import { readOptions } from '../guard/option-checks.js';
import { coreOf } from '../store/store-core.js';
import type { StoreHandle } from '../store/store-handle.js';
import { ATTACH_KEYS, attachStore, type AttachStoreOptions } from './metric-store.js';
import type { MetricStore } from './store-interface.js';

const KEY = 'otel-argo-metrics.store';

/**
 * Makes the store that of every worker thread which this thread, or one of those, starts from now on: `inheritedStore()` gives it
 * there. One that is shared later takes its place. For a file that is preloaded (`node --import ./metrics.mjs app.js`) in the place of
 * `otel-argo-metrics/register`, for a store with Views or options of its own.
 *
 * @throws MetricStoreError NOT_A_STORE_HANDLE, NOT_SHARED
 * @example
 * ```ts
 * const inherited = inheritedStore();
 * const store = inherited ?? createStore({ views });
 * metrics.setGlobalMeterProvider(store);
 * if (inherited === undefined) {
 *   shareWithWorkers(store);
 *   await startCollectorThread({ store, prometheus: {} });
 * }
 * ```
 */
export function shareWithWorkers(store: MetricStore): void {
  const core = coreOf(store);
  if (!core.options.shared)
    throw new MetricStoreError(
      'NOT_SHARED',
      'this store was created with shared: false, and a worker thread is another thread',
    );
  setEnvironmentData(KEY, store.handle);
}

/**
 * The store that `shareWithWorkers()` or `otel-argo-metrics/register` made that of this thread, attached; undefined where there is none. Also
 * in the thread that shared it.
 *
 * @throws MetricStoreError LAYOUT_MISMATCH when another version of the package shared it; VIEW_MISSING, VIEWS_MISMATCH, INVALID_OPTION, as
 * `attachStore`
 */
export function inheritedStore(options: AttachStoreOptions = {}): MetricStore | undefined {
  const own = readOptions('the options of inheritedStore()', options, ATTACH_KEYS);
  const handle: unknown = getEnvironmentData(KEY);
  return handle === undefined ? undefined : attachStore(handle as StoreHandle, own);
}
