import type { StoreReference } from '../store/store-handle.js';
import { checkOption, checkWhole, readOptions, refuseOption, type KeysOf } from '../guard/option-checks.js';
import { textOf } from '../guard/thrown.js';
import { checkAllowedHosts } from './allowed-hosts.js';
import { PrometheusCollector } from './prometheus-collector.js';
import { startScrapeServer } from './scrape-server.js';
import type { Scrape, ScrapeServer, ScrapeServerOptions } from './scrape-server.js';
import { checkZeroStart } from '../store/collect/zero-start.js';

/** Where and how a store is exposed to Prometheus. */
export interface PrometheusOptions {
  /**
   * Name or address to listen on.
   *
   * @defaultValue `'localhost'`
   */
  readonly host?: string;
  /**
   * TCP port; 0 takes any that is free, `url` says which.
   *
   * @defaultValue `9464`
   */
  readonly port?: number;
  /**
   * Where the metrics are; anything else is not found.
   *
   * @defaultValue `'/metrics'`
   */
  readonly path?: string;
  /**
   * Whether the resource is announced as `target_info`.
   *
   * @defaultValue `true`
   */
  readonly targetInfo?: boolean;
  /**
   * Counters and histograms that have had data for less than this are shown as 0, 0 to 3,600,000 milliseconds. Without
   * it the first value of a series is no increase for Prometheus, which sees it from there on only. Set it to 1.25 times
   * the scrape interval. Age counts from the first collection with data; after a series expired, it begins anew. What
   * callbacks observe is not concerned.
   *
   * @defaultValue `0`, which is off
   */
  readonly zeroStartMillis?: number;
  /**
   * Answers under way at once, 1 to 64. One more gets 503 with `Retry-After: 1`. Each holds a collection in memory until
   * its client has taken it.
   *
   * @defaultValue `8`
   */
  readonly scrapesMax?: number;
  /**
   * How long a client may take for its answer, in milliseconds, 1,000 to 600,000. A slower one is cut off.
   *
   * @defaultValue `60_000`
   */
  readonly answerTimeoutMillis?: number;
  /**
   * Names and addresses, without a port, that a request may be sent to; others get 403. `host` and the names of this
   * machine (`localhost`, `*.localhost`, `127.0.0.0/8`, `[::1]`) are always allowed, `'*'` allows all. Guards against web
   * pages that make a name of their own mean this machine (DNS rebinding).
   *
   * @defaultValue `[]` where `host` is an address of loopback, `['*']` elsewhere
   */
  readonly allowedHosts?: readonly string[];
}

const ENDPOINT_KEYS: KeysOf<{ store: StoreReference } & PrometheusOptions> = {
  store: true,
  host: true,
  port: true,
  path: true,
  targetInfo: true,
  zeroStartMillis: true,
  scrapesMax: true,
  answerTimeoutMillis: true,
  allowedHosts: true,
};

const PORT_MAX = 65_535;
const SCRAPES_DEFAULT = 8;
const SCRAPES_MAX = 64;
const ANSWER_MILLIS_DEFAULT = 60_000;
const ANSWER_MILLIS_MIN = 1000;
const ANSWER_MILLIS_MAX = 600_000;
/** What can stand in a request line before its query: only then can a scrape ask for it. */
const REQUEST_PATH = /^\/[!"$->@-~]*$/;

/** A running endpoint. */
export interface PrometheusEndpoint {
  /** What to scrape, with the port that was really taken. */
  readonly url: string;
  /** Stops listening; answers under way get two seconds to finish. Idempotent, never rejects. */
  shutdown(): Promise<void>;
}

/**
 * Serves the store's series as Prometheus text, collected in the calling thread, whichever threads recorded them.
 *
 * Scrapes that come together share a collection. One waits for callbacks of observables at most for four fifths of the
 * scraper's own timeout, which Prometheus sends along (8 s when nobody says), and `callbackTimeoutMillis`. A collection with errors is served as far as it goes, with one warning
 * in the log; only when there is nothing at all is the answer 500. The endpoint does not keep the process alive: a
 * program that has nothing else to do ends. Call it in any thread that has the store.
 *
 * @throws MetricStoreError INVALID_OPTION, ENDPOINT_FAILED (the port is taken, for example), NOT_A_STORE_HANDLE.
 * @example
 * ```ts
 * const endpoint = await startPrometheusEndpoint({ store, port: 9464 });
 * console.log(`Scrape ${endpoint.url}`);
 * ```
 */
export async function startPrometheusEndpoint(
  options: { store: StoreReference } & PrometheusOptions,
): Promise<PrometheusEndpoint> {
  options = readOptions('the options of startPrometheusEndpoint()', options, ENDPOINT_KEYS);
  const { store, targetInfo = true, zeroStartMillis = 0, ...place } = options;
  checkOption('targetInfo', targetInfo, 'boolean');
  checkZeroStart(zeroStartMillis);
  const listening = listeningOptions(place);
  const collector = new PrometheusCollector(store, { targetInfo, zeroStartMillis });
  const scrape = async (timeoutMillis: number): Promise<Scrape> => {
    const { chunks, isEmpty, errors } = await collector.collect(timeoutMillis);
    return isEmpty && errors.length > 0 ? { failure: errors.map(textOf).join('\n') } : { chunks };
  };
  let server: ScrapeServer;
  try {
    server = await startScrapeServer({ ...listening, scrape });
  } catch (error) {
    collector.close();
    throw error;
  }
  return {
    url: server.url,
    shutdown: async () => {
      await server.close();
      collector.close();
    },
  };
}

/** @throws MetricStoreError INVALID_OPTION */
function listeningOptions({
  host = 'localhost',
  port = 9464,
  path = '/metrics',
  scrapesMax = SCRAPES_DEFAULT,
  answerTimeoutMillis = ANSWER_MILLIS_DEFAULT,
  allowedHosts,
}: Omit<PrometheusOptions, 'targetInfo' | 'zeroStartMillis'>): Omit<ScrapeServerOptions, 'scrape'> {
  if (typeof host !== 'string' || host === '') refuseOption('host', 'a name or an address', host);
  checkWhole('port', port, 0, PORT_MAX);
  if (typeof path !== 'string' || !REQUEST_PATH.test(path))
    refuseOption('path', 'a path as a client sends it, such as "/metrics"', path);
  checkWhole('scrapesMax', scrapesMax, 1, SCRAPES_MAX);
  checkWhole('answerTimeoutMillis', answerTimeoutMillis, ANSWER_MILLIS_MIN, ANSWER_MILLIS_MAX);
  checkAllowedHosts(allowedHosts);
  return { host, port, path, scrapesMax, answerTimeoutMillis, allowedHosts };
}
