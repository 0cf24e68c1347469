// One request for metrics and its answer, in the format that the client likes best.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { TEXT_FORMAT } from '../negotiation/exposition-format.js';
import type { ExpositionFormat } from '../negotiation/exposition-format.js';
import { OFFERED, VARY, negotiateFormat } from '../negotiation/negotiation.js';
import type { OfferedFormats } from '../negotiation/negotiation.js';
import { BoundedAnswers } from './bounded-answers.js';
import type { AnswerBody, AnswerLimits, AnswerSource } from './bounded-answers.js';
import type { Lets, RequestAnswers } from './plain-answer.js';

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

export interface ScrapeAnswersOptions extends AnswerLimits {
  /** @defaultValue text, and protobuf for who likes it best */
  readonly formats?: OfferedFormats;
  /** Called for each GET, with how long it may wait for callbacks; may be shared between them. */
  readonly scrape: (timeoutMillis: number) => Promise<Scrape>;
}

const WORDS = { one: 'scrape', missing: 'The metrics could not be collected' };

/**
 * Answers GET and HEAD in the format that the client likes best, made while it is sent. Which path and which host was asked
 * is the caller's matter.
 */
export class ScrapeAnswers implements RequestAnswers {
  readonly #options: ScrapeAnswersOptions;
  readonly #answers: BoundedAnswers;

  constructor(options: ScrapeAnswersOptions) {
    this.#options = options;
    this.#answers = new BoundedAnswers(options, {
      words: WORDS,
      headersOfAll: { Vary: VARY },
      // Nothing is collected for it, so what names there are is not known.
      headersOf: request => headersOf(this.#formatFor(request, false)),
      source: timeoutMillis => this.#source(timeoutMillis),
    });
  }

  /** Never throws and never rejects. A response that was begun already, or that cannot be written any more, is left alone. */
  answer(request: IncomingMessage, response: ServerResponse, lets?: Lets): Promise<void> {
    return this.#answers.answer(request, response, lets);
  }

  async #source(timeoutMillis: number): Promise<AnswerSource> {
    const scrape = await this.#options.scrape(timeoutMillis);
    if ('failure' in scrape) return scrape;
    const begin = async (request: IncomingMessage): Promise<AnswerBody> => {
      const format = this.#formatFor(request, scrape.needsUtf8Names ?? false);
      return { headers: headersOf(format), chunks: await scrape.chunks(format) };
    };
    return { begin, release: scrape.release?.bind(scrape) };
  }

  #formatFor({ headers }: IncomingMessage, needsUtf8Names: boolean): ExpositionFormat {
    return negotiateFormat(headers.accept, this.#options.formats ?? OFFERED, needsUtf8Names);
  }
}

function headersOf({ contentType }: ExpositionFormat): Record<string, string> {
  return { 'Content-Type': contentType };
}
