import { whyNotUtf8 } from './not-utf8.js';

/** One value of a file of JSON, not parsed yet, or where one was that cannot be. */
export type JsonDocument =
  /** @see {@link JsonPlace.isItem} */
  | (JsonPlace & { readonly text: string })
  | (JsonPlace & { readonly unreadable: string })
  /** A list ended. */
  | { readonly line: number; readonly isEndOfList: true };

export interface JsonPlace {
  /** Where it begins, from 1. */
  readonly line: number;
  /** An item of a list at the top, or of the `items` of an object at the top. */
  readonly isItem: boolean;
}

const [LINE_FEED, QUOTE, COMMA, BACKSLASH] = [0x0a, 0x22, 0x2c, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
/** Also the bytes of a byte order mark. */
const WHITESPACE = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);
const TELLING_IN_STRING = tableOf(LINE_FEED, QUOTE, BACKSLASH);
const TELLING = tableOf(LINE_FEED, QUOTE, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT);
/** How a line begins that is a watch event. Inside of a value no line begins so: printers indent, or write one line. */
const EVENT = Buffer.from('{"type"');
const ITEMS = Buffer.from('items');

/**
 * Finds the values in a file of JSON, however they are cut into chunks and lines: one a line, one behind the other in
 * several lines each, or all in a list, which may be the `items` of an object. Never holds more than one value, of at most
 * `bytesMax`. A line with a value that breaks off is reported by its number, and what follows it is read, unless it is longer
 * than that and no JSON: then this is another kind of file, or a device without an end.
 */
export async function* jsonDocuments(
  source: AsyncIterable<Uint8Array>,
  bytesMax: number,
): AsyncGenerator<JsonDocument, void, undefined> {
  const scanner = new Scanner(bytesMax);
  for await (const chunk of source) {
    scanner.read(chunk);
    yield* scanner.take();
    if (scanner.isHopeless) return;
  }
  scanner.end();
  yield* scanner.take();
}

class Scanner {
  readonly #bytesMax: number;
  #found: JsonDocument[] = [];
  #line = 1;
  #chunk: Uint8Array = new Uint8Array();
  /** Of an earlier chunk: a line that may be the beginning of an event. */
  #rest: Uint8Array = new Uint8Array();
  #isEnd = false;
  #isHopeless = false;
  #isAtLineStart = true;
  #isInString = false;
  #isEscaped = false;
  /** Brackets that are open. */
  #depth = 0;
  /** Brackets that are open around a value: none, those of a list, or those of an object and its `items`. */
  #base = 0;
  /** Behind the items of an object, up to its end. */
  #isTail = false;
  /** What is no object and no list: up to the end of the line. */
  #isLine = false;
  /** Of the value: where it began, in lines and in the chunk; −1: none has begun. */
  #valueLine = -1;
  #valueStart = -1;
  #parts: Uint8Array[] = [];
  #byteLength = 0;
  /** The last text in an object at the top, as far as it may be `items`. */
  #key: number[] = [];

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** There is no use in reading on. */
  get isHopeless(): boolean {
    return this.#isHopeless;
  }

