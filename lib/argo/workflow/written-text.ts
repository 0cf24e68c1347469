import { secondAt, timeOf } from '../../guard/json-value.js';
import { endOfPlainText, endOfValue } from '../../guard/json-text.js';

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_LIST, COMMA, CLOSE_LIST] = [0x5b, 0x2c, 0x5d];

/** Longer texts are no words. */
const WORD_BYTES_MAX = 32;

/**
 * Types, phases, names of templates, IDs of boundaries: most nodes have the same ones. By a number made of their bytes; of two with
 * one number the last stays.
 */
const words = Array.from({ length: 256 }, () => '');

/** Bytes of `"2026-01-01T00:00:00Z"`. */
const TIME_BYTES = 22;

/** JSON as it is written, of which parts are asked for: each is read when it is. */
export class WrittenText {
  readonly bytes: Buffer;
  readonly #encoding: 'latin1' | 'utf8';

  /** @param bytes valid UTF-8, which must not change */
  constructor(bytes: Buffer, isAscii: boolean) {
    this.bytes = bytes;
    this.#encoding = isAscii ? 'latin1' : 'utf8';
  }

  slice(from: number, to: number): string {
    return this.bytes.toString(this.#encoding, from, to);
  }

  /** What is written between the two. */
  valueAt(from: number, to = endOfValue(this.bytes, from)): unknown {
    return JSON.parse(this.slice(from, to));
  }

  /** Empty where there is no text. */
  textAt(from: number): string {
    const end = endOfPlainText(this.bytes, from);
    if (end !== undefined) return this.slice(from + 1, end);
    const value = this.valueAt(from);
    return typeof value === 'string' ? value : '';
  }

  /** Those of a list; none where there is no list. */
  textsAt(from: number): readonly string[] {
    const { bytes } = this;
    const texts: string[] = [];
    // As an API server writes it: without blanks.
    for (let at = from; bytes[at] === (at === from ? OPEN_LIST : COMMA);) {
      const end = endOfPlainText(bytes, at + 1);
      if (end === undefined) break;
      texts.push(this.slice(at + 2, end));
      at = end + 1;
      if (bytes[at] === CLOSE_LIST) return texts;
    }
    const value = this.valueAt(from);
    return Array.isArray(value) ? value.filter(text => typeof text === 'string') : [];
  }

  /** As `textAt`, for a text that most nodes have. */
  wordAt(from: number): string {
    const { bytes } = this;
    let number = 0;
    let at = from + 1;
    const last = at + WORD_BYTES_MAX;
    for (let byte = bytes[at] ?? QUOTE; byte !== QUOTE && at < last; byte = bytes[++at] ?? QUOTE) {
      // Its bytes are not its characters.
      if (byte === BACKSLASH || byte > 127) return this.textAt(from);
      number = (31 * number + byte) & 255;
    }
    if (bytes[from] !== QUOTE || bytes[at] !== QUOTE) return this.textAt(from);
    const known = words[number] ?? '';
    if (isSame(known, bytes, from + 1, at)) return known;
    return (words[number] = bytes.toString('latin1', from + 1, at));
  }

  /** Milliseconds of a timestamp; `undefined` for null, empty and unreadable ones. */
  timeAt(from: number): number | undefined {
    const { bytes } = this;
    if (bytes[from] !== QUOTE) return undefined;
    const isUsual = bytes[from + TIME_BYTES - 1] === QUOTE;
    return (isUsual ? secondAt(bytes, from + 1) : undefined) ?? timeOf(this.textAt(from));
  }
}

function isSame(text: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return false;
  for (let index = 0; index < text.length; index++)
    if (text.charCodeAt(index) !== bytes[from + index]) return false;
  return true;
}
