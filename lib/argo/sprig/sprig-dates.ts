// Sprig's functions on times. Argo's container has no zone of its own, so that "Local" is UTC.
import { EvaluationError } from '../go/evaluation-error.js';
import type { ExpressionFunction, Value } from '../go/value/value.js';
import { SWALLOWED_COST, currentTime, spend } from '../budget/evaluation-limits.js';
import { parseDecimal } from './go-cast.js';
import { goFunction } from '../go/value/go-function.js';
import { GoDuration, GoTime } from '../go/time/go-time.js';
import { UTC, loadZone } from '../go/time/go-zone.js';
import { parseDuration } from '../go/time/parse-duration.js';
import { parseTime } from '../go/time/parse-time.js';

const SECOND = 1_000_000_000n;
const HOUR = 3600n * SECOND;
const HTML_DATE = '2006-01-02';

/** The units of `durationRound`, largest first. */
const ROUND_UNITS: readonly (readonly [string, bigint])[] = [
  ['y', HOUR * 24n * 365n],
  ['mo', HOUR * 24n * 30n],
  ['d', HOUR * 24n],
  ['h', HOUR],
  ['m', 60n * SECOND],
  ['s', SECOND],
];

const inZone = goFunction(['string', 'any', 'string'], (layout, date, zone) =>
  formatIn(layout, momentOf(date), zone),
);
const modify = goFunction(['string', 'time'], (span, time) => {
  const duration = orElse(() => parseDuration(span), undefined);
  return duration === undefined ? time : time.add(duration);
});
const mustModify = goFunction(['string', 'time'], (span, time) => time.add(parseDuration(span)));

/** What `now` is also stands in for what is no time. */
export const DATE_FUNCTIONS: Readonly<Record<string, ExpressionFunction>> = {
  now: goFunction([], now),
  date: goFunction(['string', 'any'], (layout, date) => momentOf(date).in(UTC).format(layout)),
  dateInZone: inZone,
  date_in_zone: inZone,
  htmlDate: goFunction(['any'], date => momentOf(date).in(UTC).format(HTML_DATE)),
  htmlDateInZone: goFunction(['any', 'string'], (date, zone) => formatIn(HTML_DATE, momentOf(date), zone)),
  dateModify: modify,
  date_modify: modify,
  mustDateModify: mustModify,
  must_date_modify: mustModify,
  ago: goFunction(['any'], date => now().since(momentOf(date)).round(new GoDuration(SECOND)).toString()),
  duration: goFunction(['any'], seconds => durationText(seconds)),
  durationRound: goFunction(['any'], value => roundedText(spanOf(value))),
  toDate: goFunction(['string', 'string'], (layout, text) =>
    orElse(() => parseTime(layout, text), GoTime.ZERO),
  ),
  mustToDate: goFunction(['string', 'string'], (layout, text) => parseTime(layout, text)),
  unixEpoch: goFunction(['time'], time => time.unixSeconds.toString()),
};

function now(): GoTime {
  return GoTime.ofUnixMillis(currentTime());
}

function formatIn(layout: string, time: GoTime, zone: string): string {
  return time.in(loadZone(zone) ?? UTC).format(layout);
}

/** A time, or seconds since 1970; anything else is now. */
function momentOf(value: Value): GoTime {
  if (value instanceof GoTime) return value;
  if (typeof value !== 'bigint') return now();
  if (!GoTime.canRepresent(value)) throw new EvaluationError(`time of ${value} seconds out of range`);
  return GoTime.ofUnixSeconds(value);
}

/** Sprig takes text and an int64 here, but an int is nothing to it. Whole numbers of expressions are ints. */
function durationText(value: Value): string {
  const seconds = typeof value === 'string' ? parseDecimal(value) : 0n;
  return new GoDuration(seconds * SECOND).toString();
}

/** As above. */
function spanOf(value: Value): GoDuration {
  if (value instanceof GoTime) return now().since(value);
  const nothing = new GoDuration(0n);
  return typeof value === 'string' ? orElse(() => parseDuration(value), nothing) : nothing;
}

function roundedText({ nanos }: GoDuration): string {
  const magnitude = nanos < 0n ? -nanos : nanos;
  const unit = ROUND_UNITS.find(([, size]) => magnitude > size);
  return unit === undefined ? '0s' : `${magnitude / unit[1]}${unit[0]}`;
}

function orElse<T>(body: () => T, otherwise: T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    spend(SWALLOWED_COST);
    return otherwise;
  }
}
