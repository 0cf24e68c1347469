// How Go prints values: `fmt`'s %v, and Sprig's reading of it.
import type { Value, ValueMap } from './value.js';
import { BoundedText, checkDepth } from '../../budget/evaluation-limits.js';
import type { GoDuration, GoTime } from '../time/go-time.js';
import { compareText } from '../text/go-text.js';

/** As `strconv.FormatFloat(x, 'g', -1, 64)`, which is %v: exponents below -4 and above 5 are written. */
export function formatFloat(number: number): string {
  if (Number.isNaN(number)) return 'NaN';
  if (!Number.isFinite(number)) return number > 0 ? '+Inf' : '-Inf';
  if (number === 0) return Object.is(number, -0) ? '-0' : '0';
  const [mantissa = '', exponentText = ''] = number.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return String(number);
  const sign = exponent < 0 ? '-' : '+';
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** As `fmt.Sprint` of one value: `map[a:1 b:2]`, `[1 2]`, `<nil>`. */
export function sprint(value: Value): string {
  const out = new BoundedText();
  print(value, out, 0);
  return out.toString();
}

function print(value: Value, out: BoundedText, depth: number): void {
  checkDepth(depth);
  if (isMap(value)) {
    out.add('map[');
    sortedEntries(value).forEach(([key, member], index) => {
      out.add(`${index === 0 ? '' : ' '}${key}:`);
      print(member, out, depth + 1);
    });
    out.add(']');
  } else if (isList(value)) {
    out.add('[');
    value.forEach((element, index) => {
      if (index > 0) out.add(' ');
      print(element, out, depth + 1);
    });
    out.add(']');
  } else out.add(printScalar(value));
}

function printScalar(value: null | boolean | string | number | bigint | GoTime | GoDuration): string {
  if (value === null) return '<nil>';
  return typeof value === 'number' ? formatFloat(value) : value.toString();
}

/** As Sprig's `strval`. */
export function toText(value: Value): string {
  return typeof value === 'string' ? value : sprint(value);
}

export function isMap(value: Value): value is ValueMap {
  return value instanceof Map;
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** The members in the order in which Go prints and marshals them. */
export function sortedEntries(map: ValueMap): [string, Value][] {
  return [...map].sort(([left], [right]) => compareText(left, right));
}
