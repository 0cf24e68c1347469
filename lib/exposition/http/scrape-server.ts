import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import type { AddressInfo } from 'node:net';
import { MetricStoreError } from '../../errors.js';
import { diag } from '../../guard/guarded-diag.js';
import { shown } from '../../guard/option-checks.js';
import { hostCheck } from './allowed-hosts.js';
import type { HostCheck } from './allowed-hosts.js';
import { IdleConnections } from './idle-connections.js';
import { readTarget } from './request-target.js';
import { plainAnswer } from './plain-answer.js';
import type { RequestAnswers } from './plain-answer.js';
import { ScrapeAnswers } from './scrape-answers.js';
import type { ScrapeAnswersOptions } from './scrape-answers.js';

/** A request is a few lines: who needs longer for them is not going to ask. */
const REQUEST_MILLIS = 10_000;
/** How often Node looks for those. */
const REQUEST_CHECK_MILLIS = 2000;
/** Connections cost the process file descriptors, whether they ask for anything or not. */
const CONNECTIONS_MAX = 1024;
/** Of these, so many may ask for nothing at the moment. */
const IDLE_CONNECTIONS_MAX = 512;

/** How long a shutdown lets answers that are under way finish. */
const SHUTDOWN_GRACE_MILLIS = 2000;

export interface ScrapeServerOptions extends ScrapeAnswersOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** What else is answered, by path. The metrics' own path counts first. */
  readonly otherPaths?: ReadonlyMap<string, RequestAnswers> | undefined;
  /** Names that a request may be sent to, beside those of this machine; see `hostCheck`. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** How long a client may take for its answer, and how long a connection may stand still. */
  readonly answerTimeoutMillis: number;
}

/**
 * Answers GET and HEAD at one path of an HTTP server with text that is made while it is sent: a slow client slows down
 * the making, and the event loop gets its turn between two chunks. Whatever clients do, what they can hold is bounded:
 * answers under way in number and time, requests in time, connections in number. Its handles do not keep the process alive.
 *
 * @throws MetricStoreError ENDPOINT_FAILED when the address cannot be listened on.
 */
export async function startScrapeServer(options: ScrapeServerOptions): Promise<ScrapeServer> {
  const { host, port, path, otherPaths } = options;
  const limits = {
    headersTimeout: REQUEST_MILLIS,
    requestTimeout: REQUEST_MILLIS,
    connectionsCheckingInterval: REQUEST_CHECK_MILLIS,
  };
  // No import: of an ES module it makes Node 22.12 start its HTTP client, which needs WebAssembly and 10 GiB of address
  // space, and ends the process where there is none. Here, because a store alone needs no HTTP.
  const server = process.getBuiltinModule('node:http').createServer(limits);
  server.maxConnections = CONNECTIONS_MAX;
  server.timeout = options.answerTimeoutMillis;
  const idle = new IdleConnections(IDLE_CONNECTIONS_MAX);
  server.on('connection', socket => idle.connected(socket.unref()));
  await new Promise<void>((resolve, reject) => {
    server.once('error', cause => {
      const message = `Cannot listen on host "${host}", port ${port}: ${cause.message}. Choose another port, or 0 for any that is free.`;
      reject(new MetricStoreError('ENDPOINT_FAILED', message, { cause }));
    });
    server.listen(port, host, resolve);
  });
  server.on('error', error => diag.warn('The Prometheus endpoint reports an error.', error));
  server.unref();
  const address = server.address() as AddressInfo;
  const metrics = new ScrapeAnswers(options);
  const answers = new Map<string, RequestAnswers>([...(otherPaths ?? []), [path, metrics]]);
  const gate = new Gate(path, answers, hostCheck(options.allowedHosts, { host, address: address.address }));
  server.on('request', (request, response) => {
    idle.asked(request.socket, response);
    const { path: asked } = readTarget(request.url ?? '');
    void (answers.get(asked) ?? metrics).answer(request, response, gate.lets);
  });
  return new ScrapeServer(server, `http://${isIPv6(host) ? `[${host}]` : host}:${address.port}${path}`);
}

/** A server that is listening. */
export class ScrapeServer {
  readonly url: string;
  readonly #server: Server;
  #closed: Promise<void> | undefined;

  constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** Stops listening, lets answers finish for a moment, and then cuts them off. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= new Promise(resolve => {
      // Not unref'd: it is short, and a process that awaits the shutdown should see its end.
      const cutOff = setTimeout(() => this.#server.closeAllConnections(), SHUTDOWN_GRACE_MILLIS);
      this.#server.close(() => {
        clearTimeout(cutOff);
        resolve();
      });
      this.#server.closeIdleConnections();
    });
    return this.#closed;
  }
}

/** Whom the server answers, and where: all else is refused here. */
class Gate {
  readonly #metricsPath: string;
  readonly #answers: Pick<ReadonlyMap<string, unknown>, 'has'>;
  readonly #isAllowed: HostCheck;

  constructor(metricsPath: string, answers: Pick<ReadonlyMap<string, unknown>, 'has'>, isAllowed: HostCheck) {
    this.#metricsPath = metricsPath;
    this.#answers = answers;
    this.#isAllowed = isAllowed;
  }

  /** Whether the request may go on; otherwise it was answered. */
  readonly lets = (request: IncomingMessage, response: ServerResponse): boolean => {
    const target = readTarget(request.url ?? '');
    const [host, ...otherHosts] = request.headersDistinct.host ?? [];
    const authority = target.authority ?? host;
    if (otherHosts.length > 0) plainAnswer(response, 400, 'A request has one Host.\n');
    else if (!this.#isAllowed(authority))
      plainAnswer(response, 403, `Not answered ${addressed(authority)}: see allowedHosts.\n`);
    else if (!this.#answers.has(target.path))
      plainAnswer(response, 404, `Not found. The metrics are at ${this.#metricsPath}\n`);
    else return true;
    return false;
  };
}

/** HTTP/1.0 knows no Host. */
function addressed(authority: string | undefined): string {
  return authority === undefined ? 'for a request without a Host' : `for the host ${shown(authority)}`;
}
