import { TIMER_MILLIS_MAX } from '../../limits.js';
import { monotonicMillis } from '../../waiting.js';

/** Prometheus' default `scrape_timeout`, for who does not say. */
const SECONDS_DEFAULT = 10;
/** What of a scraper's patience callbacks get: the rest is for the swap, the text and the way back. */
const SHARE_OF_CALLBACKS = 0.8;
/** However impatient one scraper is, the others share its collection. */
const MILLIS_MIN = 500;

/**
 * How long a scrape may wait for callbacks of observables, so that the scraper is still there when it is answered.
 *
 * @param header `X-Prometheus-Scrape-Timeout-Seconds`, which Prometheus sends
 */
export function callbackMillisOf(header: string | readonly string[] | undefined): number {
  const seconds = typeof header === 'string' ? Number(header) : NaN;
  const patience = seconds > 0 ? seconds : SECONDS_DEFAULT;
  return Math.min(TIMER_MILLIS_MAX, Math.max(MILLIS_MIN, patience * 1000 * SHARE_OF_CALLBACKS));
}

/** What is left of it for who has waited since then, in `monotonicMillis`. */
export function restOf(callbackMillis: number, since: number): number {
  return Math.max(MILLIS_MIN, callbackMillis - (monotonicMillis() - since));
}
