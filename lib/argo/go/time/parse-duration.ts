// Spans in Go's notation: `1h30m`, `-1.5s`, `300ms`.
import { EvaluationError } from '../evaluation-error.js';
import { quoteTime } from '../text/quote.js';
import { GoDuration } from './go-time.js';

/** Nanoseconds. The second micro sign is the Greek letter. */
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n],
  ['\u03bcs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);
const FRACTION_MAX = 2n ** 63n - 1n;
const PART = /(\d*)(?:(\.)(\d*))?([^.\d]*)/y;
/** More would be out of range or beyond a nanosecond. */
const TEXT_LENGTH_MAX = 1000;

/**
 * As `time.ParseDuration`.
 *
 * @throws EvaluationError with Go's message.
 */
export function parseDuration(text: string): GoDuration {
  const invalid = (): EvaluationError => new EvaluationError(`time: invalid duration ${quoteTime(text)}`);
  if (text.length > TEXT_LENGTH_MAX) throw invalid();
  const isNegative = text.startsWith('-');
  const unsigned = /^[+-]/.test(text) ? text.slice(1) : text;
  if (unsigned === '0') return new GoDuration(0n);
  if (unsigned === '') throw invalid();
  let nanos = 0n;
  for (let index = 0; index < unsigned.length;) {
    PART.lastIndex = index;
    const [part = '', whole = '', , fraction = '', unit = ''] = PART.exec(unsigned) ?? [];
    if (whole + fraction === '') throw invalid();
    if (unit === '') throw new EvaluationError(`time: missing unit in duration ${quoteTime(text)}`);
    const scale = UNITS.get(unit);
    if (scale === undefined)
      throw new EvaluationError(`time: unknown unit ${quoteTime(unit)} in duration ${quoteTime(text)}`);
    nanos += BigInt(whole || '0') * scale + fractionOf(fraction, scale);
    // The smallest duration has no positive counterpart.
    if (nanos > (isNegative ? 2n ** 63n : 2n ** 63n - 1n)) throw invalid();
    index += part.length;
  }
  return new GoDuration(isNegative ? -nanos : nanos);
}

/** Go keeps as many digits as an int64 holds, and multiplies in floating point. */
function fractionOf(digits: string, scale: bigint): bigint {
  let kept = 0n;
  let power = 1;
  for (const digit of digits) {
    if (kept > FRACTION_MAX / 10n) break;
    const longer = kept * 10n + BigInt(digit);
    if (longer > FRACTION_MAX + 1n) break;
    kept = longer;
    power *= 10;
  }
  return BigInt(Math.trunc(Number(kept) * (Number(scale) / power)));
}
