// How many values are left of a moment when it is written by a layout of Go's, or when one of its fields is taken.
import { splitLayout } from '../go/time/go-layout.js';
import { fixed, partOf } from './value-spread.js';
import type { Spread } from './value-spread.js';

type Unit = 'month' | 'weekday' | 'day' | 'yearDay' | 'hour' | 'half' | 'minute' | 'second';

const COUNTS: Readonly<Record<Unit, number>> = {
  month: 12,
  weekday: 7,
  day: 31,
  yearDay: 366,
  hour: 24,
  half: 2,
  minute: 60,
  second: 60,
};

const UNITS: ReadonlyMap<string, Unit> = new Map<string, Unit>([
  ...['January', 'Jan', '1', '01'].map(token => [token, 'month'] as const),
  ...['Monday', 'Mon'].map(token => [token, 'weekday'] as const),
  ...['2', '_2', '02'].map(token => [token, 'day'] as const),
  ...['__2', '002'].map(token => [token, 'yearDay'] as const),
  ...['15', '3', '03'].map(token => [token, 'hour'] as const),
  ...['PM', 'pm'].map(token => [token, 'half'] as const),
  ...['4', '04'].map(token => [token, 'minute'] as const),
  ...['5', '05'].map(token => [token, 'second'] as const),
]);

/** Years go on, but slowly: days of all years are a few hundred a year. */
const YEARS = new Set(['2006', '06']);
const WITHIN_A_DAY: ReadonlySet<Unit> = new Set<Unit>(['hour', 'half', 'minute', 'second']);

/** @param time of the moment itself */
export function spreadOfLayout(layout: string, time: Spread): Spread {
  const tokens = splitLayout(layout).filter(({ isToken }) => isToken);
  const units = new Set<Unit>();
  let hasYear = false;
  for (const { text } of tokens) {
    const unit = UNITS.get(text);
    if (unit !== undefined) units.add(unit);
    else if (YEARS.has(text)) hasYear = true;
    else return time;
  }
  if (!hasYear)
    return fixed(
      [...units].reduce((product, unit) => product * COUNTS[unit], 1),
      sourceOf(time),
    );
  const isCoarse = [...units].every(unit => !WITHIN_A_DAY.has(unit));
  return isCoarse ? coarse(time) : time;
}

const FIELDS: ReadonlyMap<string, number> = new Map([
  ['Month', COUNTS.month],
  ['Weekday', COUNTS.weekday],
  ['Day', COUNTS.day],
  ['YearDay', COUNTS.yearDay],
  ['Hour', COUNTS.hour],
  ['Minute', COUNTS.minute],
  ['Second', COUNTS.second],
]);

/** `undefined` for what is no field of a moment. @param method such as `Weekday` */
export function spreadOfField(method: string, time: Spread): Spread | undefined {
  if (method === 'Year' || method === 'ISOWeek') return coarse(time);
  const count = FIELDS.get(method);
  return count === undefined ? undefined : fixed(count, sourceOf(time));
}

function coarse(time: Spread): Spread {
  return time.kind === 'fresh' ? { ...time, kind: 'reduced' } : partOf(time);
}

function sourceOf(time: Spread): readonly string[] {
  return time.kind === 'fixed' ? time.sources : [time.source];
}
