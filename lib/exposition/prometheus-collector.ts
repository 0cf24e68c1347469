import { MetricStoreError } from '../errors.js';
import { TIMER_MILLIS_MAX } from '../limits.js';
import { BoundedMap } from '../guard/bounded-map.js';
import { keepAlive } from '../guard/deadline.js';
import { diag } from '../guard/guarded-diag.js';
import { textOf } from '../guard/thrown.js';
import { Turns } from '../guard/turns.js';
import type { ProvideMetrics } from '../producers/exposed-reader.js';
import { ForeignMetrics, type ForeignAnswers } from '../producers/foreign-metrics.js';
import { checkMetricProducers, type MetricProducer } from '../producers/metric-producers.js';
import { coreOf } from '../store/store-core.js';
import type { AskedRound, StoreReader } from '../store/collect/store-reader.js';
import type { StreamDefinition } from '../store/definition/stream.js';
import { PrometheusWriter } from './writer/prometheus-writer.js';
import type { Exposition } from './writer/prometheus-writer.js';
import { ResourceAttributes } from './resource-attributes.js';
import type { Scrape } from './http/scrape-answers.js';

/** Complaints of producers that are remembered, so that each is said once. */
const COMPLAINTS_MAX = 100;

export interface PrometheusCollectorOptions {
  /** Which streams are collected; all when undefined. */
  readonly only?: ((definition: StreamDefinition) => boolean) | undefined;
  /** Counters and histograms that have had data for less are shown as 0. @defaultValue `0` */
  readonly zeroStartMillis?: number;
  /** Whether the resource is announced as `target_info`: the provider's of a reader, else the store's. */
  readonly targetInfo: boolean;
  /** What a reader of the store has beside its series. */
  readonly provide?: ProvideMetrics | undefined;
  readonly metricProducers?: readonly MetricProducer[] | undefined;
  /** Asked between each collection and its first byte. False: nobody may see it. */
  readonly mayBeShown?: (() => Promise<boolean>) | undefined;
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

/** What one scrape could have of others within its time. */
interface Gathered {
  readonly round: AskedRound;
  readonly foreign: ForeignAnswers;
}

/**
 * Collects a store for Prometheus, always cumulative, in the thread that calls it. Each scrape waits for callbacks and producers
 * as long as it wants to. Those who have the same of them, and come while a collection runs, share the next one.
 */
export class PrometheusCollector {
  readonly #store: object;
  readonly #reader: StoreReader;
  readonly #options: PrometheusCollectorOptions;
  readonly #writer = new PrometheusWriter();
  readonly #turns = new Turns();
  readonly #holders = new WeakMap<Promise<PrometheusCollection>, { count: number }>();
  readonly #foreign: ForeignMetrics;
  readonly #resourceAttributes = new ResourceAttributes();
  readonly #callbackTimeoutMillis: number;
  readonly #complaints = new BoundedMap<string, true>(COMPLAINTS_MAX);

  /** @throws MetricStoreError NOT_A_STORE_HANDLE, INVALID_OPTION */
  constructor(store: object, options: PrometheusCollectorOptions) {
    this.#store = store;
    this.#options = options;
    // "The exporter MUST use cumulative temporality for all kinds."
    const core = coreOf(store);
    const { provide, metricProducers = [], zeroStartMillis } = options;
    checkMetricProducers(metricProducers, core);
    this.#foreign = new ForeignMetrics(provide, metricProducers);
    this.#callbackTimeoutMillis = core.options.callbackTimeoutMillis;
    this.#reader = core.openReader(() => 'cumulative', zeroStartMillis);
  }

  /**
   * Warns once about all that went wrong in this collection. Keeps the process alive until it has the answer.
   *
   * @param timeoutMillis bound of waiting for callbacks, beside the store's callbackTimeoutMillis
   */
  collect(timeoutMillis = TIMER_MILLIS_MAX): Promise<PrometheusCollection> {
    return keepAlive(this.#gather(timeoutMillis).then(gathered => this.#share(gathered)));
  }

  async #gather(timeoutMillis: number): Promise<Gathered> {
    const [round, foreign] = await Promise.all([
      this.#reader.observe(timeoutMillis),
      this.#foreign.ask(Math.min(timeoutMillis, this.#callbackTimeoutMillis)),
    ]);
    return { round, foreign };
  }

  #share(gathered: Gathered): Promise<PrometheusCollection> {
    const { round, foreign } = gathered;
    // Of those who miss the same the last one has the newest.
    const missing = [...round.errors, ...foreign.errors].map(textOf).join('\n');
    const shared = this.#turns.share(missing, gathered, newest => this.#collect(newest));
    // Counted now: the first of those who share it may be done before the last one hears of it.
    const holders = this.#holders.get(shared) ?? { count: 0 };
    this.#holders.set(shared, holders);
    holders.count++;
    return shared.then(collection => {
      let isReleased = false;
      return {
        ...collection,
        release: () => {
          if (!isReleased && --holders.count === 0) collection.release();
          isReleased = true;
        },
      };
    });
  }

  /** The answer to a scrape: what there is; only where that is nothing, why. */
  async scrape(timeoutMillis: number): Promise<Scrape> {
    const { exposition, isEmpty, errors, release } = await this.collect(timeoutMillis);
    if (!isEmpty || errors.length === 0) return { ...exposition, release };
    release();
    return { failure: errors.map(textOf).join('\n') };
  }

  async #collect(gathered: Gathered): Promise<PrometheusCollection> {
    const { mayBeShown, only, targetInfo } = this.#options;
    const [cut, foreign] = await Promise.all([
      this.#reader.read(gathered.round, { only }),
      this.#foreign.read(gathered.foreign),
    ]);
    if ((await mayBeShown?.()) === false) {
      cut.release();
      throw new MetricStoreError('ENDPOINT_FAILED', 'what was collected may not be shown now');
    }
    const resource = targetInfo ? (foreign.resource ?? resourceOf(this.#store)) : undefined;
    const resourceAttributes = await this.#resourceAttributes.of(resource);
    const errors = [...cut.errors, ...foreign.errors];
    const news = [...cut.errors, ...foreign.errors.filter(error => this.#isNew(textOf(error)))];
    if (news.length > 0) diag.warn(`Collected for Prometheus with errors: ${news.map(textOf).join('; ')}`);
    // The store's first: of two that do not get along, the first counts.
    const streams = [...cut.streams, ...foreign.streams];
    const exposition = await this.#writer.prepare(streams, { resourceAttributes });
    return { exposition, isEmpty: streams.length === 0, errors, release: () => cut.release() };
  }

  /** A producer that complains does so at each scrape. */
  #isNew(complaint: string): boolean {
    if (this.#complaints.has(complaint)) return false;
    this.#complaints.set(complaint, true);
    return true;
  }

  close(): void {
    this.#reader.close();
  }
}

/** Of a store; where it cannot be had there is none. */
function resourceOf(store: object): object | undefined {
  try {
    return (store as { readonly resource?: object }).resource;
  } catch (error) {
    diag.warn(`The resource of the store cannot be had, there is no target_info: ${textOf(error)}`);
    return undefined;
  }
}
