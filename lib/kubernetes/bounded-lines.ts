import { BoundedBytes, type ReadBytes } from './bounded-bytes.js';

const LINE_FEED = 10;

/**
 * The lines of a stream that comes in pieces. Of a line that is longer than it may be only the length is kept. What follows the
 * last line feed was cut off, and is no line.
 */
export class BoundedLines {
  readonly #line: BoundedBytes;

  constructor(bytesMax: number) {
    this.#line = new BoundedBytes(bytesMax);
  }

  /** The lines that end in this piece, each until the next is asked for. Empty ones are left out. */
  *push(piece: Uint8Array): Generator<ReadBytes, void, undefined> {
    let from = 0;
    for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, from)) {
      this.#line.push(piece.subarray(from, end));
      from = end + 1;
      if (this.#line.byteLength > 0) yield this.#line.take();
    }
    this.#line.push(piece.subarray(from));
  }
}
