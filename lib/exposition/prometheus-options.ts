// What the doors to Prometheus have in common in their options: the endpoint, the handler, the collection for who sends it
// himself. Bounds and defaults stand here once.
import { checkMetricProducers, type MetricProducer } from '../producers/metric-producers.js';
import { checkOption, checkWhole, refuseOption, type KeysOf } from '../guard/option-checks.js';
import { checkZeroStart } from '../store/collect/zero-start.js';

/** What is exposed, and how it is written. */
export interface PrometheusContentOptions {
  /**
   * Whether the resource is announced as `target_info`.
   *
   * @defaultValue `true`
   */
  readonly targetInfo?: boolean;
  /**
   * Counters and histograms that have had data for less than this are shown as 0, 0 to 3,600,000 milliseconds. Without
   * it the first value of a series is no increase for Prometheus, which sees it from there on only. Set it to 1.25 times
   * the scrape interval. Age counts from the first collection with data; after a series expired, it begins anew. What
   * callbacks observe is not concerned.
   *
   * @defaultValue `0`, which is off
   */
  readonly zeroStartMillis?: number;
  /**
   * How much work goes into a compressed answer, 1 to 9; 0: answers are not compressed, whatever a client accepts.
   *
   * @defaultValue `1`, which makes metrics ten times smaller and more
   */
  readonly gzipLevel?: number;
  /**
   * Further producers, whose metrics are shown beside the store's: `promClientProducer(registry)`, producers of other stores, a
   * cumulative reader of the SDK. Metrics of one name are one family, and of series with equal labels the store's counts. A
   * producer that fails or hangs takes nothing else along. Not the store that is exposed anyway.
   *
   * @defaultValue none
   */
  readonly metricProducers?: readonly MetricProducer[];
  /**
   * Whether a client that ranks OpenMetrics 1.0 before Prometheus' text, as Prometheus does, is given it; `'created'`: with
   * `_created` lines, which tell since when counters and histograms count. Who accepts no text is given it anyway.
   *
   * Bounds of buckets are written as `le="1.0"` there, and not as `le="1"`. A Prometheus 3 stores them as the former
   * whatever it is given; for a Prometheus 2 they are other series, so histograms begin anew on the day this is changed.
   *
   * @defaultValue `false`
   */
  readonly openMetrics?: boolean | 'created';
  /**
   * Whether a client that likes Prometheus' protobuf best is given it. It is a fraction as long, and tells since when
   * counters and histograms count, which a Prometheus with `created-timestamp-zero-ingestion` takes for their first value.
   *
   * @defaultValue `true`
   */
  readonly protobuf?: boolean;
}

/** What is exposed, and how many clients are answered. */
export interface PrometheusHandlerOptions extends PrometheusContentOptions {
  /**
   * Answers under way at once, 1 to 64. Each holds a collection in memory until its client has taken it. One more waits until
   * a place is left, for four fifths of the scraper's own timeout at most (8 s when nobody says), and then gets 503 with
   * `Retry-After: 1`. While one waits, a client that has taken nothing for half a second is cut off, and
   * one that stood still for four seconds in all.
   *
   * @defaultValue `8`
   */
  readonly scrapesMax?: number;
  /**
   * How long a client may take for its answer, in milliseconds, 1,000 to 600,000. A slower one is cut off.
   *
   * @defaultValue `60_000`
   */
  readonly answerTimeoutMillis?: number;
}

export const CONTENT_KEYS: KeysOf<PrometheusContentOptions> = {
  targetInfo: true,
  zeroStartMillis: true,
  gzipLevel: true,
  metricProducers: true,
  openMetrics: true,
  protobuf: true,
};

export const HANDLER_KEYS: KeysOf<PrometheusHandlerOptions> = {
  ...CONTENT_KEYS,
  scrapesMax: true,
  answerTimeoutMillis: true,
};

const SCRAPES_DEFAULT = 8;
const SCRAPES_MAX = 64;
const ANSWER_MILLIS_DEFAULT = 60_000;
const ANSWER_MILLIS_MIN = 1000;
const ANSWER_MILLIS_MAX = 600_000;
const GZIP_LEVEL_DEFAULT = 1;
const GZIP_LEVEL_MAX = 9;

/** @throws MetricStoreError INVALID_OPTION */
export function resolveContent({
  targetInfo = true,
  zeroStartMillis = 0,
  gzipLevel = GZIP_LEVEL_DEFAULT,
  metricProducers = [],
  openMetrics = false,
  protobuf = true,
}: PrometheusContentOptions): Required<PrometheusContentOptions> {
  checkOption('targetInfo', targetInfo, 'boolean');
  checkZeroStart(zeroStartMillis);
  checkWhole('gzipLevel', gzipLevel, 0, GZIP_LEVEL_MAX);
  checkMetricProducers(metricProducers);
  if (typeof openMetrics !== 'boolean' && openMetrics !== 'created')
    refuseOption('openMetrics', 'a boolean or "created"', openMetrics);
  checkOption('protobuf', protobuf, 'boolean');
  return { targetInfo, zeroStartMillis, gzipLevel, metricProducers, openMetrics, protobuf };
}

/** @throws MetricStoreError INVALID_OPTION */
export function resolveLimits({
  scrapesMax = SCRAPES_DEFAULT,
  answerTimeoutMillis = ANSWER_MILLIS_DEFAULT,
}: PrometheusHandlerOptions): Required<Pick<PrometheusHandlerOptions, 'scrapesMax' | 'answerTimeoutMillis'>> {
  checkWhole('scrapesMax', scrapesMax, 1, SCRAPES_MAX);
  checkAnswerMillis(answerTimeoutMillis);
  return { scrapesMax, answerTimeoutMillis };
}

/** @throws MetricStoreError INVALID_OPTION */
export function checkAnswerMillis(answerTimeoutMillis: unknown): void {
  checkWhole('answerTimeoutMillis', answerTimeoutMillis, ANSWER_MILLIS_MIN, ANSWER_MILLIS_MAX);
}
