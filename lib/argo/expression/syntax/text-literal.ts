// What stands between quotes.
import { ExpressionSyntaxError } from './syntax-error.js';

const NAMED: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};
const HEXADECIMAL = /^(?:x([\da-fA-F]{2})|u\{([\da-fA-F]{1,6})\}|u([\da-fA-F]{4})|U([\da-fA-F]{8}))/;
const OCTAL = /^[0-3][0-7]{2}/;
const POINT_MAX = 0x10ffff;

/**
 * Text without its quotes.
 *
 * @param start where it begins in the expression.
 * @throws ExpressionSyntaxError
 */
export function unescapeText(inner: string, quote: string, start: number): string {
  let text = '';
  // All line ends are `\n`, also a bare `\r`.
  const source = inner.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  for (let at = 0; at < source.length;) {
    const next = source.indexOf('\\', at);
    text += source.slice(at, next < 0 ? undefined : next);
    if (next < 0) break;
    const { point, length } = readEscape(source, next + 1, quote, start);
    text += isSurrogate(point) ? '\ufffd' : String.fromCodePoint(point);
    at = next + 1 + length;
  }
  return text;
}

/**
 * The bytes of a `b'…'`.
 *
 * @throws ExpressionSyntaxError
 */
export function unescapeBytes(inner: string, quote: string, start: number): readonly number[] {
  const bytes: number[] = [];
  const source = inner.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  for (let at = 0; at < source.length;) {
    const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
    if (character !== '\\') {
      for (const byte of Buffer.from(character)) bytes.push(byte);
      at += character.length;
      continue;
    }
    const { point, length } = readEscape(source, at + 1, quote, start);
    if (/[uU]/.test(source[at + 1] ?? '')) fail(start + at, 'unable to unescape string');
    bytes.push(point);
    at += 1 + length;
  }
  return bytes;
}

function readEscape(
  source: string,
  at: number,
  quote: string,
  start: number,
): { point: number; length: number } {
  const first = source[at] ?? '';
  const named = first === quote ? quote : NAMED[first];
  if (named !== undefined) return { point: named.charCodeAt(0), length: 1 };
  const rest = source.slice(at, at + 10);
  const octal = OCTAL.exec(rest)?.[0];
  if (octal !== undefined) return { point: parseInt(octal, 8), length: 3 };
  const match = HEXADECIMAL.exec(rest);
  if (!match) return fail(start + at, 'invalid char escape');
  const point = parseInt(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '', 16);
  if (point > POINT_MAX) fail(start + at, 'unable to unescape string');
  return { point, length: match[0].length };
}

function isSurrogate(point: number): boolean {
  return point >= 0xd800 && point <= 0xdfff;
}

function fail(position: number, message: string): never {
  throw new ExpressionSyntaxError(position, message);
}
