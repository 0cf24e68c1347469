import { quoteGo } from '../text/quote.js';

// Go's decimal and hexadecimal floating-point literals, as `strconv.ParseFloat` takes them. Underscores may stand between
// digits and after the base prefix; only text with a base prefix may have them according to Go's documentation, but
// Argo Workflows accepts `1_000` too, as its recorded behaviour shows.
const DECIMAL = /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;
/** What nearly all values are. */
const PLAIN = /^-?\d{1,16}(?:\.\d{1,16})?$/;
const HEXADECIMAL =
  /^([+-]?)0[xX](?:_(?=[0-9a-fA-F]))?([0-9a-fA-F_]*)(?:\.([0-9a-fA-F_]*))?[pP]([+-]?\d+(?:_\d+)*)$/;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

/** Bits of a binary64 that matter: 53 of the fraction, one to round by, and one for all that follows. */
const SIGNIFICANT_BITS = 55;
/** Beyond this the result is 0 or out of range whatever the digits are; keeps shifts of absurd exponents small. */
const EXPONENT_MAX = 100_000;
/** No number needs more; bounds the work for hostile text. */
const TEXT_LENGTH_MAX = 4096;

/** The outcome of {@link parseGoFloat}; the error is Go's own text. */
export type GoFloat = { readonly value: number } | { readonly error: string };

/** Parses text as Go's `strconv.ParseFloat(text, 64)`: no white space, `0x1p-2`, `1_000`, `NaN`, `-Infinity`. */
export function parseGoFloat(text: string): GoFloat {
  if (PLAIN.test(text)) return { value: Number(text) };
  if (text.length > TEXT_LENGTH_MAX) return refuse(text.slice(0, 64), 'invalid syntax');
  if (/^nan$/i.test(text)) return { value: NaN };
  const infinite = INFINITE.exec(text);
  if (infinite) return { value: infinite[1] === '-' ? -Infinity : Infinity };
  const value = DECIMAL.test(text) ? Number(text.replaceAll('_', '')) : parseHexadecimal(text);
  if (value === undefined) return refuse(text, 'invalid syntax');
  return Number.isFinite(value) ? { value } : refuse(text, 'value out of range');
}

function refuse(text: string, reason: string): GoFloat {
  return { error: `strconv.ParseFloat: parsing ${quoteGo(text)}: ${reason}` };
}

/** `undefined` when it is no hexadecimal literal; ±Infinity when out of range. */
function parseHexadecimal(text: string): number | undefined {
  const match = HEXADECIMAL.exec(text);
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', exponentText = ''] = match;
  if (
    whole + fraction === '' ||
    !underscoresAreBetweenDigits(whole) ||
    !underscoresAreBetweenDigits(fraction)
  )
    return undefined;
  const digits = `${whole}${fraction}`.replaceAll('_', '');
  const exponent = Number(exponentText.replaceAll('_', '')) - 4 * fraction.replaceAll('_', '').length;
  const magnitude = scale(BigInt(`0x0${digits}`), Math.max(-EXPONENT_MAX, Math.min(EXPONENT_MAX, exponent)));
  return sign === '-' ? -magnitude : magnitude;
}

function underscoresAreBetweenDigits(digits: string): boolean {
  return !/^_|_$|__/.test(digits);
}

/** `mantissa * 2^exponent`, rounded once, half to even. */
function scale(mantissa: bigint, exponent: number): number {
  if (mantissa === 0n) return 0;
  const bits = mantissa.toString(2).length;
  // Subnormal numbers keep fewer bits, and rounding twice would be wrong: drop exactly what the result cannot hold.
  const lowestExponent = Math.max(exponent + bits - 53, -1074);
  const dropped = lowestExponent - exponent;
  if (dropped <= 0) return bits > SIGNIFICANT_BITS ? Infinity : Number(mantissa) * powerOfTwo(exponent);
  const shift = BigInt(dropped);
  let kept = mantissa >> shift;
  const rest = mantissa - (kept << shift);
  const half = 1n << (shift - 1n);
  if (rest > half || (rest === half && (kept & 1n) === 1n)) kept += 1n;
  return Number(kept) * powerOfTwo(lowestExponent);
}

/** Number(kept) ≤ 2^53, so one multiplication overflows or is exact, unless the power itself leaves the range. */
function powerOfTwo(exponent: number): number {
  return 2 ** exponent;
}