  take(): readonly JsonDocument[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  read(chunk: Uint8Array): void {
    this.#chunk = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = new Uint8Array();
    this.#valueStart = this.#valueLine < 0 ? -1 : 0;
    let index = this.#skip(0);
    for (; index < this.#chunk.length && !this.#isHopeless; index = this.#skip(index + 1)) {
      if (this.#isAtLineStart && this.#valueLine >= 0 && this.#breaksOff(index)) break;
      this.#step(this.#chunk[index] ?? 0, index);
    }
    if (this.#isHopeless) return;
    this.#keep(index);
    this.#rest = this.#chunk.subarray(index);
    if (this.#isLine && this.#byteLength > this.#bytesMax) this.#finish(index);
  }

  end(): void {
    this.#isEnd = true;
    this.read(new Uint8Array());
    if (this.#isLine) this.#finish(this.#chunk.length);
    else if (this.#valueLine >= 0 || this.#depth > 0) this.#giveUp('it breaks off');
  }

  /** From here to the next byte that says something: most of a value does not. */
  #skip(index: number): number {
    const chunk = this.#chunk;
    if (this.#isAtLineStart || this.#isEscaped || this.#valueLine < 0 || this.#depth === this.#base)
      return index;
    // The keys of an object at the top are read.
    if (this.#isInString && this.#depth === 1) return index;
    const telling = this.#isInString ? TELLING_IN_STRING : TELLING;
    while (index < chunk.length && telling[chunk[index] ?? 0] === 0) index++;
    return index;
  }

  /** Whether this line may begin an event, which ends what was before. True when more bytes have to tell. */
  #breaksOff(index: number): boolean {
    const begin = this.#chunk.subarray(index, index + EVENT.length);
    if (EVENT.compare(begin, 0, begin.length, 0, begin.length) !== 0) return false;
    if (begin.length < EVENT.length) return !this.#isEnd;
    this.#giveUp('it breaks off');
    return false;
  }

  #step(byte: number, index: number): void {
    this.#isAtLineStart = byte === LINE_FEED;
    if (byte === LINE_FEED) this.#line++;
    if (this.#isLine) this.#stepLine(byte, index);
    else if (this.#isInString) this.#stepString(byte);
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.#open(byte, index);
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) this.#close(index);
    else if (byte === QUOTE) this.#openString(index);
    else if (byte === COMMA && this.#base > 0 && this.#depth === this.#base) this.#finish(index);
    else if (!WHITESPACE.has(byte)) this.#begin(index);
  }

  #stepLine(byte: number, index: number): void {
    if (byte === LINE_FEED) this.#finish(index);
  }

  #stepString(byte: number): void {
    // No text of JSON goes on in the next line.
    if (byte === LINE_FEED) return this.#giveUp('a text has no end');
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isInString = false;
    if (this.#isInString && this.#depth === 1 && this.#key.length <= ITEMS.length) this.#key.push(byte);
  }

  #openString(index: number): void {
    this.#begin(index);
    this.#isInString = !this.#isLine;
    if (this.#depth === 1) this.#key = [];
  }

  #open(byte: number, index: number): void {
    const isList = byte === OPEN_LIST;
    if (isList && this.#depth === 0) {
      this.#depth = this.#base = 1;
      return;
    }
    if (isList && this.#depth === 1 && this.#base === 0 && ITEMS.equals(Uint8Array.from(this.#key))) {
      this.#depth = this.#base = 2;
      this.#drop();
      return;
    }
    if (this.#depth === 0) this.#key = [];
    this.#begin(index);
    if (!this.#isLine) this.#depth++;
  }

  #close(index: number): void {
    if (this.#depth === 0) return this.#begin(index);
    if (this.#depth === this.#base) {
      // The list itself: a number may stand at its end.
      this.#finish(index);
      this.#found.push({ line: this.#line, isEndOfList: true });
      this.#isTail = this.#base === 2;
      this.#base = 0;
    }
    this.#depth--;
    if (this.#isTail ? this.#depth > 0 : this.#depth > this.#base) return;
    if (this.#isTail) this.#drop();
    else this.#finish(index + 1);
    this.#isTail = false;
  }

  /** A value begins, unless one has begun. */
  #begin(index: number): void {
    if (this.#isTail || this.#valueLine >= 0) return;
    this.#valueLine = this.#line;
    this.#valueStart = index;
    const byte = this.#chunk[index];
    this.#isLine = this.#base === 0 && byte !== OPEN_OBJECT && byte !== OPEN_LIST;
  }

  #finish(end: number): void {
    if (this.#valueLine < 0) return;
    this.#keep(end);
    const place = { line: this.#valueLine, isItem: this.#base > 0 };
    // Wherever the chunks end: whether this line has an end does not matter any more.
    this.#isHopeless = this.#isLine && this.#byteLength > this.#bytesMax;
    if (this.#byteLength > this.#bytesMax)
      this.#found.push({ ...place, unreadable: `longer than ${this.#bytesMax} bytes` });
    else {
      const bytes = Buffer.concat(this.#parts);
      const unreadable = whyNotUtf8(bytes);
      this.#found.push(
        unreadable === undefined ? { ...place, text: bytes.toString('utf8') } : { ...place, unreadable },
      );
    }
    this.#drop();
  }

  /** Holds what this chunk has of the value. */
  #keep(end: number): void {
    if (this.#valueStart < 0) return;
    const part = this.#chunk.subarray(this.#valueStart, end);
    this.#byteLength += part.length;
    if (this.#byteLength <= this.#bytesMax) this.#parts.push(part);
    else this.#parts = [];
    this.#valueStart = end;
  }

  /** What was begun is no JSON; reading goes on as if nothing had been. */
  #giveUp(why: string): void {
    const line = this.#valueLine < 0 ? this.#line : this.#valueLine;
    this.#found.push({ line, isItem: this.#base > 0, unreadable: `not JSON: ${why}` });
    this.#drop();
    this.#isInString = this.#isEscaped = this.#isTail = false;
    this.#depth = this.#base;
  }

  #drop(): void {
    this.#valueLine = this.#valueStart = -1;
    this.#parts = [];
    this.#byteLength = 0;
    this.#isLine = false;
  }
}

function tableOf(...bytes: number[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of bytes) table[byte] = 1;
  return table;
}
