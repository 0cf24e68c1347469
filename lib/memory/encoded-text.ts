// A text on its way into the shared memory: its UTF-8 bytes, written piece by piece into memory of this thread, where they
// are hashed and from where they are copied. Whoever needs one takes it and gives it back: a thread keeps one and makes
// another only when foreign code that runs meanwhile (a getter, a logger) needs one too.
import type { Kernel } from './kernel.js';
import type { Key } from './tables.js';

const FIRST_BYTES = 1024;
/** One that had to grow beyond this is not kept. */
const KEPT_BYTES_MAX = 64 * 1024;
/** Before the text stands whose it is, so that one text has another key with everybody. */
const OWNER_BYTES = 4;
/** Characters of a text that is written here, one by one; a longer one is faster by the engine's own means. */
const WRITTEN_HERE_MAX = 128;
/** So many are hashed in one call: 32. */
const BLOCK_SHIFT = 5;
const BLOCK_BYTES = 2 ** BLOCK_SHIFT;

let kept: EncodedText | undefined;

export class EncodedText {
  #buffer = Buffer.alloc(0);
  #words = new Int32Array(0);
  #text = Buffer.alloc(0);
  #end = OWNER_BYTES;
  #isAscii = true;

  private constructor() {
    this.#make(FIRST_BYTES);
  }

  /** An empty one, until it is given back. */
  static take(): EncodedText {
    const taken = kept ?? new EncodedText();
    kept = undefined;
    taken.#end = OWNER_BYTES;
    taken.#isAscii = true;
    return taken;
  }

  /** Whoever took it must not use it any more. */
  static giveBack(text: EncodedText): void {
    if (text.#buffer.length <= KEPT_BYTES_MAX) kept = text;
  }

  /** In bytes. */
  get length(): number {
    return this.#end - OWNER_BYTES;
  }

  /** The text begins here and is `length` long. Until more is put into it. */
  get bytes(): Buffer {
    return this.#text;
  }

  /** The text as it was at this length, which was read before. */
  cutTo(length: number): void {
    this.#end = OWNER_BYTES + length;
  }

  /** One character below 128. */
  putCharacter(code: number): void {
    this.#grow(1);
    this.#buffer[this.#end++] = code;
  }

  /** Lone surrogates become U+FFFD. */
  put(text: string): void {
    const { length } = text;
    // No character of UTF-16 has more than three bytes.
    if (this.#end + 3 * length > this.#buffer.length) this.#grow(Buffer.byteLength(text, 'utf8'));
    if (length > WRITTEN_HERE_MAX) return this.#write(text);
    const start = this.#end;
    const buffer = this.#buffer;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 127) return this.#write(text);
      buffer[start + index] = code;
    }
    this.#end = start + length;
  }

  /** There must be room. */
  #write(text: string): void {
    const written = this.#buffer.write(text, this.#end, 'utf8');
    this.#isAscii &&= written === text.length;
    this.#end += written;
  }

  /** As JSON has a string. */
  putJson(text: string): void {
    const { length } = text;
    if (length > WRITTEN_HERE_MAX) return this.put(JSON.stringify(text));
    this.#grow(length + 2);
    let at = this.#end;
    const buffer = this.#buffer;
    buffer[at++] = 34; // A double quote.
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      // What JSON writes as it is, and UTF-8 in one byte.
      if (code < 32 || code > 126 || code === 34 || code === 92) return this.put(JSON.stringify(text));
      buffer[at++] = code;
    }
    buffer[at++] = 34;
    this.#end = at;
  }

  toString(): string {
    return this.#buffer.toString(this.#isAscii ? 'latin1' : 'utf8', OWNER_BYTES, this.#end);
  }

  /** The key of this text as one of this owner. */
  keyOf(kernel: Kernel, owner: number): Key {
    const words = this.#words;
    words[0] = owner;
    kernel.hashBegin();
    const end = (this.#end >> BLOCK_SHIFT) << (BLOCK_SHIFT - 2);
    let at = 0;
    for (; at < end; at += 8)
      kernel.hashBlock(
        words[at] ?? 0,
        words[at + 1] ?? 0,
        words[at + 2] ?? 0,
        words[at + 3] ?? 0,
        words[at + 4] ?? 0,
        words[at + 5] ?? 0,
        words[at + 6] ?? 0,
        words[at + 7] ?? 0,
      );
    kernel.hashEnd(
      this.#end,
      words[at] ?? 0,
      words[at + 1] ?? 0,
      words[at + 2] ?? 0,
      words[at + 3] ?? 0,
      words[at + 4] ?? 0,
      words[at + 5] ?? 0,
      words[at + 6] ?? 0,
      words[at + 7] ?? 0,
    );
    return [kernel.hashWord(0), kernel.hashWord(1), kernel.hashWord(2), kernel.hashWord(3)];
  }

  /** Copies the text, and zeros up to the end of its last word. */
  copyTo(memory: Int32Array, address: number): void {
    for (let at = this.#end; at % 4 !== 0; at++) this.#buffer[at] = 0;
    const words = this.#words;
    const count = (this.length + 3) >> 2;
    const first = address / 4;
    for (let index = 0; index < count; index++) memory[first + index] = words[1 + index] ?? 0;
  }

  #grow(bytes: number): void {
    if (this.#end + bytes > this.#buffer.length) this.#make(2 * (this.#end + bytes));
  }

  /** Whole blocks, so that the last one can be read as a whole. */
  #make(bytes: number): void {
    const before = this.#buffer;
    const memory = new ArrayBuffer(Math.ceil(bytes / BLOCK_BYTES + 1) * BLOCK_BYTES);
    this.#buffer = Buffer.from(memory);
    this.#words = new Int32Array(memory);
    this.#text = this.#buffer.subarray(OWNER_BYTES);
    this.#buffer.set(before);
  }
}
