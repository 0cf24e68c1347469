// The label texts of some series of a metric, in order, as bytes: what is written for a series before its number. A block
// never changes, so an older answer that is still being sent keeps the blocks it began with, and a collection in which a
// series came or went makes anew only the blocks that it touches.
//
// While texts are compared, each is a *byte string*: a string with one character for each byte of its UTF-8. Then the
// language's own comparison is that of the bytes, which does not depend on the machine's language, and is fast.
import { TextBytes } from './text-bytes.js';

/** Few enough that making one anew is a matter of a tenth of a millisecond. */
const ROWS = 1024;
const BYTES = 131_072;
/** A block that would have fewer rows takes in those of the next one. */
const ROWS_MIN = ROWS / 4;

/** Rows that are copied one by one: for fewer a call of the engine's costs more. */
const SHORT_RANGE = 4;

/** Texts that stand one behind the other. */
export interface RowRange {
  readonly bytes: Uint8Array;
  /** Of the same bytes. */
  readonly view: DataView;
  readonly offsets: Uint32Array;
}

export interface LabelBlock {
  readonly rows: number;
  readonly bytes: Buffer;
  /** Where each row begins in the bytes; behind them, where the last one ends. */
  readonly offsets: Uint32Array;
  /** Byte strings. */
  readonly first: string;
  readonly last: string;
  /** Two rows of the block are equal. */
  readonly hasDuplicates: boolean;
}

/** The byte string of a row. */
export function rowText({ bytes, offsets }: LabelBlock, row: number): string {
  return bytes.toString('latin1', offsets[row], offsets[row + 1]);
}

/**
 * Makes blocks of rows that come in order. One grows to twice the usual size before half of it is split off, so that a row
 * more in one block does not move one row from each block after it to the next.
 */
export class LabelBlockBuilder {
  readonly #blocks: LabelBlock[] = [];
  /** Of which there are no blocks yet: in memory that is used for one block after the other. */
  readonly #rows = new TextBytes(2 * ROWS, BYTES);

  /** @param text a byte string, not below the one before */
  push(text: string): void {
    this.#rows.putByteString(text);
    this.#endRow();
  }

  /** The same, as bytes that stand somewhere. */
  pushBytes(from: DataView, begin: number, end: number): void {
    this.#rows.putBytes(from, begin, end);
    this.#endRow();
  }

  /** Those of the rows that stand one behind the other somewhere. */
  pushRange({ bytes, view, offsets }: RowRange, from: number, to: number): void {
    let row = from;
    while (row < to) {
      const end = Math.min(to, row + 2 * ROWS - this.#rows.count);
      const length = (offsets[end] ?? 0) - (offsets[row] ?? 0);
      if (end - row < SHORT_RANGE || this.#rows.end + length > 2 * BYTES) {
        this.pushBytes(view, offsets[row] ?? 0, offsets[row + 1] ?? 0);
        row++;
      } else {
        this.#rows.putTexts(bytes, offsets, row, end);
        this.#splitIfLarge();
        row = end;
      }
    }
  }

  /** Whether a whole block may be taken as it is: not while what was pushed before is too little for one of its own. */
  get takesWhole(): boolean {
    return this.#rows.count === 0 || this.#rows.count >= ROWS_MIN;
  }

  pushBlock(block: LabelBlock): void {
    this.#flush();
    this.#blocks.push(block);
  }

  finish(): readonly LabelBlock[] {
    this.#flush();
    return this.#blocks;
  }

  #endRow(): void {
    this.#rows.endText();
    this.#splitIfLarge();
  }

  #splitIfLarge(): void {
    if (this.#rows.count >= 2 * ROWS || this.#rows.end >= 2 * BYTES) this.#split();
  }

  #split(): void {
    this.#take(Math.max(1, Math.floor(this.#rows.count / 2)));
  }

  #flush(): void {
    if (this.#rows.count > 0) this.#take(this.#rows.count);
  }

  #take(rows: number): void {
    this.#blocks.push(blockOf(this.#rows, rows));
    this.#rows.dropFirst(rows);
  }
}

/** The first rows, copied: a block has no more memory than it needs. */
function blockOf(texts: TextBytes, rows: number): LabelBlock {
  const bytes = Buffer.allocUnsafeSlow(texts.offsets[rows] ?? 0);
  bytes.set(texts.bytes.subarray(0, bytes.length));
  let hasDuplicates = false;
  for (let row = 1; row < rows; row++) hasDuplicates ||= areEqual(texts, row - 1, row);
  return {
    rows,
    bytes,
    offsets: texts.offsets.slice(0, rows + 1),
    first: texts.byteString(0),
    last: texts.byteString(rows - 1),
    hasDuplicates,
  };
}

/** From the end on: neighbours in an order begin alike. */
function areEqual({ bytes, offsets }: TextBytes, a: number, b: number): boolean {
  const [beginA, endA, endB] = [offsets[a] ?? 0, offsets[a + 1] ?? 0, offsets[b + 1] ?? 0];
  if (endA - beginA !== endB - (offsets[b] ?? 0)) return false;
  for (let back = 1; back <= endA - beginA; back++)
    if (bytes[endA - back] !== bytes[endB - back]) return false;
  return true;
}
