// Requests and their answers that are made while they are sent, whoever's the server is: the endpoint's own or one of the
// application. Whatever clients do, what they can hold is bounded: answers under way in number and time. One thread.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { diag } from '../../guard/guarded-diag.js';
import { textOf } from '../../guard/thrown.js';
import { monotonicMillis } from '../../waiting.js';
import { acceptsGzip } from '../negotiation/accept-encoding.js';
import { isOtherMethod, isOver, plainAnswer } from './plain-answer.js';
import type { Lets, RequestAnswers } from './plain-answer.js';
import { ScrapePlaces } from './scrape-places.js';
import type { ScrapePlace } from './scrape-places.js';
import { callbackMillisOf, restOf } from './scrape-timeout.js';
import { sendChunks } from './send-chunks.js';

/** The head of an answer and what it is made of. */
export interface AnswerBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: Iterable<Uint8Array>;
}

/** What an answer is made of, or why there is none. */
export type AnswerSource =
  | {
      readonly begin: (request: IncomingMessage) => AnswerBody | Promise<AnswerBody>;
      /** Called once, when the chunks are read no more. */
      readonly release?: (() => void) | undefined;
    }
  | { readonly failure: string };

export interface AnswerLimits {
  /** Answers under way at once. Each holds its source in memory until its client has taken it. */
  readonly scrapesMax: number;
  /** How long a client may take for its answer. */
  readonly answerTimeoutMillis: number;
  /** 0: never compressed. */
  readonly gzipLevel: number;
}

/** What is answered. */
export interface AnswerSubject {
  /** What one of them is called, and what is not there when one failed. */
  readonly words: { readonly one: string; readonly missing: string };
  readonly headersOfAll: Readonly<Record<string, string>>;
  /** Of HEAD, for which nothing is made. */
  readonly headersOf: (request: IncomingMessage) => Readonly<Record<string, string>>;
  /** Called for each GET, with how long it may wait; may be shared between them. */
  readonly source: (timeoutMillis: number) => Promise<AnswerSource>;
}

/** Answers GET and HEAD. Which path and which host was asked is the caller's matter. */
export class BoundedAnswers implements RequestAnswers {
  readonly #limits: AnswerLimits;
  readonly #subject: AnswerSubject;
  /** Whose body is on its way. */
  readonly #begun = new WeakSet<ServerResponse>();
  readonly #places: ScrapePlaces;

  constructor(limits: AnswerLimits, subject: AnswerSubject) {
    this.#limits = limits;
    this.#subject = subject;
    this.#places = new ScrapePlaces(limits.scrapesMax);
  }

  /** Never throws and never rejects. A response that was begun already, or that cannot be written any more, is left alone. */
  async answer(request: IncomingMessage, response: ServerResponse, lets: Lets = () => true): Promise<void> {
    try {
      if (!isOver(response) && lets(request, response)) await this.#answer(request, response);
    } catch (error) {
      this.#fail(response, error);
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headersOfAll, headersOf, words } = this.#subject;
    if (isOtherMethod(request, response)) return;
    for (const [name, value] of Object.entries(headersOfAll)) response.setHeader(name, value);
    if (request.method === 'HEAD') {
      response.writeHead(200, { ...headersOf(request), ...encodingOf(this.#levelFor(request)) }).end();
      return;
    }
    const { scrapesMax, answerTimeoutMillis } = this.#limits;
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
    const text = `${scrapesMax} ${words.one}s are being answered already. Try again in a second.\n`;
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
      // Also when the client goes away meanwhile: what is made goes on, and its memory is taken.
      const source = await this.#subject.source(timeoutMillis);
      if ('release' in source) release = source.release;
      // Somebody else in the application may have answered in the meantime, that it takes too long for example.
      if (isOver(response)) return;
      if ('failure' in source) return plainAnswer(response, 500, `${source.failure}\n`);
      const { headers, chunks } = await source.begin(request);
      if (isOver(response)) return;
      const gzipLevel = this.#levelFor(request);
      const { answerTimeoutMillis } = this.#limits;
      this.#begun.add(response);
      response.writeHead(200, { ...headers, ...encodingOf(gzipLevel) });
      await sendChunks(chunks, request, response, { gzipLevel, answerTimeoutMillis, place });
    } finally {
      release?.();
      place.leave();
    }
  }

  #levelFor({ headers }: IncomingMessage): number {
    return acceptsGzip(headers['accept-encoding']) ? this.#limits.gzipLevel : 0;
  }

  #fail(response: ServerResponse, error: unknown): void {
    const { one, missing } = this.#subject.words;
    try {
      if (this.#begun.has(response)) {
        // The client went away, or the body could not be finished; either way it sees that the answer is cut short.
        diag.debug(`A ${one} ended early.`, error);
        response.destroy();
        return;
      }
      diag.warn(`A Prometheus ${one} failed.`, error);
      if (!isOver(response)) plainAnswer(response, 500, `${missing}: ${textOf(error)}\n`);
    } catch (second) {
      diag.warn(`A Prometheus ${one} could not be answered.`, second);
    }
  }
}

function encodingOf(gzipLevel: number): Record<string, string> {
  return gzipLevel > 0 ? { 'Content-Encoding': 'gzip' } : {};
}
