import type { IncomingMessage, ServerResponse } from 'node:http';
import { diag } from '../../guard/guarded-diag.js';
import { isOtherMethod, isOver } from '../http/plain-answer.js';
import type { Lets, RequestAnswers } from '../http/plain-answer.js';

/**
 * Of the page and its numbers. What comes from the store is text and never code, and if a mistake made code of it, nothing
 * would run: scripts and styles come from this endpoint only, none stand in the page, nothing is sent anywhere else, and no
 * other page has this one in a frame.
 */
export const SECURITY_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
} as const;

/**
 * Answers GET and HEAD with one short text, the same for everybody: what a client that does not read holds of it is its
 * connection, of which there are only so many.
 */
export class FileAnswers implements RequestAnswers {
  readonly #bytes: Buffer;
  readonly #headers: Readonly<Record<string, string | number>>;

  constructor(contentType: string, text: string) {
    this.#bytes = Buffer.from(text);
    this.#headers = {
      ...SECURITY_HEADERS,
      'Content-Type': `${contentType}; charset=utf-8`,
      'Content-Length': this.#bytes.length,
      // The page of yesterday's version would not understand what today's endpoint says.
      'Cache-Control': 'no-cache',
    };
  }

  answer(request: IncomingMessage, response: ServerResponse, lets: Lets = () => true): Promise<void> {
    try {
      if (isOver(response) || !lets(request, response) || isOtherMethod(request, response))
        return Promise.resolve();
      response.writeHead(200, this.#headers).end(request.method === 'HEAD' ? undefined : this.#bytes);
    } catch (error) {
      diag.warn('The page of a Prometheus endpoint could not be answered.', error);
    }
    return Promise.resolve();
  }
}
