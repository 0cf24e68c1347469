import { copyBytes, viewOf } from './byte-words.js';

/**
 * Many texts as bytes, one behind the other: an object and a string for each would cost more than all else that is done
 * with a new series.
 */
export class TextBytes {
  bytes: Buffer;
  /** Of the same memory. */
  view: DataView;
  /** Where each text begins; behind them, where the last one ends. */
  readonly offsets: Uint32Array;
  /** Texts that were ended. */
  count = 0;
  /** Where the next byte goes. */
  end = 0;

  /** @param byteLength a guess */
  constructor(texts: number, byteLength: number) {
    this.offsets = new Uint32Array(texts + 1);
    this.bytes = Buffer.allocUnsafeSlow(Math.max(byteLength, 64));
    this.view = viewOf(this.bytes);
  }

  /** Afterwards there is room for so many bytes from `end` on, and `bytes` may be another buffer. */
  reserve(byteLength: number): void {
    if (this.end + byteLength <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (this.end + byteLength));
    larger.set(this.bytes.subarray(0, this.end));
    this.bytes = larger;
    this.view = viewOf(larger);
  }

  put(text: string): void {
    // No character has more bytes for each of its code units.
    this.reserve(3 * text.length);
    this.end += this.bytes.write(text, this.end);
  }

  /** @param text one character for each byte */
  putByteString(text: string): void {
    this.reserve(text.length);
    this.end += this.bytes.write(text, this.end, 'latin1');
  }

  putBytes(from: DataView, begin: number, end: number): void {
    this.reserve(end - begin);
    this.end = copyBytes(from, begin, end, this.view, this.end);
  }

  /** Those from one to another of texts that stand one behind the other. */
  putTexts(from: Uint8Array, offsets: Uint32Array, first: number, last: number): void {
    const begin = offsets[first] ?? 0;
    const end = offsets[last] ?? 0;
    this.reserve(end - begin);
    this.bytes.set(from.subarray(begin, end), this.end);
    const own = this.offsets;
    const [moved, count] = [this.end - begin, this.count - first];
    for (let index = first + 1; index <= last; index++) own[count + index] = (offsets[index] ?? 0) + moved;
    this.count += last - first;
    this.end += end - begin;
  }

  endText(): void {
    this.offsets[++this.count] = this.end;
  }

  /** Forgets what was put since the last text ended. */
  dropUnended(): void {
    this.end = this.offsets[this.count] ?? 0;
  }

  /** Forgets the first texts. The memory stays. */
  dropFirst(texts: number): void {
    const { bytes, offsets, count } = this;
    const dropped = offsets[texts] ?? 0;
    bytes.copyWithin(0, dropped, this.end);
    for (let index = texts; index <= count; index++) offsets[index - texts] = (offsets[index] ?? 0) - dropped;
    this.count = count - texts;
    this.end -= dropped;
  }

  /** A byte string: one character for each byte. */
  byteString(index: number): string {
    return this.bytes.toString('latin1', this.offsets[index], this.offsets[index + 1]);
  }
}
