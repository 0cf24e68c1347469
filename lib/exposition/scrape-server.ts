import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { constants, createGzip } from 'node:zlib';
import { MetricStoreError } from '../errors.js';
import { diag } from '../store/guarded-diag.js';
import { textOf } from '../store/thrown.js';
import { acceptsGzip } from './accept-encoding.js';
import { callbackMillisOf } from './scrape-timeout.js';

/** The only format there is, so it is the answer to every `Accept`: a server may do so (RFC 9110, 12.5.1). */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** A client that takes nothing for this long is let go: it would hold a whole collection in memory. */
const IDLE_MILLIS = 60_000;

/** How long a shutdown lets answers that are under way finish. */
const SHUTDOWN_GRACE_MILLIS = 2000;

/** The answer to one scrape: a text, or why there is none. */
export type Scrape = { readonly chunks: () => Iterable<string> } | { readonly failure: string };

export interface ScrapeServerOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Called for each GET, with how long it may wait for callbacks; may be shared between them. */
  readonly scrape: (timeoutMillis: number) => Promise<Scrape>;
}

/**
 * Answers GET and HEAD at one path of an HTTP server with text that is made while it is sent: a slow client slows down
 * the making, and the event loop gets its turn between two chunks. Its handles do not keep the process alive.
 *
 * @throws {MetricStoreError} ENDPOINT_FAILED when the address cannot be listened on.
 */
export async function startScrapeServer(options: ScrapeServerOptions): Promise<ScrapeServer> {
  const { host, port, path } = options;
  const server = createServer((request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      if (response.headersSent) {
        // The client went away, or the text could not be finished; either way it sees that the answer is cut short.
        diag.debug('A scrape ended early.', error);
        response.destroy();
      } else {
        diag.warn('A Prometheus scrape failed.', error);
        plain(response, 500, `The metrics could not be collected: ${textOf(error)}\n`);
      }
    });
  });
  server.timeout = IDLE_MILLIS;
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
  return new ScrapeServer(server, urlOf(server, host, port, path));
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

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { path, scrape }: ScrapeServerOptions,
): Promise<void> {
  const [requestPath] = (request.url ?? '').split('?', 1);
  if (requestPath !== path) return plain(response, 404, `Not found. The metrics are at ${path}\n`);
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
  const result = await scrape(callbackMillisOf(request.headers['x-prometheus-scrape-timeout-seconds']));
  if ('failure' in result) return plain(response, 500, `${result.failure}\n`);
  response.writeHead(200, headers);
  const text = Readable.from(paced(result.chunks()), { objectMode: false });
  // Metrics repeat themselves so much that the fastest level makes them ten times smaller already.
  if (isGzip) await pipeline(text, createGzip({ level: constants.Z_BEST_SPEED }), response);
  else await pipeline(text, response);
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
}

/** Other work of this thread gets its turn between two chunks, also when the client takes them at once. */
async function* paced(chunks: Iterable<string>): AsyncGenerator<string, void, undefined> {
  for (const chunk of chunks) {
    yield chunk;
    await setImmediate();
  }
}

function urlOf(server: Server, host: string, port: number, path: string): string {
  const address = server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${actualPort}${path}`;
}
