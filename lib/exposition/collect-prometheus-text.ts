import type { StoreReference } from '../store/store-handle.js';
import { checkOption, readOptions, type KeysOf } from '../guard/option-checks.js';
import type { StreamDefinition } from '../store/definition/stream.js';
import { textsOf } from './chunk-texts.js';
import { TEXT_FORMAT } from './negotiation/exposition-format.js';
import { keptCollector } from './kept-collectors.js';
import { paced } from './paced.js';
import { checkZeroStart } from '../store/collect/zero-start.js';

/** What of a store is written as text. */
export interface PrometheusTextRequest {
  /** A store of `createStore` or `attachStore`. */
  readonly store: StoreReference;
  /**
   * Only what Argo-style custom metrics recorded, under exactly the names they were declared with.
   *
   * @defaultValue `false`
   */
  readonly customMetricsOnly?: boolean;
  /**
   * Whether the resource is announced as `target_info`.
   *
   * @defaultValue `true`, or `false` with `customMetricsOnly`
   */
  readonly targetInfo?: boolean;
  /**
   * Counters and histograms that have had data for less than this are shown as 0, 0 to 3,600,000 milliseconds; see the
   * endpoint's option.
   *
   * @defaultValue `0`, which is off
   */
  readonly zeroStartMillis?: number;
}

const REQUEST_KEYS: KeysOf<PrometheusTextRequest> = {
  store: true,
  customMetricsOnly: true,
  targetInfo: true,
  zeroStartMillis: true,
};

/**
 * Collects the store once, in the calling thread, and gives out the Prometheus text (format 0.0.4) in chunks of about 64
 * Ki characters: what an endpoint would have answered, for who has another way to deliver it. Equal data give equal
 * text. What is missing because a collection failed is told to the `diag` logger.
 *
 * Like an endpoint, it remembers the labels of all series for the next call, says a warning once, lets calls that come
 * together share a collection, and lets other work of the thread have its turn between two chunks.
 *
 * @throws MetricStoreError NOT_A_STORE_HANDLE, INVALID_OPTION, at the first step of the iteration.
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
  const { store, customMetricsOnly = false, targetInfo = !customMetricsOnly, zeroStartMillis = 0 } = request;
  checkZeroStart(zeroStartMillis);
  const only = customMetricsOnly ? isCustom : undefined;
  const collector = keptCollector(store, { only, targetInfo, zeroStartMillis });
  const { exposition, release } = await collector.collect();
  try {
    yield* paced(textsOf(await exposition.chunks(TEXT_FORMAT)));
  } finally {
    release();
  }
}

const isCustom = ({ verbatim }: StreamDefinition): boolean => verbatim;
