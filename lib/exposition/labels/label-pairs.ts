// The label pairs of some series as protobuf, made from the block of their label texts: once for as long as the block lives,
// because a block never changes. Bytes are looked at one by one and nothing is made of them in between, so it costs about as
// much as reading them.
import type { LabelBlock } from './label-block.js';

/** As much of a block as is written for a series in protobuf: the repeated field `label` of a Metric. */
export type LabelPairBlock = Pick<LabelBlock, 'rows' | 'bytes' | 'offsets'>;

const QUOTE = 0x22;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;
const LETTER_N = 0x6e;

/** Field 1 and 2, with their length before them. */
const FIRST_FIELD = 0x0a;
const SECOND_FIELD = 0x12;

const made = new WeakMap<LabelBlock, LabelPairBlock>();

export function labelPairsOf(block: LabelBlock): LabelPairBlock {
  const pairs = made.get(block) ?? encode(block);
  made.set(block, pairs);
  return pairs;
}

function encode({ rows, bytes, offsets }: LabelBlock): LabelPairBlock {
  const pairs = new PairWriter(bytes);
  const ends = new Uint32Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    pairs.row(offsets[row] ?? 0, offsets[row + 1] ?? 0);
    ends[row + 1] = pairs.length;
  }
  return { rows, bytes: pairs.finish(), offsets: ends };
}

class PairWriter {
  readonly #from: Buffer;
  /** The shortest pair, `a=""`, is four bytes and becomes seven. */
  readonly #to: Buffer;
  #read = 0;
  length = 0;

  constructor(from: Buffer) {
    this.#from = from;
    this.#to = Buffer.allocUnsafe(2 * from.length);
  }

  row(begin: number, end: number): void {
    for (this.#read = begin; this.#read < end; this.#read++) {
      const [keyBegin, keyEnd] = this.#key();
      // Over the equals sign and the quote; the value ends at a quote, behind which is a comma or the end of the row.
      const valueBegin = keyEnd + (this.#from[keyEnd] === QUOTE ? 3 : 2);
      const valueEnd = this.#endOfQuoted(valueBegin);
      this.#read = valueEnd + 1;
      const keyBytes = this.#lengthOf(keyBegin, keyEnd);
      const valueBytes = this.#lengthOf(valueBegin, valueEnd);
      this.#tag(FIRST_FIELD, 2 + varintBytes(keyBytes) + keyBytes + varintBytes(valueBytes) + valueBytes);
      this.#tag(FIRST_FIELD, keyBytes);
      this.#put(keyBegin, keyEnd);
      this.#tag(SECOND_FIELD, valueBytes);
      this.#put(valueBegin, valueEnd);
    }
  }

  finish(): Buffer {
    const bytes = Buffer.allocUnsafeSlow(this.length);
    this.#to.copy(bytes, 0, 0, this.length);
    return bytes;
  }

  #key(): readonly [begin: number, end: number] {
    const begin = this.#read;
    if (this.#from[begin] === QUOTE) return [begin + 1, this.#endOfQuoted(begin + 1)];
    let end = begin;
    while (this.#from[end] !== EQUALS) end++;
    return [begin, end];
  }

  #endOfQuoted(begin: number): number {
    let end = begin;
    for (let byte = this.#from[end]; byte !== QUOTE && byte !== undefined; byte = this.#from[end])
      end += byte === BACKSLASH ? 2 : 1;
    return end;
  }

  /** Without the backslashes that escape. */
  #lengthOf(begin: number, end: number): number {
    let length = end - begin;
    for (let at = begin; at < end; at++)
      if (this.#from[at] === BACKSLASH) {
        length--;
        at++;
      }
    return length;
  }

  #tag(tag: number, length: number): void {
    this.#to[this.length++] = tag;
    let rest = length;
    for (; rest >= 128; rest >>>= 7) this.#to[this.length++] = (rest & 127) | 128;
    this.#to[this.length++] = rest;
  }

  #put(begin: number, end: number): void {
    for (let at = begin; at < end; at++) {
      let byte = this.#from[at] ?? 0;
      if (byte === BACKSLASH) {
        byte = this.#from[++at] ?? 0;
        if (byte === LETTER_N) byte = LINE_FEED;
      }
      this.#to[this.length++] = byte;
    }
  }
}

/** Of a number below 2^31. */
function varintBytes(value: number): number {
  return value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : value < 268_435_456 ? 4 : 5;
}
