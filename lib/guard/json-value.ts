// Looks at data of unknown shape without trusting it.

/** An object that is no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member, or an empty object where there is none: chains without checks in between. */
export function recordAt(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const member = memberAt(value, key);
  return isRecord(member) ? member : {};
}

export function listAt(value: unknown, key: string): readonly unknown[] {
  const member = memberAt(value, key);
  return Array.isArray(member) ? member : [];
}

/** Empty text where there is none. */
export function textAt(value: unknown, key: string): string {
  const member = memberAt(value, key);
  return typeof member === 'string' ? member : '';
}

function memberAt(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Milliseconds of a Kubernetes timestamp; `undefined` for null, empty and unreadable ones. */
export function timeAt(value: unknown, key: string): number | undefined {
  return timeOf(textAt(value, key));
}

/** The same of the timestamp itself. */
export function timeOf(text: string): number | undefined {
  if (text === '') return undefined;
  const millis = secondOf(text) ?? Date.parse(text);
  return Number.isNaN(millis) ? undefined : millis;
}

/** Characters of `2026-01-01T`, and of all of `2026-01-01T00:00:00Z`: what Kubernetes writes. */
const DAY_LENGTH = 11;
const TIME_LENGTH = 20;
const DAY = /^\d{4}-\d\d-\d\dT$/;

/** The day that was read last: what happens in a workflow happens within few days. */
let day = '';
let dayMillis = NaN;

/** A whole second as Kubernetes writes it, ten times as fast as `Date.parse`; `undefined` for anything else. */
function secondOf(text: string): number | undefined {
  if (text.length !== TIME_LENGTH || text[13] !== ':' || text[16] !== ':' || text[19] !== 'Z')
    return undefined;
  const hours = twoDigitsAt(text, 11);
  const minutes = twoDigitsAt(text, 14);
  const seconds = twoDigitsAt(text, 17);
  if (!(hours < 24 && minutes < 60 && seconds < 60)) return undefined;
  if (day === '' || !text.startsWith(day)) {
    const other = text.slice(0, DAY_LENGTH);
    if (!DAY.test(other)) return undefined;
    day = other;
    dayMillis = Date.parse(`${day}00:00:00Z`);
  }
  return dayMillis + ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/**
 * The same of a whole second as it is written, without a text in between; `undefined` also when its day is not that of the time
 * that was read last.
 *
 * @param from of its first digit
 */
export function secondAt(bytes: Uint8Array, from: number): number | undefined {
  if (bytes[from + 13] !== COLON || bytes[from + 16] !== COLON || bytes[from + 19] !== Z) return undefined;
  for (let index = 0; index < DAY_LENGTH; index++)
    if (bytes[from + index] !== day.charCodeAt(index)) return undefined;
  const hours = twoDigits(bytes[from + 11] ?? NaN, bytes[from + 12] ?? NaN);
  const minutes = twoDigits(bytes[from + 14] ?? NaN, bytes[from + 15] ?? NaN);
  const seconds = twoDigits(bytes[from + 17] ?? NaN, bytes[from + 18] ?? NaN);
  const isTime = hours < 24 && minutes < 60 && seconds < 60 && !Number.isNaN(dayMillis);
  return isTime ? dayMillis + ((hours * 60 + minutes) * 60 + seconds) * 1000 : undefined;
}

/** NaN where there are none. */
function twoDigitsAt(text: string, index: number): number {
  return twoDigits(text.charCodeAt(index), text.charCodeAt(index + 1));
}

function twoDigits(first: number, second: number): number {
  const [tens, ones] = [first - ZERO, second - ZERO];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

const [ZERO, COLON, Z] = [0x30, 0x3a, 0x5a];
