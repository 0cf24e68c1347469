import { endOfValue, isPlainTextAt } from '../../guard/json-text.js';

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
    const to = endOfValue(this.bytes, from);
    if (isPlainTextAt(this.bytes, from, to)) return this.slice(from + 1, to - 1);
    const value = this.valueAt(from, to);
    return typeof value === 'string' ? value : '';
  }
}
