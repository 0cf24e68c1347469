import { checkOption, checkWhole, readOptions, refuseOption, type KeysOf } from '../guard/option-checks.js';
import { coreOf } from '../store/store-core.js';
import { checkAllowedHosts } from './http/allowed-hosts.js';
import { pagePaths } from './page/page-paths.js';
import { PrometheusCollector } from './prometheus-collector.js';
import { HANDLER_KEYS, resolveContent, resolveLimits } from './prometheus-options.js';
import type { PrometheusHandlerOptions } from './prometheus-options.js';
import { resolveSubject, SUBJECT_KEYS } from './prometheus-subject.js';
import type { PrometheusSubject } from './prometheus-subject.js';
import { StatusAnswers, type StatusCheck } from './http/status-answers.js';
import type { Scrape } from './http/scrape-answers.js';
import { startScrapeServer } from './http/scrape-server.js';
import type { ScrapeServer, ScrapeServerOptions } from './http/scrape-server.js';

/** Where and how a store, or a reader, is exposed to Prometheus. */
export interface PrometheusOptions extends PrometheusHandlerOptions {
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
   * Names and addresses, without a port, that a request may be sent to; others get 403. `host` and the names of this
   * machine (`localhost`, `*.localhost`, `127.0.0.0/8`, `[::1]`) are always allowed, `'*'` allows all. Guards against web
   * pages that make a name of their own mean this machine (DNS rebinding).
   *
   * @defaultValue `[]` where `host` is an address of loopback, `['*']` elsewhere
   */
  readonly allowedHosts?: readonly string[];
  /**
   * Whether there is a page for people at `/`, and the JSON that it shows at `/api/cardinality`: the series of each metric, the
   * label that makes them, the heaviest values of labels, and a View to paste. Who reaches the endpoint reads label values
   * there, as at `path`; names of metrics and labels are shown as they were recorded. Where `path` is `/` there is neither.
   *
   * @defaultValue `true`
   */
  readonly page?: boolean;
}

const PLACE_KEYS = { host: true, port: true, path: true, allowedHosts: true, page: true } as const;

const ENDPOINT_KEYS: KeysOf<{ store: unknown; reader: unknown } & PrometheusOptions> = {
  ...SUBJECT_KEYS,
  ...PLACE_KEYS,
  ...HANDLER_KEYS,
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
 * Serves the store's series as Prometheus text, collected in the calling thread, whichever threads recorded them; with a
 * reader in the place of the store, the SDK's own instruments, further producers and the SDK's resource too.
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
  options: PrometheusSubject & PrometheusOptions,
): Promise<PrometheusEndpoint> {
  options = readOptions('the options of startPrometheusEndpoint()', options, ENDPOINT_KEYS) as typeof options;
  return startGatedEndpoint(options);
}

/** For who has the address before he has the numbers, and decides of each collection whether it may be shown. */
export interface EndpointGate {
  /** Before it, nothing is collected: who asks waits. */
  readonly opened: Promise<unknown>;
  /** Asked before the first byte of a collection; false: the scrape gets an error. */
  readonly mayBeShown?: (() => Promise<boolean>) | undefined;
  /** What else is answered, by path, whether it is open or not. The path of the metrics counts first. */
  readonly checks?: ReadonlyMap<string, StatusCheck> | undefined;
}

/** The same, behind a gate. */
export async function startGatedEndpoint(
  options: PrometheusSubject & PrometheusOptions,
  { opened, mayBeShown, checks = new Map() }: EndpointGate = { opened: Promise.resolve() },
): Promise<PrometheusEndpoint> {
  const { gzipLevel, openMetrics, protobuf, ...content } = resolveContent(options);
  const limits = resolveLimits(options);
  const { page, ...place } = placeOf(options);
  const { store, provide } = resolveSubject(options);
  const core = coreOf(store);
  const collector = new PrometheusCollector(store, { ...content, provide, mayBeShown });
  const scrape = (timeoutMillis: number): Promise<Scrape> =>
    opened.then(() => collector.scrape(timeoutMillis));
  const report = () => opened.then(() => core.cardinalityReports.get({}));
  let server: ScrapeServer;
  try {
    server = await startScrapeServer({
      ...place,
      ...limits,
      gzipLevel,
      formats: { openMetrics, protobuf },
      scrape,
      otherPaths: new Map([
        ...(page ? pagePaths(report, place.path, { ...limits, gzipLevel }) : []),
        ...[...checks].map(([path, check]) => [path, new StatusAnswers(check)] as const),
      ]),
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

/** Options of an endpoint that another thread starts: plain data. */
export type RemotePrometheusOptions = Omit<PrometheusOptions, 'metricProducers'>;

const { metricProducers: _, ...REMOTE_KEYS } = { ...PLACE_KEYS, ...HANDLER_KEYS };

/**
 * What another thread can give to `startPrometheusEndpoint`, checked here, where a mistake is made.
 *
 * @throws MetricStoreError INVALID_OPTION
 */
export function readRemoteOptions(name: string, value: unknown): RemotePrometheusOptions {
  const options = readOptions<RemotePrometheusOptions>(name, value, REMOTE_KEYS);
  resolveContent(options);
  resolveLimits(options);
  placeOf(options);
  return { ...options };
}

/** @throws MetricStoreError INVALID_OPTION */
function placeOf({
  host = 'localhost',
  port = 9464,
  path = '/metrics',
  allowedHosts,
  page = true,
}: PrometheusOptions): Pick<ScrapeServerOptions, 'host' | 'port' | 'path' | 'allowedHosts'> & {
  page: boolean;
} {
  if (typeof host !== 'string' || host === '') refuseOption('host', 'a name or an address', host);
  checkWhole('port', port, 0, PORT_MAX);
  if (typeof path !== 'string' || !REQUEST_PATH.test(path))
    refuseOption('path', 'a path as a client sends it, such as "/metrics"', path);
  checkAllowedHosts(allowedHosts);
  checkOption('page', page, 'boolean');
  return { host, port, path, allowedHosts, page };
}
