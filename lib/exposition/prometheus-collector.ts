import type { Attributes } from '@opentelemetry/api';
import { TIMER_MILLIS_MAX } from '../limits.js';
import { keepAlive, withDeadline } from '../guard/deadline.js';
import { diag } from '../guard/guarded-diag.js';
import { coreOf } from '../store/store-core.js';
import type { StoreReader } from '../store/collect/store-reader.js';
import type { StreamDefinition } from '../store/definition/stream.js';
import { textOf } from '../guard/thrown.js';
import { PrometheusWriter } from './prometheus-writer.js';
import type { Exposition } from './prometheus-writer.js';
import type { Scrape } from './scrape-answers.js';
import { SharedScrape } from './shared-scrape.js';

/** How long resource attributes that are still being detected may hold up the first text. */
const RESOURCE_WAIT_MILLIS = 1000;

export interface PrometheusCollectorOptions {
  /** Which streams are collected; all when undefined. */
  readonly only?: (definition: StreamDefinition) => boolean;
  /** Counters and histograms that have had data for less are shown as 0. @defaultValue `0` */
  readonly zeroStartMillis?: number;
  /** Whether the store's resource is announced as `target_info`. */
  readonly targetInfo: boolean;
}

/** One collection, ready to be written, and why something in it is missing or stale. */
export interface PrometheusCollection {
  readonly exposition: Exposition;
  readonly isEmpty: boolean;
  readonly errors: readonly Error[];
  /**
   * Says that the exposition is read no more, by the one who was given this. When all who share the collection said so, its
   * columns are used again. More than once is as once.
   */
  readonly release: () => void;
}

/**
 * Collects a store for Prometheus, always cumulative, in the thread that calls it. Whoever asks while a collection
 * runs shares the next one.
 */
export class PrometheusCollector {
  readonly #store: object;
  readonly #reader: StoreReader;
  readonly #options: PrometheusCollectorOptions;
  readonly #writer = new PrometheusWriter();
  readonly #shared = new SharedScrape(timeoutMillis => this.#collect(timeoutMillis));
  readonly #holders = new WeakMap<Promise<PrometheusCollection>, { count: number }>();
  #resourceAttributes: Promise<Attributes> | undefined;

  /** @throws MetricStoreError NOT_A_STORE_HANDLE */
  constructor(store: object, options: PrometheusCollectorOptions) {
    this.#store = store;
    this.#options = options;
    // "The exporter MUST use cumulative temporality for all kinds."
    this.#reader = coreOf(store).openReader(() => 'cumulative', options.zeroStartMillis);
  }

  /**
   * Warns once about all that went wrong in this collection. Keeps the process alive until it has the answer.
   *
   * @param timeoutMillis bound of waiting for callbacks, beside the store's callbackTimeoutMillis
   */
  collect(timeoutMillis = TIMER_MILLIS_MAX): Promise<PrometheusCollection> {
    const shared = this.#shared.scrape(timeoutMillis);
    // Counted now: the first of those who share it may be done before the last one hears of it.
    const holders = this.#holders.get(shared) ?? { count: 0 };
    this.#holders.set(shared, holders);
    holders.count++;
    const own = shared.then(collection => {
      let isReleased = false;
      return {
        ...collection,
        release: () => {
          if (!isReleased && --holders.count === 0) collection.release();
          isReleased = true;
        },
      };
    });
    return keepAlive(own);
  }

  /** The answer to a scrape: what there is; only where that is nothing, why. */
  async scrape(timeoutMillis: number): Promise<Scrape> {
    const { exposition, isEmpty, errors, release } = await this.collect(timeoutMillis);
    if (!isEmpty || errors.length === 0) return { chunks: format => exposition.chunks(format), release };
    release();
    return { failure: errors.map(textOf).join('\n') };
  }

  async #collect(timeoutMillis: number): Promise<PrometheusCollection> {
    const { only, targetInfo } = this.#options;
    this.#resourceAttributes ??= targetInfo ? resourceAttributesOf(this.#store) : Promise.resolve({});
    const resourceAttributes = await this.#resourceAttributes;
    const cut = await this.#reader.collect({ only, timeoutMillis });
    const { streams, errors } = cut;
    if (errors.length > 0)
      diag.warn(`Collected for Prometheus with errors: ${errors.map(textOf).join('; ')}`);
    const exposition = await this.#writer.prepare(streams, { resourceAttributes });
    return { exposition, isEmpty: streams.length === 0, errors, release: () => cut.release() };
  }

  close(): void {
    this.#reader.close();
  }
}

/** What of the SDK's `Resource` is needed here. */
interface ResourceLike {
  readonly attributes?: Attributes;
  readonly asyncAttributesPending?: boolean;
  waitForAsyncAttributes?(): Promise<void>;
}

/** Whatever a resource does, it takes no series along. */
async function resourceAttributesOf(store: object): Promise<Attributes> {
  try {
    const { resource } = store as { readonly resource?: ResourceLike };
    if (resource === undefined) return {};
    await settledInTime(resource);
    return { ...resource.attributes };
  } catch (error) {
    diag.warn(`The attributes of the resource cannot be had, there is no target_info: ${textOf(error)}`);
    return {};
  }
}

async function settledInTime(resource: ResourceLike): Promise<void> {
  if (resource.asyncAttributesPending !== true) return;
  try {
    const wait = Promise.resolve(resource.waitForAsyncAttributes?.());
    await withDeadline(wait, RESOURCE_WAIT_MILLIS, 'COLLECT_TIMEOUT', 'resource detection');
  } catch (error) {
    diag.warn(`Announcing an incomplete resource: ${textOf(error)}`);
  }
}
