import { keepAlive } from '../guard/deadline.js';
import { plainClone } from '../guard/plain-clone.js';
import { MetricStoreError } from '../errors.js';
import { ResourceAttributes } from '../exposition/resource-attributes.js';
import { HostReader, type IMetricReader } from '../otel/host-reader.js';
import { coreOf } from '../store/store-core.js';
import {
  resolveCollectorOptions,
  type CollectorThreadOptions,
  type ResolvedCollectorOptions,
} from './collector-options.js';
import { ThreadKeeper } from './thread-keeper.js';

/** A running collector thread, and those that take its place when it ends. */
export interface CollectorThread {
  /** What to scrape, with the port that was really taken; the same after a restart. Undefined without `prometheus`. */
  readonly url: string | undefined;
  /** How often a thread has taken the place of one that ended. */
  readonly restarts: number;
  /**
   * For a MeterProvider of the SDK in this thread: `new MeterProvider({ readers: [collector.reader] })`. What its own instruments
   * count is served and exported beside the store's, with the provider's resource, by its Views, in the aggregations that the
   * exporter wishes for; always as totals, also where the exporter wishes for deltas. Each collection asks this thread. While it does not answer, its last answer
   * is shown, for `hostMaxAgeMillis`; `otel_argo_metrics_host_age_seconds` says how old that is. `forceFlush()` is that of the collector
   * thread. `shutdown()` exports once more, then the provider's instruments are not shown any more; the store's are.
   */
  readonly reader: IMetricReader;
  /**
   * Resolves when there will be no collector thread any more: with why the last one ended, or with undefined after
   * `shutdown()`. Never rejects, and keeps no process alive.
   */
  readonly closed: Promise<{ readonly cause: unknown }>;
  /**
   * Collects, exports and flushes the exporter. Resolves also when an export fails, which is said through `diag` and counted, as
   * that of a reader does.
   *
   * @throws MetricStoreError COLLECTOR_FAILED when no thread runs at the moment, or it ends meanwhile; EXPORT_FAILED with
   * what the exporter's own forceFlush() gave; EXPORT_TIMEOUT when the exporter never gives its thread back (rejections)
   */
  forceFlush(): Promise<void>;
  /**
   * Exports for the last time, stops listening and ends the thread, whatever fails on the way. Idempotent; the store goes on.
   *
   * @throws MetricStoreError EXPORT_TIMEOUT, EXPORT_FAILED, COLLECTOR_FAILED when the last export was not made (rejections)
   */
  shutdown(): Promise<void>;
}

/**
 * Collects a store in a thread of its own, which serves it to Prometheus, or sends it with an exporter, or both, whatever the
 * other threads are busy with. Call it in one thread, once the store was created; it keeps no process alive.
 *
 * - *Ended threads.* A thread that ends (out of memory, terminated, an exporter that throws where nobody catches it) is started
 *   again after a pause, on the same port. Totals go on exactly. Of deltas nothing is recorded twice, and what is lost is
 *   what an exporter had in its hands at that moment: it is counted (`deltaBatchesInDoubt`) and said through `diag`.
 * - *The end of the process.* After `process.exit()`, an uncaught error, or when there is nothing left to do, what was
 *   recorded last is exported, for `flushOnExitMillis` at most. Callbacks of observables are not asked any more then.
 *   Only the end of the thread that called this is noticed: call it in the main thread where `process.exit()` may be called there.
 * - *The resource* is that of the store, read here; what its detectors find within a second is part of it.
 * - What the thread has to say goes through `diag` of the thread that started it.
 *
 * @throws MetricStoreError INVALID_OPTION, NOT_A_STORE_HANDLE, NOT_SHARED, ENDPOINT_FAILED, TOO_MANY_DELTA_READERS,
 * COLLECTOR_FAILED (rejections)
 * @example
 * ```ts
 * const collector = await startCollectorThread({
 *   store,
 *   prometheus: { port: 9464 },
 *   exporterModule: new URL('./exporter.js', import.meta.url),
 * });
 * ```
 */
export async function startCollectorThread(options: CollectorThreadOptions): Promise<CollectorThread> {
  const resolved = resolveCollectorOptions(options);
  const core = coreOf(resolved.store);
  if (!core.options.shared)
    throw new MetricStoreError(
      'NOT_SHARED',
      'this store was created with shared: false, and a collector thread is another thread',
    );
  const resource = await keepAlive(new ResourceAttributes().of(core.resource));
  const keeper = new ThreadKeeper(core, resolved, plainClone(resource));
  await keeper.start();
  const reader = hostReaderOf(keeper, resolved, core.options.callbackTimeoutMillis);
  let end: Promise<void> | undefined;
  return {
    reader,
    get url() {
      return keeper.url;
    },
    get restarts() {
      return keeper.restarts;
    },
    closed: keeper.closed,
    forceFlush: () => keepAlive(keeper.call('flush')),
    shutdown: () => (end ??= keepAlive(keeper.shutdown())),
  };
}

function hostReaderOf(
  keeper: ThreadKeeper,
  { exporter, flushOnExitMillis }: ResolvedCollectorOptions,
  timeoutMillis: number,
): HostReader {
  const { host } = keeper;
  const isExported = exporter !== undefined && flushOnExitMillis > 0;
  const reader = new HostReader({
    get isOpen() {
      return keeper.isOpen;
    },
    aggregations: host.aggregations,
    timeoutMillis,
    tell: isThere => host.tell(isThere),
    flush: () => keeper.call('flush'),
    offer: isExported ? () => host.answer({ timeoutMillis: flushOnExitMillis }) : undefined,
  });
  host.reader = reader;
  return reader;
}
