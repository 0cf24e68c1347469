// Lines of bytes that come in pieces, without a text for any of them.

/** A longer line is no line of what is read here. */
export const LINE_BYTES_MAX = 1024 * 1024;

/** What is done with a line: it stands in `bytes`, from one index to another, until the next one. */
export type TakeLine = (bytes: Buffer, from: number, to: number, number: number) => void;

const [LINE_FEED, CARRIAGE_RETURN] = [10, 13];

export class BoundedLines {
  readonly #take: TakeLine;
  #number = 0;
  /** The begin of a line whose end has not come yet. */
  #rest = Buffer.alloc(4096);
  #restLength = 0;

  constructor(take: TakeLine) {
    this.#take = take;
  }

  /** @throws Error when a line is too long, and what is done with lines throws */
  push(piece: Uint8Array): void {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
      if (this.#restLength === 0) this.#line(bytes, from, end);
      else {
        this.#keep(bytes, from, end);
        this.#end();
      }
      from = end + 1;
    }
    this.#keep(bytes, from, bytes.length);
  }

  /** The last line may have no end. */
  finish(): void {
    if (this.#restLength > 0) this.#end();
  }

  #end(): void {
    const length = this.#restLength;
    this.#restLength = 0;
    this.#line(this.#rest, 0, length);
  }

  #line(bytes: Buffer, from: number, to: number): void {
    const number = ++this.#number;
    if (to - from > LINE_BYTES_MAX) throw tooLong(number);
    this.#take(bytes, from, to > from && bytes[to - 1] === CARRIAGE_RETURN ? to - 1 : to, number);
  }

  #keep(bytes: Buffer, from: number, to: number): void {
    const length = this.#restLength + to - from;
    if (length > LINE_BYTES_MAX) throw tooLong(this.#number + 1);
    if (length > this.#rest.length) {
      const larger = Buffer.alloc(Math.min(LINE_BYTES_MAX, 2 * length));
      this.#rest.copy(larger, 0, 0, this.#restLength);
      this.#rest = larger;
    }
    bytes.copy(this.#rest, this.#restLength, from, to);
    this.#restLength = length;
  }
}

function tooLong(number: number): Error {
  return new Error(`line ${number} is longer than ${LINE_BYTES_MAX} bytes`);
}
