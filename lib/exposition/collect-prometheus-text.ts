import type { StoreReference } from '../store/store-handle.js';
import { checkOption, readOptions, type KeysOf } from '../store/option-checks.js';
import { PrometheusCollector } from './prometheus-collector.js';

/** What of a store is written as text. */
export interface PrometheusTextRequest {
  /** A store of `createStore` or `attachStore`. */
  store: StoreReference;
  /**
   * Only what Argo-style custom metrics recorded, under exactly the names they were declared with.
   *
   * @defaultValue `false`
   */
  customMetricsOnly?: boolean;
  /**
   * Whether the resource is announced as `target_info`.
   *
   * @defaultValue `true`, or `false` with `customMetricsOnly`
   */
  targetInfo?: boolean;
}

const REQUEST_KEYS: KeysOf<PrometheusTextRequest> = {
  store: true,
  customMetricsOnly: true,
  targetInfo: true,
};

/**
 * Collects the store once, in the calling thread, and gives out the Prometheus text (format 0.0.4) in chunks of about 64
 * Ki characters: what an endpoint would have answered, for who has another way to deliver it. Equal data give equal
 * text. What is missing because a collection failed is told to the `diag` logger.
 *
 * @throws {MetricStoreError} NOT_A_STORE_HANDLE, INVALID_OPTION, at the first step of the iteration.
 * @example
 * ```ts
 * for await (const chunk of collectPrometheusText({ store })) process.stdout.write(chunk);
 * ```
 */
export async function* collectPrometheusText(
  request: PrometheusTextRequest,
): AsyncGenerator<string, void, undefined> {
  request = readOptions('the request of collectPrometheusText()', request, REQUEST_KEYS);
  for (const name of ['customMetricsOnly', 'targetInfo'] as const)
    checkOption(name, request[name], 'boolean');
  const { store, customMetricsOnly = false, targetInfo = !customMetricsOnly } = request;
  const collector = new PrometheusCollector(store, {
    targetInfo,
    ...(customMetricsOnly && { only: definition => definition.verbatim }),
  });
  try {
    const { chunks } = await collector.collect();
    yield* chunks();
  } finally {
    collector.close();
  }
}
