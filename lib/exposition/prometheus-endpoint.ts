import type { StoreReference } from '../store/store-handle.js';
import { checkOption, checkWhole, readOptions, refuseOption, type KeysOf } from '../store/option-checks.js';
import { textOf } from '../store/thrown.js';
import { PrometheusCollector } from './prometheus-collector.js';
import { startScrapeServer } from './scrape-server.js';
import type { Scrape, ScrapeServer } from './scrape-server.js';
import { SharedScrape } from './shared-scrape.js';

/** Where and how a store is exposed to Prometheus. */
export interface PrometheusOptions {
  /**
   * Name or address to listen on.
   *
   * @defaultValue `'localhost'`
   */
  host?: string;
  /**
   * TCP port; 0 takes any that is free, `url` says which.
   *
   * @defaultValue `9464`
   */
  port?: number;
  /**
   * Where the metrics are; anything else is not found.
   *
   * @defaultValue `'/metrics'`
   */
  path?: string;
  /**
   * Whether the resource is announced as `target_info`.
   *
   * @defaultValue `true`
   */
  targetInfo?: boolean;
}

const ENDPOINT_KEYS: KeysOf<{ store: StoreReference } & PrometheusOptions> = {
  store: true,
  host: true,
  port: true,
  path: true,
  targetInfo: true,
};

const PORT_MAX = 65_535;
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
 * @throws {MetricStoreError} INVALID_OPTION, ENDPOINT_FAILED (the port is taken, for example), NOT_A_STORE_HANDLE.
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
  const { store, host = 'localhost', port = 9464, path = '/metrics', targetInfo = true } = options;
  if (typeof host !== 'string' || host === '') refuseOption('host', 'a name or an address', host);
  checkWhole('port', port, 0, PORT_MAX);
  if (typeof path !== 'string' || !REQUEST_PATH.test(path))
    refuseOption('path', 'a path as a client sends it, such as "/metrics"', path);
  checkOption('targetInfo', targetInfo, 'boolean');
  const collector = new PrometheusCollector(store, { targetInfo });
  const shared = new SharedScrape(async (timeoutMillis): Promise<Scrape> => {
    const { chunks, isEmpty, errors } = await collector.collect(timeoutMillis);
    return isEmpty && errors.length > 0 ? { failure: errors.map(textOf).join('\n') } : { chunks };
  });
  let server: ScrapeServer;
  try {
    server = await startScrapeServer({
      host,
      port,
      path,
      scrape: timeoutMillis => shared.scrape(timeoutMillis),
    });
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
