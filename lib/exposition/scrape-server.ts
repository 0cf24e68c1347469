import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { MetricStoreError } from '../errors.js';
import { unref } from '../guard/deadline.js';
import { diag } from '../guard/guarded-diag.js';
import { shown } from '../guard/option-checks.js';
import { textOf } from '../guard/thrown.js';
import { acceptsGzip } from './accept-encoding.js';
import { hostCheck } from './allowed-hosts.js';
import type { HostCheck } from './allowed-hosts.js';
import { paced } from './paced.js';
import { readTarget } from './request-target.js';
import { callbackMillisOf } from './scrape-timeout.js';

/** The only format there is, so it is the answer to every `Accept`: a server may do so (RFC 9110, 12.5.1). */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** A request is a few lines: who needs longer for them is not going to ask. */
const REQUEST_MILLIS = 10_000;
/** How often Node looks for those. */
const REQUEST_CHECK_MILLIS = 2000;
/** Connections cost the process file descriptors, whether they ask for anything or not. */
const CONNECTIONS_MAX = 1024;

/** How long a shutdown lets answers that are under way finish. */
const SHUTDOWN_GRACE_MILLIS = 2000;

/** The answer to one scrape: a text, or why there is none. */
export type Scrape = { readonly chunks: () => Iterable<string> } | { readonly failure: string };

export interface ScrapeServerOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Names that a request may be sent to, beside those of this machine; see `hostCheck`. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Answers under way at once. Each holds a collection in memory until its client has taken it. */
  readonly scrapesMax: number;
  /** How long a client may take for its answer, and how long a connection may stand still. */
  readonly answerTimeoutMillis: number;
  /** Called for each GET, with how long it may wait for callbacks; may be shared between them. */
  readonly scrape: (timeoutMillis: number) => Promise<Scrape>;
}

/**
 * Answers GET and HEAD at one path of an HTTP server with text that is made while it is sent: a slow client slows down
 * the making, and the event loop gets its turn between two chunks. Whatever clients do, what they can hold is bounded:
 * answers under way in number and time, requests in time, connections in number. Its handles do not keep the process alive.
 *
 * @throws MetricStoreError ENDPOINT_FAILED when the address cannot be listened on.
 */
export async function startScrapeServer(options: ScrapeServerOptions): Promise<ScrapeServer> {
  const { host, port, path } = options;
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
  server.on('connection', socket => socket.unref());
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
  const answers = new Answers(options, hostCheck(options.allowedHosts, { host, address: address.address }));
  server.on('request', (request, response) => void answers.answer(request, response));
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

/** The answers of one server. */
class Answers {
  readonly #options: ScrapeServerOptions;
  readonly #isAllowed: HostCheck;
  #underWay = 0;

  constructor(options: ScrapeServerOptions, isAllowed: HostCheck) {
    this.#options = options;
    this.#isAllowed = isAllowed;
  }

  /** Never rejects. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(request, response);
    } catch (error) {
      if (response.headersSent) {
        // The client went away, or the text could not be finished; either way it sees that the answer is cut short.
        diag.debug('A scrape ended early.', error);
        response.destroy();
      } else {
        diag.warn('A Prometheus scrape failed.', error);
        plain(response, 500, `The metrics could not be collected: ${textOf(error)}\n`);
      }
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { path, scrapesMax } = this.#options;
    const target = readTarget(request.url ?? '');
    const [host, ...otherHosts] = request.headersDistinct.host ?? [];
    if (otherHosts.length > 0) return plain(response, 400, 'A request has one Host.\n');
    const authority = target.authority ?? host;
    if (!this.#isAllowed(authority))
      return plain(response, 403, `Not answered for the host ${shown(authority)}: see allowedHosts.\n`);
    if (target.path !== path) return plain(response, 404, `Not found. The metrics are at ${path}\n`);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return plain(response, 405, 'Only GET and HEAD are answered here.\n');
    }
    response.setHeader('Vary', 'Accept-Encoding');
    const isGzip = acceptsGzip(request.headers['accept-encoding']);
    const headers = { 'Content-Type': CONTENT_TYPE, ...(isGzip && { 'Content-Encoding': 'gzip' }) };
    if (request.method === 'HEAD') {
      response.writeHead(200, headers).end();
      return;
    }
    if (this.#underWay >= scrapesMax) {
      response.setHeader('Retry-After', '1');
      return plain(
        response,
        503,
        `${scrapesMax} scrapes are being answered already. Try again in a second.\n`,
      );
    }
    this.#underWay++;
    try {
      // Also when the client goes away meanwhile: the collection goes on, and its memory is taken.
      const result = await this.#options.scrape(
        callbackMillisOf(request.headers['x-prometheus-scrape-timeout-seconds']),
      );
      if ('failure' in result) return plain(response, 500, `${result.failure}\n`);
      await this.#send(result.chunks(), request, response.writeHead(200, headers), isGzip);
    } finally {
      this.#underWay--;
    }
  }

  async #send(
    chunks: Iterable<string>,
    { socket }: IncomingMessage,
    response: ServerResponse,
    isGzip: boolean,
  ): Promise<void> {
    // By hand, because a response that waits behind another one of its connection never hears that this was closed.
    const cutOff = new AbortController();
    const { signal } = cutOff;
    const aborted = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(new Error('The client went away, or was too slow.'))),
    );
    const abort = (): void => cutOff.abort();
    const timer = setTimeout(abort, this.#options.answerTimeoutMillis);
    unref(timer);
    socket.once('close', abort);
    if (socket.destroyed) abort();
    const text = Readable.from(paced(chunks), { objectMode: false });
    // Metrics repeat themselves so much that the fastest level makes them ten times smaller already.
    const gzip = isGzip ? [createGzip({ level: constants.Z_BEST_SPEED })] : [];
    try {
      await Promise.race([aborted, pipeline([text, ...gzip, response], { signal })]);
    } finally {
      clearTimeout(timer);
      socket.off('close', abort);
      if (signal.aborted) socket.destroy();
    }
  }
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
}
