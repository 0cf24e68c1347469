import type { IncomingMessage, ServerResponse } from 'node:http';
import { diag } from '../guard/guarded-diag.js';
import { hasMethod, readOptions, type KeysOf } from '../guard/option-checks.js';
import { PrometheusCollector } from './prometheus-collector.js';
import { HANDLER_KEYS, resolveContent, resolveLimits } from './prometheus-options.js';
import type { PrometheusHandlerOptions } from './prometheus-options.js';
import { resolveSubject, SUBJECT_KEYS } from './prometheus-subject.js';
import type { PrometheusSubject } from './prometheus-subject.js';
import { ScrapeAnswers } from './http/scrape-answers.js';

const KEYS: KeysOf<{ store: unknown; reader: unknown } & PrometheusHandlerOptions> = {
  ...SUBJECT_KEYS,
  ...HANDLER_KEYS,
};

/** Answers one request for metrics. Never throws, never rejects, and leaves a response alone that was answered already. */
export type PrometheusHandler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Makes a handler that answers requests for metrics in a server that the application has: `node:http`, express, fastify
 * (`request.raw` and `reply.raw` after `reply.hijack()`), or any other that gives Node's own two objects. Make it once, and
 * call it for each request; the series are collected in the thread that made it.
 *
 * It answers GET and HEAD as {@link startPrometheusEndpoint} does: compressed for who accepts it, 405 for other methods, 503
 * for who waited in vain while `scrapesMax` answers were under way, 500 where there is nothing but errors; who is slow is cut
 * off. It looks neither at the path nor at the Host of a request: to which of them it answers, and to whom, is the server's
 * matter.
 *
 * @throws MetricStoreError INVALID_OPTION, NOT_A_STORE_HANDLE
 * @example
 * ```ts
 * app.get('/metrics', prometheusHandler({ store }));
 * ```
 */
export function prometheusHandler(options: PrometheusSubject & PrometheusHandlerOptions): PrometheusHandler {
  options = readOptions('the options of prometheusHandler()', options, KEYS) as typeof options;
  const { gzipLevel, openMetrics, protobuf, ...content } = resolveContent(options);
  const limits = resolveLimits(options);
  const { store, provide } = resolveSubject(options);
  const collector = new PrometheusCollector(store, { ...content, provide });
  const answers = new ScrapeAnswers({
    ...limits,
    gzipLevel,
    formats: { openMetrics, protobuf },
    scrape: timeoutMillis => collector.scrape(timeoutMillis),
  });
  let hasSaid = false;
  return (request, response) => {
    if (areOfNode(request, response)) return void answers.answer(request, response);
    if (hasSaid) return;
    hasSaid = true;
    diag.error(
      'otel-argo-metrics: the handler of prometheusHandler() was called without a request and a response of node:http, ' +
        'and did nothing (said once). In fastify these are request.raw and reply.raw; for a web Request there is collectPrometheus()',
    );
  };
}

/** Whatever JavaScript gives. */
function areOfNode(request: unknown, response: unknown): boolean {
  try {
    return hasMethod(response, 'writeHead') && hasMethod(request, 'on');
  } catch {
    return false;
  }
}
