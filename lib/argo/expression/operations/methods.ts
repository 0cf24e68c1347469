// The methods of Go's values, and those of times, durations, months, weekdays and zones.
import { DAYS, MONTHS } from '../../go/time/go-layout.js';
import { GoDuration, GoTime } from '../../go/time/go-time.js';
import { UTC } from '../../go/time/go-zone.js';
import { GoFunction, GoObject, typeName } from '../../go/value/go-value.js';
import { method } from './method.js';
import type { Method } from './method.js';
import { BOOL, DURATION, FLOAT, INT, MONTH, TEXT, TIME, WEEKDAY, ZONE } from '../../go/value/nature.js';
import type { Nature } from '../../go/value/nature.js';
import { EvaluationError } from '../../go/evaluation-error.js';
import type { Value } from '../../go/value/value.js';
import { VERSION_METHODS } from './version-methods.js';
import { zoneOf, zoneValue } from '../../go/value/zone-value.js';

const INT64: Nature = { kind: 'int', type: 'int64' };

function monthValue(month: number): Value {
  return new GoObject(MONTH.type, MONTHS[month - 1] ?? '', BigInt(month)).asValue();
}

function weekdayValue(weekday: number): Value {
  return new GoObject(WEEKDAY.type, DAYS[weekday] ?? '', BigInt(weekday)).asValue();
}

function addDate(time: GoTime, years: bigint, months: bigint, days: bigint): GoTime {
  const { year, month, day, hour, minute, second, nanosecond } = time.fields();
  const whole = (part: bigint): number => Math.max(-1e6, Math.min(1e6, Number(part)));
  const date = new Date(0);
  date.setUTCFullYear(year + whole(years), month - 1 + whole(months), day + whole(days));
  const seconds = date.getTime() / 1000 + hour * 3600 + minute * 60 + second;
  if (!Number.isFinite(seconds)) throw new EvaluationError('time is out of range');
  // The wall clock stays, so the offset is that of the new moment.
  const guess = time.zone.offsetAt(seconds).offsetSeconds;
  const { offsetSeconds } = time.zone.offsetAt(seconds - guess);
  return new GoTime(BigInt(seconds - offsetSeconds) * 1_000_000_000n + BigInt(nanosecond), time.zone);
}

/** @param unit of whose multiples since the year 1 the result is one. */
function truncateTime(time: GoTime, { nanos }: GoDuration, isRounded: boolean): GoTime {
  if (nanos <= 0n) return time;
  const rest = (time.unixNanos - GoTime.ZERO.unixNanos) % nanos;
  const positive = rest < 0n ? rest + nanos : rest;
  const down = time.unixNanos - positive;
  return new GoTime(isRounded && positive * 2n >= nanos ? down + nanos : down, time.zone);
}

function isoYear(time: GoTime): bigint {
  const { year, month, day, weekday } = time.fields();
  // The year of the Thursday of the same week.
  const thursday = new Date(0);
  thursday.setUTCFullYear(year, month - 1, day + 4 - (weekday === 0 ? 7 : weekday));
  return BigInt(thursday.getUTCFullYear());
}

type TimeField = 'year' | 'day' | 'hour' | 'minute' | 'second' | 'nanosecond' | 'yearDay';

function field(name: TimeField): Method {
  return method([], INT, (time: GoTime) => BigInt(time.fields()[name]));
}

function unix(divisor: bigint): Method {
  return method([], INT64, (time: GoTime) => {
    const rest = time.unixNanos % divisor;
    return (time.unixNanos - (rest < 0n ? rest + divisor : rest)) / divisor;
  });
}

function order(isTrue: (difference: bigint) => boolean): Method {
  return method([TIME], BOOL, (time: GoTime, other: GoTime) => isTrue(time.unixNanos - other.unixNanos));
}

