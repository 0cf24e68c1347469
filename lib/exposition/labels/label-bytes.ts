import type { SeriesLabels } from '../../store/definition/stream.js';
import { escapeLabelValue } from '../names/escape.js';
import { labelText } from './label-text.js';
import type { LabelRules } from './label-text.js';
import type { TextBytes } from './text-bytes.js';
import { compareText } from '../names/text-order.js';

/** Puts the label texts of the series of a stream as bytes. */
export type LabelPutter = (series: SeriesLabels, into: TextBytes) => void;

/**
 * Most series have keys that Prometheus knows, and values in which nothing is escaped: their canonical text is the label
 * text already, but for how a pair is written, and one pass over it makes the bytes. All others go the long way.
 */
export function labelPutter(rules: LabelRules): LabelPutter {
  const short = new ShortWay(rules);
  return (series, into) => {
    if (series.text === undefined || !short.put(series.text, into)) {
      into.dropUnended();
      into.put(labelText(series.readAttributes?.() ?? series.attributes, rules));
    }
    into.endText();
  };
}

const [QUOTE, COMMA, COLON, EQUALS, LIST, BACKSLASH, UNDERSCORE, OBJECT, OBJECT_END] = [
  34, 44, 58, 61, 91, 92, 95, 123, 125,
];

/** 0: has no place in a key; 2: does not begin one. */
const KEY_BYTES = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return /[a-zA-Z_]/.test(character) ? 1 : /[0-9]/.test(character) ? 2 : 0;
});

interface FixedPair {
  readonly key: Buffer;
  readonly text: Buffer;
}

class ShortWay {
  readonly #isHistogram: boolean;
  readonly #keepsEmpty: boolean;
  /** Sorted. */
  readonly #fixed: readonly FixedPair[];
  readonly #fixedLength: number;

  constructor({ verbatim, isHistogram, fixed }: LabelRules) {
    this.#isHistogram = isHistogram;
    this.#keepsEmpty = verbatim;
    this.#fixed = [...fixed]
      .sort(([a], [b]) => compareText(a, b))
      .map(([key, value]) => ({
        key: Buffer.from(key),
        text: Buffer.from(`${key}="${escapeLabelValue(value)}"`),
      }));
    this.#fixedLength = this.#fixed.reduce((sum, { text }) => sum + text.length + 1, 0);
  }

  /** False where it leads nowhere; then half of it may have been put. */
  put(canonical: string, into: TextBytes): boolean {
    // The canonical text is put further behind, where what is made of it does not reach it: a pair gets no longer.
    const begin = into.end;
    const from = begin + this.#fixedLength + 2;
    into.reserve(this.#fixedLength + 2 + 3 * canonical.length);
    const { bytes } = into;
    const end = from + bytes.write(canonical, from);
    let nextFixed = 0;
    let at = from + 1;
    while (bytes[at] === QUOTE) {
      const keyEnd = this.#keyEnd(bytes, at + 1);
      if (keyEnd < 0) return false;
      for (let pair = this.#fixed[nextFixed]; pair !== undefined; pair = this.#fixed[++nextFixed]) {
        const order = compareAt(bytes, at + 1, keyEnd, pair.key);
        if (order === 0) return false;
        if (order < 0) break;
        putFixed(pair, begin, into);
      }
      const valueEnd = putPair(at + 1, keyEnd, begin, into, this.#keepsEmpty);
      if (valueEnd < 0) return false;
      at = bytes[valueEnd] === COMMA ? valueEnd + 1 : valueEnd;
    }
    for (let pair = this.#fixed[nextFixed]; pair !== undefined; pair = this.#fixed[++nextFixed])
      putFixed(pair, begin, into);
    return at === end - 1;
  }

  /** Where the key that begins there ends; negative if it does not come out as it is. */
  #keyEnd(bytes: Buffer, begin: number): number {
    let at = begin;
    let before = 0;
    for (let byte = bytes[at] ?? 0; byte !== QUOTE; byte = bytes[++at] ?? 0) {
      const kind = KEY_BYTES[byte] ?? 0;
      // Runs of underscores become one, for most streams.
      if (kind === 0 || (kind === 2 && at === begin) || (byte === UNDERSCORE && before === UNDERSCORE))
        return -1;
      before = byte;
    }
    if (at === begin || bytes[at + 1] !== COLON) return -1;
    return this.#isHistogram && compareAt(bytes, begin, at, LE) === 0 ? -1 : at;
  }
}

const LE = Buffer.from('le');

/** How a part of the bytes compares with a key. */
function compareAt(bytes: Buffer, begin: number, end: number, key: Buffer): number {
  for (let index = 0; index < key.length; index++) {
    if (begin + index === end) return -1;
    const difference = (bytes[begin + index] ?? 0) - (key[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return end - begin - key.length;
}

function putFixed({ text }: FixedPair, begin: number, into: TextBytes): void {
  if (into.end > begin) into.bytes[into.end++] = COMMA;
  into.putBytes(text, 0, text.length);
}

/** Returns where the value ends in the canonical text; negative if it is neither a plain text nor a number or a boolean. */
function putPair(
  keyBegin: number,
  keyEnd: number,
  textBegin: number,
  into: TextBytes,
  keepsEmpty: boolean,
): number {
  const { bytes } = into;
  let to = into.end;
  if (to > textBegin) bytes[to++] = COMMA;
  for (let at = keyBegin; at < keyEnd; at++) bytes[to++] = bytes[at] ?? 0;
  let at = keyEnd + 2;
  const isText = bytes[at] === QUOTE;
  if (isText) at++;
  const first = bytes[at] ?? 0;
  if (isText && first === QUOTE && !keepsEmpty) return at + 1;
  if (!isText && (first === LIST || first === OBJECT)) return -1;
  bytes[to++] = EQUALS;
  bytes[to++] = QUOTE;
  for (let byte = first; ; byte = bytes[++at] ?? 0) {
    if (isText ? byte === QUOTE : byte === COMMA || byte === OBJECT_END) break;
    // Quotes, line ends and half characters are all escaped in JSON.
    if (byte === BACKSLASH) return -1;
    bytes[to++] = byte;
  }
  bytes[to++] = QUOTE;
  into.end = to;
  return isText ? at + 1 : at;
}
