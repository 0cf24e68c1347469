// One sample of a Prometheus text, read from its bytes: the name, and its labels as hashes. Text 0.0.4 and 1.0.0 (names in
// quotes) and OpenMetrics (exemplars). Whether a number is right is looked at no closer than to tell a sample from other text.
import type { HashedLabels } from '../cardinality/hashed-labels.js';

const [TAB, SPACE, QUOTE, HASH, COMMA, EQUALS, BACKSLASH, OPENING_BRACE, CLOSING_BRACE] = Buffer.from(
  '\t "#,=\\{}',
) as unknown as readonly number[] as readonly [
  ...[number, number, number, number, number, number, number, number, number],
];

/** 1: may begin a label's name; 2: may be in it; 4: may be in a metric's name, beside these; 8: may be in a number. */
const CLASSES = new Uint8Array(256);
for (const byte of Buffer.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_')) CLASSES[byte] = 7;
for (const byte of Buffer.from('0123456789')) CLASSES[byte] = 6;
for (const byte of Buffer.from(':')) CLASSES[byte] = 4;
for (const byte of Buffer.from('0123456789+-.eE')) CLASSES[byte] = (CLASSES[byte] ?? 0) | 8;

/** Numbers that are written with other letters. */
const WORDS = /^[+-]?(?:nan|inf|infinity|0x[0-9a-f_.p+-]+|[0-9_.e+-]+)$/i;

export class SampleLine {
  /** Where the name stands. */
  nameFrom = 0;
  nameTo = 0;
  /** Where the value stands. */
  valueFrom = 0;
  valueTo = 0;

  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;

  /**
   * Reads a line that is neither empty nor a comment.
   *
   * @returns what is wrong with it; undefined: nothing is
   */
  read(bytes: Buffer, from: number, to: number, into: HashedLabels): string | undefined {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = to;
    into.clear();
    this.#skip();
    this.#readName();
    const hasName = this.nameTo > this.nameFrom;
    if (bytes[this.#at] === OPENING_BRACE && this.#at < to) {
      const wrong = this.#readLabels(into, !hasName);
      if (wrong !== undefined) return wrong;
    } else if (!hasName) return 'expected the name of a metric';
    if (this.nameTo <= this.nameFrom) return 'expected the name of a metric';
    return this.#readNumbers();
  }

  #readName(): void {
    this.nameFrom = this.#at;
    const first = CLASSES[this.#bytes[this.#at] ?? 0] ?? 0;
    // A digit may not be the first one, a colon may.
    if (this.#at < this.#end && (first & 1) + (first === 4 ? 1 : 0) > 0) this.#pass(4);
    this.nameTo = this.#at;
    this.#skip();
  }

  /** @param mayBeName whether the name of the metric stands among them: anywhere, as a Prometheus server takes it */
  #readLabels(into: HashedLabels, mayBeName: boolean): string | undefined {
    this.#at++;
    for (;;) {
      this.#skip();
      if (this.#at >= this.#end) return 'expected "}"';
      if (this.#bytes[this.#at] === CLOSING_BRACE) break;
      const wrong = this.#readLabel(into, mayBeName && this.nameTo === this.nameFrom);
      if (wrong !== undefined) return wrong;
      this.#skip();
      if (this.#bytes[this.#at] === COMMA) this.#at++;
      else if (this.#bytes[this.#at] !== CLOSING_BRACE) return 'expected "," or "}" behind a label';
    }
    this.#at++;
    return undefined;
  }

  #readLabel(into: HashedLabels, mayBeName: boolean): string | undefined {
    const isQuoted = this.#bytes[this.#at] === QUOTE;
    const keyFrom = isQuoted ? this.#at + 1 : this.#at;
    if (isQuoted) this.#passText();
    else if ((CLASSES[this.#bytes[this.#at] ?? 0] ?? 0) & 1) this.#pass(2);
    else return 'expected the name of a label';
    const keyTo = isQuoted ? this.#at - 1 : this.#at;
    if (this.#at > this.#end) return 'expected a quote at the end of a name';
    this.#skip();
    if (this.#bytes[this.#at] !== EQUALS || this.#at >= this.#end) {
      if (!mayBeName || !isQuoted) return 'expected "=" behind the name of a label';
      this.nameFrom = keyFrom;
      this.nameTo = keyTo;
      return undefined;
    }
    this.#at++;
    this.#skip();
    if (this.#bytes[this.#at] !== QUOTE || this.#at >= this.#end) return 'expected a value in quotes';
    const valueFrom = this.#at + 1;
    this.#passText();
    if (this.#at > this.#end) return 'expected a quote at the end of a value';
    into.add(this.#bytes, keyFrom, keyTo, valueFrom, this.#at - 1);
    return undefined;
  }

  /** A value, and perhaps a time and an exemplar. */
  #readNumbers(): string | undefined {
    for (let count = 0; ; count++) {
      this.#skip();
      const isEnd = this.#at >= this.#end || (count > 0 && this.#bytes[this.#at] === HASH);
      if (isEnd) return count === 0 ? 'expected a value' : undefined;
      if (count === 2) return 'expected the end of the line behind the time';
      const from = this.#at;
      if (!this.#readNumber())
        return count === 0 ? 'expected a number as value' : 'expected a time behind the value';
      if (count > 0) continue;
      this.valueFrom = from;
      this.valueTo = this.#at;
    }
  }

  #readNumber(): boolean {
    const from = this.#at;
    this.#pass(8);
    if (this.#isOver()) return this.#at > from;
    while (!this.#isOver()) this.#at++;
    return WORDS.test(this.#bytes.toString('latin1', from, Math.min(this.#at, from + 64)));
  }

  #isOver(): boolean {
    return this.#at >= this.#end || this.#bytes[this.#at] === SPACE || this.#bytes[this.#at] === TAB;
  }

  #pass(wanted: number): void {
    while (this.#at < this.#end && ((CLASSES[this.#bytes[this.#at] ?? 0] ?? 0) & wanted) !== 0) this.#at++;
  }

  /** Behind the closing quote; further than the end when there is none. */
  #passText(): void {
    let at = this.#at + 1;
    const bytes = this.#bytes;
    while (at < this.#end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
    this.#at = at < this.#end ? at + 1 : this.#end + 1;
  }

  #skip(): void {
    while (this.#at < this.#end && (this.#bytes[this.#at] === SPACE || this.#bytes[this.#at] === TAB))
      this.#at++;
  }
}