const TIME_METHODS: readonly (readonly [string, Method])[] = [
  ['Year', field('year')],
  ['Month', method([], MONTH, (time: GoTime) => monthValue(time.fields().month))],
  ['Day', field('day')],
  ['Hour', field('hour')],
  ['Minute', field('minute')],
  ['Second', field('second')],
  ['Nanosecond', field('nanosecond')],
  ['YearDay', field('yearDay')],
  ['Weekday', method([], WEEKDAY, (time: GoTime) => weekdayValue(time.fields().weekday))],
  ['ISOWeek', method([], INT, isoYear)],
  ['Unix', unix(1_000_000_000n)],
  ['UnixMilli', unix(1_000_000n)],
  ['UnixMicro', unix(1_000n)],
  ['UnixNano', unix(1n)],
  ['Format', method([TEXT], TEXT, (time: GoTime, layout: string) => time.format(layout))],
  ['String', method([], TEXT, (time: GoTime) => time.toString())],
  ['Add', method([DURATION], TIME, (time: GoTime, span: GoDuration) => time.add(span))],
  ['Sub', method([TIME], DURATION, (time: GoTime, other: GoTime) => time.since(other))],
  ['AddDate', method([INT, INT, INT], TIME, addDate)],
  ['After', order(difference => difference > 0n)],
  ['Before', order(difference => difference < 0n)],
  ['Equal', order(difference => difference === 0n)],
  [
    'Compare',
    method([TIME], INT, (time: GoTime, other: GoTime) => {
      const difference = time.unixNanos - other.unixNanos;
      return difference < 0n ? -1n : difference > 0n ? 1n : 0n;
    }),
  ],
  ['IsZero', method([], BOOL, (time: GoTime) => time.unixNanos === GoTime.ZERO.unixNanos)],
  ['Truncate', method([DURATION], TIME, (time: GoTime, unit: GoDuration) => truncateTime(time, unit, false))],
  ['Round', method([DURATION], TIME, (time: GoTime, unit: GoDuration) => truncateTime(time, unit, true))],
  ['UTC', method([], TIME, (time: GoTime) => time.in(UTC))],
  // A controller runs in a container without a zone of its own.
  ['Local', method([], TIME, (time: GoTime) => time.in(UTC))],
  ['In', method([ZONE], TIME, (time: GoTime, zone: Value) => time.in(zoneOf(zone) ?? UTC))],
  ['Location', method([], ZONE, (time: GoTime) => zoneValue(time.zone))],
];

function whole(divisor: bigint): Method {
  return method([], INT64, ({ nanos }: GoDuration) => nanos / divisor);
}

function fraction(divisor: bigint): Method {
  return method([], FLOAT, ({ nanos }: GoDuration) => {
    return Number(nanos / divisor) + Number(nanos % divisor) / Number(divisor);
  });
}

const DURATION_METHODS: readonly (readonly [string, Method])[] = [
  ['Hours', fraction(3_600_000_000_000n)],
  ['Minutes', fraction(60_000_000_000n)],
  ['Seconds', fraction(1_000_000_000n)],
  ['Milliseconds', whole(1_000_000n)],
  ['Microseconds', whole(1_000n)],
  ['Nanoseconds', whole(1n)],
  ['String', method([], TEXT, (span: GoDuration) => span.toString())],
  ['Abs', method([], DURATION, (span: GoDuration) => (span.nanos < 0n ? new GoDuration(-span.nanos) : span))],
  ['Round', method([DURATION], DURATION, (span: GoDuration, unit: GoDuration) => span.round(unit))],
  ['Truncate', method([DURATION], DURATION, (span: GoDuration, unit: GoDuration) => span.truncate(unit))],
];

const NAMED: readonly (readonly [string, Method])[] = [
  ['String', method([], TEXT, (value: GoObject) => value.toString())],
];

/** By Go's name of the type. */
export const METHODS: ReadonlyMap<string, ReadonlyMap<string, Method>> = new Map([
  [TIME.type, new Map(TIME_METHODS)],
  [DURATION.type, new Map(DURATION_METHODS)],
  [MONTH.type, new Map(NAMED)],
  [WEEKDAY.type, new Map(NAMED)],
  [ZONE.type, new Map(NAMED)],
  ...VERSION_METHODS,
]);

/** The method, bound to the value; `undefined` when there is none. */
export function methodOf(value: Value, name: string): GoFunction | undefined {
  const found = METHODS.get(typeName(value))?.get(name);
  return found && new GoFunction('func()', (...args) => found.call(value, args));
}
