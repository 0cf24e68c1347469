// How Go prints values: `fmt`'s %v, `strconv.Quote`, and Sprig's reading of both.
import type { Value, ValueMap } from './value.js';
import { BoundedText, checkDepth, checkTextLength, spend } from '../budget/evaluation-limits.js';
import type { GoDuration, GoTime } from './go-time.js';
import { bytesOf, compareText } from './go-text.js';

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

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

/** What Go does not print as it stands: everything but letters, marks, numbers, punctuation, symbols and the space. */
const NOT_PRINTABLE = /["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;

/** As `strconv.Quote` and %q. */
export function quoteGo(text: string): string {
  checkTextLength(text.length);
  return quoteWhole(text);
}

/** The same for text of any length, where it is not an expression's. */
export function quoteWhole(text: string): string {
  return `"${text.replace(NOT_PRINTABLE, escapeCharacter)}"`;
}

/** Steps of a character that is not ASCII. */
const TIME_CHARACTER_COST = 30;

/** As `time` quotes in its errors: the bytes of what is not ASCII. */
export function quoteTime(text: string): string {
  checkTextLength(text.length);
  spend(text.length * TIME_CHARACTER_COST);
  const escaped = text.replace(/["\\]|[^ -\x7f]/gu, character => {
    if (character === '"' || character === '\\') return `\\${character}`;
    return [...bytesOf(character)].map(byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  });
  return `"${escaped}"`;
}

function escapeCharacter(character: string): string {
  const named = NAMED_ESCAPES[character];
  if (named !== undefined) return named;
  const point = character.codePointAt(0) ?? 0;
  const digits = point.toString(16);
  // A lone surrogate cannot be in Go's text; what would stand there is the replacement character, which is printable.
  if (point >= 0xd800 && point <= 0xdfff) return '\uFFFD';
  if (point < 0x20 || point === 0x7f) return `\\x${digits.padStart(2, '0')}`;
  return point > 0xffff ? `\\U${digits.padStart(8, '0')}` : `\\u${digits.padStart(4, '0')}`;
}
