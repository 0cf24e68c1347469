// One request for metrics and its answer, whoever's the server is: the endpoint's own or one of the application. Whatever
// clients do, what they can hold is bounded: answers under way in number and time. One thread.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { diag } from '../../guard/guarded-diag.js';
import { textOf } from '../../guard/thrown.js';
import { monotonicMillis } from '../../waiting.js';
import { acceptsGzip } from '../negotiation/accept-encoding.js';
import { TEXT_FORMAT } from '../negotiation/exposition-format.js';
import type { ExpositionFormat } from '../negotiation/exposition-format.js';
import { OFFERED, VARY, negotiateFormat } from '../negotiation/negotiation.js';
import type { OfferedFormats } from '../negotiation/negotiation.js';
import { ScrapePlaces } from './scrape-places.js';
import type { ScrapePlace } from './scrape-places.js';
import { callbackMillisOf, restOf } from './scrape-timeout.js';
import { sendChunks } from './send-chunks.js';

/** Of Prometheus' text 0.0.4: what who asks for nothing in particular gets. */
export const PROMETHEUS_CONTENT_TYPE = TEXT_FORMAT.contentType;

/** The answer to one scrape, or why there is none. */
export type Scrape =
  | {
      /** @defaultValue `false` */
      readonly needsUtf8Names?: boolean;
      readonly chunks: (format: ExpositionFormat) => Iterable<Uint8Array> | Promise<Iterable<Uint8Array>>;
      /** Called once, when the chunks are read no more. */
      readonly release?: () => void;
    }
  | { readonly failure: string };

export interface ScrapeAnswersOptions {
  /** Answers under way at once. Each holds a collection in memory until its client has taken it. */
  readonly scrapesMax: number;
  /** How long a client may take for its answer. */
  readonly answerTimeoutMillis: number;
  /** 0: never compressed. */
  readonly gzipLevel: number;
  /** @defaultValue text, and protobuf for who likes it best */
  readonly formats?: OfferedFormats;
  /** Called for each GET, with how long it may wait for callbacks; may be shared between them. */
  readonly scrape: (timeoutMillis: number) => Promise<Scrape>;
}

/**
 * Answers GET and HEAD in the format that the client likes best, made while it is sent. Which path and which host was asked
 * is the caller's matter.
 */
export class ScrapeAnswers {
  readonly #options: ScrapeAnswersOptions;
  /** Whose text is on its way. */
  readonly #begun = new WeakSet<ServerResponse>();
  readonly #places: ScrapePlaces;

  constructor(options: ScrapeAnswersOptions) {
    this.#options = options;
    this.#places = new ScrapePlaces(options.scrapesMax);
  }

  /**
   * Never throws and never rejects. A response that was begun already, or that cannot be written any more, is left alone.
   *
   * @param lets whether a request may go on; otherwise it has answered
   */
  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    lets: (request: IncomingMessage, response: ServerResponse) => boolean = () => true,
  ): Promise<void> {
    try {
      if (!isOver(response) && lets(request, response)) await this.#answer(request, response);
    } catch (error) {
      fail(response, error, this.#begun.has(response));
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return plainAnswer(response, 405, 'Only GET and HEAD are answered here.\n');
    }
    response.setHeader('Vary', VARY);
    if (request.method === 'HEAD') {
      // Nothing is collected for it, so what names there are is not known.
      const format = this.#formatFor(request, false);
      response.writeHead(200, headersOf(format, this.#levelFor(request))).end();
      return;
    }
    const { scrapesMax, answerTimeoutMillis } = this.#options;
    const patience = callbackMillisOf(request.headers['x-prometheus-scrape-timeout-seconds']);
    const asked = monotonicMillis();
    // A connection of HTTP/2 is shared by requests that have nothing to do with this one.
    const connection = request.httpVersionMajor < 2 ? request.socket : response;
    const free = this.#places.takeFree(connection);
    if (free !== undefined) return this.#answerAt(free, request, response, patience);
    // A server closes connections on which nothing happens for as long as an answer may take.
    const next = await this.#places.wait(connection, Math.min(patience, answerTimeoutMillis / 2));
    if (next !== undefined) return this.#answerAt(next, request, response, restOf(patience, asked));
    if (isOver(response)) return;
    response.setHeader('Retry-After', '1');
    const text = `${scrapesMax} scrapes are being answered already. Try again in a second.\n`;
    plainAnswer(response, 503, text);
  }

  /** In any case the place is left afterwards. */
  async #answerAt(
    place: ScrapePlace,
    request: IncomingMessage,
    response: ServerResponse,
    timeoutMillis: number,
  ): Promise<void> {
    let release: (() => void) | undefined;
    try {
      if (isOver(response)) return;
      // Also when the client goes away meanwhile: the collection goes on, and its memory is taken.
      const result = await this.#options.scrape(timeoutMillis);
      if ('release' in result) release = result.release;
      // Somebody else in the application may have answered in the meantime, that it takes too long for example.
      if (isOver(response)) return;
      if ('failure' in result) return plainAnswer(response, 500, `${result.failure}\n`);
      const format = this.#formatFor(request, result.needsUtf8Names ?? false);
      const chunks = await result.chunks(format);
      if (isOver(response)) return;
      const gzipLevel = this.#levelFor(request);
      const { answerTimeoutMillis } = this.#options;
      this.#begun.add(response);
      response.writeHead(200, headersOf(format, gzipLevel));
      await sendChunks(chunks, request, response, { gzipLevel, answerTimeoutMillis, place });
    } finally {
      release?.();
      place.leave();
    }
  }

  #formatFor({ headers }: IncomingMessage, needsUtf8Names: boolean): ExpositionFormat {
    return negotiateFormat(headers.accept, this.#options.formats ?? OFFERED, needsUtf8Names);
  }

  #levelFor({ headers }: IncomingMessage): number {
    return acceptsGzip(headers['accept-encoding']) ? this.#options.gzipLevel : 0;
  }
}

function headersOf({ contentType }: ExpositionFormat, gzipLevel: number): Record<string, string> {
  return { 'Content-Type': contentType, ...(gzipLevel > 0 && { 'Content-Encoding': 'gzip' }) };
}

/** A short answer for people. */
export function plainAnswer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
}

/** Whether somebody has answered already. */
function isOver(response: ServerResponse): boolean {
  return response.headersSent || response.writableEnded;
}

function fail(response: ServerResponse, error: unknown, isBegun: boolean): void {
  try {
    if (isBegun) {
      // The client went away, or the text could not be finished; either way it sees that the answer is cut short.
      diag.debug('A scrape ended early.', error);
      response.destroy();
      return;
    }
    diag.warn('A Prometheus scrape failed.', error);
    if (!isOver(response))
      plainAnswer(response, 500, `The metrics could not be collected: ${textOf(error)}\n`);
  } catch (second) {
    diag.warn('A Prometheus scrape could not be answered.', second);
  }
}
