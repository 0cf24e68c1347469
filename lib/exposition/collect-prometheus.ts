import { readOptions, refuseOption, type KeysOf } from '../guard/option-checks.js';
import { TIMER_MILLIS_MAX } from '../limits.js';
import { acceptsGzip } from './negotiation/accept-encoding.js';
import { negotiateFormat } from './negotiation/negotiation.js';
import { keptCollector } from './kept-collectors.js';
import { PrometheusBody } from './prometheus-body.js';
import { checkAnswerMillis, CONTENT_KEYS, resolveContent } from './prometheus-options.js';
import type { PrometheusContentOptions, PrometheusHandlerOptions } from './prometheus-options.js';
import { resolveSubject, SUBJECT_KEYS } from './prometheus-subject.js';
import type { PrometheusSubject } from './prometheus-subject.js';
import { callbackMillisOf } from './http/scrape-timeout.js';

/** What is asked for, and how it is written. Headers as they came; `null` or nothing where there was none. */
export interface PrometheusRequestOptions extends PrometheusContentOptions {
  /** The request's `Accept`. */
  readonly accept?: string | null | undefined;
  /** The request's `Accept-Encoding`: whether the chunks come compressed. */
  readonly acceptEncoding?: string | null | undefined;
  /**
   * How long callbacks of observables and producers are waited for, in milliseconds, besides `callbackTimeoutMillis`.
   *
   * @defaultValue `8000`, four fifths of Prometheus' scrape timeout
   */
  readonly timeoutMillis?: number;
  /** How long the chunks may wait to be taken, all in all; then they end with COLLECT_TIMEOUT. See the handler's option. */
  readonly answerTimeoutMillis?: PrometheusHandlerOptions['answerTimeoutMillis'];
}

/** An answer to a request for metrics. */
export interface PrometheusAnswer {
  /** For the header `Content-Type`. */
  readonly contentType: string;
  /** For the header `Content-Encoding`, when it is there. */
  readonly contentEncoding?: 'gzip';
  /** The body, made while it is taken, once. Each chunk is yours to keep; an iteration may be ended at any time. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

const KEYS: KeysOf<{ store: unknown; reader: unknown } & PrometheusRequestOptions> = {
  ...SUBJECT_KEYS,
  ...CONTENT_KEYS,
  accept: true,
  acceptEncoding: true,
  timeoutMillis: true,
  answerTimeoutMillis: true,
};

const ANSWER_MILLIS_DEFAULT = 60_000;

/**
 * Collects once, in the calling thread, and gives out what an endpoint would have answered, for frameworks that have no
 * request and response of `node:http`: a route handler that returns a web `Response`, for example. Calls that come together
 * share a collection, and series' texts are remembered from one call to the next, for the eight latest ways of asking. A producer
 * that is made anew for each call, as in `metricProducers: [other.metricProducer()]`, makes a way of its own each time, of which
 * nothing is remembered: make it once. Send `Vary: Accept, Accept-Encoding` along.
 *
 * How many answers are under way at once is the caller's matter; each holds a collection until it is taken, ended or late.
 *
 * @throws MetricStoreError INVALID_OPTION, NOT_A_STORE_HANDLE, and what went wrong when there is nothing but errors (rejections)
 * @example
 * ```ts
 * export async function GET(request: Request): Promise<Response> {
 *   const { headers } = request;
 *   const { contentType, contentEncoding, chunks } = await collectPrometheus({
 *     store,
 *     accept: headers.get('accept'),
 *     acceptEncoding: headers.get('accept-encoding'),
 *   });
 *   const encoding = contentEncoding === undefined ? {} : { 'Content-Encoding': contentEncoding };
 *   return new Response(ReadableStream.from(chunks), { headers: { 'Content-Type': contentType, ...encoding } });
 * }
 * ```
 */
export async function collectPrometheus(
  request: PrometheusSubject & PrometheusRequestOptions,
): Promise<PrometheusAnswer> {
  request = readOptions('the request of collectPrometheus()', request, KEYS) as typeof request;
  const {
    accept,
    acceptEncoding,
    timeoutMillis = callbackMillisOf(undefined),
    answerTimeoutMillis = ANSWER_MILLIS_DEFAULT,
  } = request;
  checkHeader('accept', accept);
  checkHeader('acceptEncoding', acceptEncoding);
  if (typeof timeoutMillis !== 'number' || !(timeoutMillis >= 1 && timeoutMillis <= TIMER_MILLIS_MAX))
    refuseOption('timeoutMillis', `a number from 1 to ${TIMER_MILLIS_MAX}`, timeoutMillis);
  checkAnswerMillis(answerTimeoutMillis);
  const { gzipLevel, openMetrics, protobuf, ...content } = resolveContent(request);
  const { store, provide } = resolveSubject(request);
  const { exposition, isEmpty, errors, release } = await keptCollector(store, {
    ...content,
    provide,
  }).collect(timeoutMillis);
  const [error] = errors;
  if (isEmpty && error !== undefined) {
    release();
    throw error;
  }
  const format = negotiateFormat(accept ?? undefined, { openMetrics, protobuf }, exposition.needsUtf8Names);
  const chunks = await exposition.chunks(format).catch((reason: unknown) => {
    release();
    throw reason;
  });
  const level = acceptsGzip(acceptEncoding ?? undefined) ? gzipLevel : 0;
  return {
    contentType: format.contentType,
    ...(level > 0 && { contentEncoding: 'gzip' }),
    chunks: new PrometheusBody(chunks, release, { gzipLevel: level, answerTimeoutMillis }),
  };
}

/** @throws MetricStoreError INVALID_OPTION */
function checkHeader(name: string, value: unknown): void {
  if (value !== undefined && value !== null && typeof value !== 'string')
    refuseOption(name, 'the text of a header, null or undefined', value);
}
