// The labels of a canonical text (attributes.ts) read from its bytes, without an object for any of them. What is read may be
// torn, because its slot was given to another series meanwhile: then the labels mean nothing, but reading them ends.
import type { HashedLabels } from '../../cardinality/hashed-labels.js';
import type { LabelTexts } from '../../cardinality/label-report.js';
import { HOLDER } from './known-series.js';

const [QUOTE, BACKSLASH, COMMA, COLON, OPENING_BRACE, CLOSING_BRACE, OPENING_BRACKET, CLOSING_BRACKET] =
  Buffer.from('"\\,:{}[]') as unknown as readonly [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];

/** How HOLDER stands in a text, without quotes. */
const HOLDER_KEY = Buffer.from(JSON.stringify(HOLDER).slice(1, -1));

/** Hashes all labels of a text that is as long as said. A value counts as it stands there: `1` and `"1"` are two. */
export function readCanonicalLabels(
  bytes: Buffer,
  length: number,
  mayBeHeld: boolean,
  into: HashedLabels,
): void {
  into.clear();
  let at = 1;
  while (at < length && bytes[at] === QUOTE) {
    const keyEnd = endOfText(bytes, at, length);
    const value = keyEnd + 1;
    const valueEnd = endOfValue(bytes, value, length);
    if (bytes[keyEnd] !== COLON || valueEnd > length) return;
    if (!mayBeHeld || !isHolder(bytes, at + 1, keyEnd - 1))
      into.add(bytes, at + 1, keyEnd - 1, value, valueEnd);
    at = valueEnd + 1;
  }
}

/** Behind the closing quote. */
function endOfText(bytes: Buffer, quote: number, length: number): number {
  let at = quote + 1;
  while (at < length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}

function endOfValue(bytes: Buffer, from: number, length: number): number {
  const first = bytes[from];
  if (first === QUOTE) return endOfText(bytes, from, length);
  if (first === OPENING_BRACE || first === OPENING_BRACKET) return endOfNested(bytes, from, length);
  let at = from;
  while (at < length && bytes[at] !== COMMA && bytes[at] !== CLOSING_BRACE) at++;
  return at;
}

function endOfNested(bytes: Buffer, from: number, length: number): number {
  let depth = 0;
  for (let at = from; at < length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfText(bytes, at, length) - 1;
    else if (byte === OPENING_BRACE || byte === OPENING_BRACKET) depth++;
    else if ((byte === CLOSING_BRACE || byte === CLOSING_BRACKET) && --depth === 0) return at + 1;
  }
  return length + 1;
}

function isHolder(bytes: Buffer, from: number, to: number): boolean {
  return to - from === HOLDER_KEY.length && bytes.compare(HOLDER_KEY, 0, HOLDER_KEY.length, from, to) === 0;
}

/** Keys and values as people read them: texts without quotes, lists as JSON, numbers that JSON lacks by their names. */
export const CANONICAL_TEXTS: LabelTexts = {
  key: (bytes, from, to) => unescaped(bytes.toString('utf8', from, to)),
  value: (bytes, from, to) => {
    const first = bytes[from];
    if (first === QUOTE) return unescaped(bytes.toString('utf8', from + 1, to - 1));
    const text = bytes.toString('utf8', from, to);
    return first === OPENING_BRACE ? (/^\{"n":"(.*)"\}$/.exec(text)?.[1] ?? text) : text;
  },
};

/** What stands between the quotes of a text of JSON. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}
