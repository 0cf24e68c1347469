// Go's text is bytes, ours is UTF-16. Functions that cut text at byte positions go through here.
// Imported, because not every environment that tests run in has them as globals.
import { TextDecoder, TextEncoder } from 'node:util';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const REPLACEMENT = '\uFFFD';

/** The text's UTF-8; a lone surrogate becomes U+FFFD. */
export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Every byte that is not part of a well-formed character becomes one U+FFFD, as when Go walks over text. */
export function textOf(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return lenientTextOf(bytes);
  }
}

function lenientTextOf(bytes: Uint8Array): string {
  const parts: string[] = [];
  let from = 0;
  for (let index = 0; index < bytes.length;) {
    const length = lengthOfCharacter(bytes[index] ?? 0);
    if (length > 0 && isWellFormed(bytes, index, length)) {
      index += length;
      continue;
    }
    if (index > from) parts.push(decoder.decode(bytes.subarray(from, index)));
    parts.push(REPLACEMENT);
    index++;
    from = index;
  }
  parts.push(decoder.decode(bytes.subarray(from)));
  return parts.join('');
}

function lengthOfCharacter(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

/** Whether the bytes after the first are those of one character: no longer form, no surrogate, nothing past the last one. */
function isWellFormed(bytes: Uint8Array, index: number, length: number): boolean {
  const first = bytes[index] ?? 0;
  const [low, high] = SECOND_BYTES.get(first) ?? [0x80, 0xbf];
  for (let offset = 1; offset < length; offset++) {
    const byte = bytes[index + offset] ?? 0;
    if (byte < (offset === 1 ? low : 0x80) || byte > (offset === 1 ? high : 0xbf)) return false;
  }
  return true;
}

/** What may follow where not all continuation bytes may. */
const SECOND_BYTES: ReadonlyMap<number, readonly [number, number]> = new Map([
  [0xe0, [0xa0, 0xbf]],
  [0xed, [0x80, 0x9f]],
  [0xf0, [0x90, 0xbf]],
  [0xf4, [0x80, 0x8f]],
]);

/**
 * The text's UTF-8 as one character for each byte: what cuts such a text cuts where Go would. {@link ofByteText} is the
 * way back.
 */
export function toByteText(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

export function ofByteText(byteText: string): string {
  return isAscii(byteText) ? byteText : textOf(Buffer.from(byteText, 'latin1'));
}

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

/** Go's order of strings: by bytes, which is by code points. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const [first, second] = [left.charCodeAt(index), right.charCodeAt(index)];
    if (first === second) continue;
    // Surrogates stand for code points above all others but sort below U+E000 as units.
    return isSurrogate(first) === isSurrogate(second) ? first - second : isSurrogate(first) ? 1 : -1;
  }
  return left.length - right.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/** White space as Go's `unicode.IsSpace` sees it; unlike JavaScript's it has U+0085 and has no U+FEFF. */
export const SPACE = '[\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';

const SPACES_AROUND = new RegExp(`^${SPACE}+|(?<!${SPACE})${SPACE}+$`, 'g');
const ONE_SPACE = new RegExp(`^${SPACE}$`);

/** As Go's `strings.TrimSpace`. */
export function trimSpace(text: string): string {
  return text.replace(SPACES_AROUND, '');
}

export function isSpace(character: string): boolean {
  return ONE_SPACE.test(character);
}

/** As `len` of a Go string. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
