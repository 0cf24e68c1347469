// Go writes a time by example: a layout is the moment Mon Jan 2 15:04:05 2006 -0700 as it should look.
export const MONTHS =
  'January February March April May June July August September October November December'.split(' ');
export const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

const TOKENS = new RegExp(
  [
    'January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|2006|__2|_2(?!006)|2|3|4|5|PM|pm',
    '[-Z]07:00:00|[-Z]070000|[-Z]07:00|[-Z]0700|[-Z]07',
    '[.,](?:0+|9+)(?!\\d)',
  ].join('|'),
  'g',
);

/** The parts of a moment in its zone. */
export interface TimeFields {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 1 to 366. */
  readonly yearDay: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  readonly zoneName: string;
  readonly offsetSeconds: number;
}

/** A part of a layout: text as it stands, or a token that stands for a field. */
export interface LayoutPart {
  readonly text: string;
  readonly isToken: boolean;
}

export function splitLayout(layout: string): LayoutPart[] {
  const parts: LayoutPart[] = [];
  let end = 0;
  for (const { 0: text, index } of layout.matchAll(TOKENS)) {
    if (index > end) parts.push({ text: layout.slice(end, index), isToken: false });
    parts.push({ text, isToken: true });
    end = index + text.length;
  }
  if (end < layout.length) parts.push({ text: layout.slice(end), isToken: false });
  return parts;
}

/** As Go's `Time.Format`. */
export function formatFields(fields: TimeFields, layout: string): string {
  return splitLayout(layout)
    .map(({ text, isToken }) => (isToken ? formatToken(fields, text) : text))
    .join('');
}

function formatToken(fields: TimeFields, token: string): string {
  if (/^[-Z]0/.test(token)) return formatOffset(fields.offsetSeconds, token);
  if (/^[.,]/.test(token)) return formatFraction(fields.nanosecond, token);
  const simple = SIMPLE_TOKENS[token];
  return simple === undefined ? token : simple(fields);
}

const SIMPLE_TOKENS: Readonly<Record<string, (fields: TimeFields) => string>> = {
  January: ({ month }) => MONTHS[month - 1] ?? '',
  Jan: ({ month }) => (MONTHS[month - 1] ?? '').slice(0, 3),
  '1': ({ month }) => String(month),
  '01': ({ month }) => padded(month, 2),
  Monday: ({ weekday }) => DAYS[weekday] ?? '',
  Mon: ({ weekday }) => (DAYS[weekday] ?? '').slice(0, 3),
  '2': ({ day }) => String(day),
  _2: ({ day }) => String(day).padStart(2),
  '02': ({ day }) => padded(day, 2),
  __2: ({ yearDay }) => String(yearDay).padStart(3),
  '002': ({ yearDay }) => padded(yearDay, 3),
  '15': ({ hour }) => padded(hour, 2),
  '3': ({ hour }) => String(hour % 12 || 12),
  '03': ({ hour }) => padded(hour % 12 || 12, 2),
  '4': ({ minute }) => String(minute),
  '04': ({ minute }) => padded(minute, 2),
  '5': ({ second }) => String(second),
  '05': ({ second }) => padded(second, 2),
  '2006': ({ year }) => padded(year, 4),
  '06': ({ year }) => padded(Math.abs(year) % 100, 2),
  PM: ({ hour }) => (hour >= 12 ? 'PM' : 'AM'),
  pm: ({ hour }) => (hour >= 12 ? 'pm' : 'am'),
  MST: ({ zoneName, offsetSeconds }) => zoneName || formatOffset(offsetSeconds, '-0700'),
};

function formatOffset(offsetSeconds: number, token: string): string {
  if (token.startsWith('Z') && offsetSeconds === 0) return 'Z';
  const total = Math.abs(Math.trunc(offsetSeconds));
  const parts = [Math.trunc(total / 3600), Math.trunc(total / 60) % 60, total % 60];
  const count = token.replaceAll(/\D/g, '').length / 2;
  const digits = parts.slice(0, count).map(part => padded(part, 2));
  return (offsetSeconds < 0 ? '-' : '+') + digits.join(token.includes(':') ? ':' : '');
}

function formatFraction(nanosecond: number, token: string): string {
  const digits = padded(nanosecond, 9)
    .slice(0, token.length - 1)
    .padEnd(token.length - 1, '0');
  if (token.includes('0')) return token.slice(0, 1) + digits;
  const short = digits.replace(/0+$/, '');
  return short === '' ? '' : token.slice(0, 1) + short;
}

function padded(number: number, width: number): string {
  const digits = String(Math.abs(number)).padStart(width, '0');
  return number < 0 ? `-${digits}` : digits;
}
