// Conversions as `spf13/cast` and `strconv` make them: what Sprig's arithmetic does to its arguments first.
import type { Value } from '../go/value/value.js';
import { parseGoFloat } from '../go/number/go-number.js';

export const INT_MAX = 2n ** 63n - 1n;
export const INT_MIN = -(2n ** 63n);

const INTEGER =
  /^[+-]?(?:0[xX](?:_?[\da-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0(?:_?[0-7])*|[1-9](?:_?\d)*)$/;
/** No int64 has more digits in any base, but for zeros in front. */
const DIGITS_MAX = 4096;

/** As `cast.ToInt64`: what cannot be converted is 0. */
export function toInt64(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return truncate(value);
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value !== 'string') return 0n;
  // "12.00" is a whole number too.
  return parseLiteral(value.replace(/\.0+$/, '')) ?? 0n;
}

/** As `cast.ToFloat64`: what cannot be converted is 0. */
export function toFloat64(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return 0;
  const parsed = parseGoFloat(value);
  return 'error' in parsed ? 0 : parsed.value;
}

/** Go's conversion on the processors that Argo runs on: what does not fit becomes the smallest int64. */
export function truncate(number: number): bigint {
  return Math.abs(number) < 2 ** 63 ? BigInt(Math.trunc(number)) : INT_MIN;
}

/** `strconv.ParseInt(text, 0, 64)`; `undefined` where that is an error. */
function parseLiteral(text: string): bigint | undefined {
  if (text.length > DIGITS_MAX || !INTEGER.test(text)) return undefined;
  const digits = text.replace(/^[+-]/, '').replaceAll('_', '');
  const magnitude = BigInt(/^0\d/.test(digits) ? `0o${digits}` : digits);
  const number = text.startsWith('-') ? -magnitude : magnitude;
  return BigInt.asIntN(64, number) === number ? number : undefined;
}

/** As `strconv.Atoi` without its error: 0 for what is no number, the nearest int64 for one out of range. */
export function parseDecimal(text: string): bigint {
  const match = /^([+-]?)0*(\d+)$/.exec(text);
  if (!match) return 0n;
  const [, sign, digits = ''] = match;
  // Twenty digits are out of range whatever they are.
  const magnitude = BigInt(digits.slice(0, 20));
  if (sign === '-') return -magnitude < INT_MIN ? INT_MIN : -magnitude;
  return magnitude > INT_MAX ? INT_MAX : magnitude;
}

/** `strconv.ParseInt(text, 8, 64)`; 0 where that is an error. */
export function parseOctal(text: string): bigint {
  if (text.length > DIGITS_MAX || !/^[+-]?[0-7]+$/.test(text)) return 0n;
  const magnitude = BigInt(`0o${text.replace(/^[+-]/, '')}`);
  const number = text.startsWith('-') ? -magnitude : magnitude;
  return BigInt.asIntN(64, number) === number ? number : 0n;
}
