// The label texts of some series of a metric, in order, as bytes: what is written for a series before its number. A block
// never changes, so an older answer that is still being sent keeps the blocks it began with, and a collection in which a
// series came or went makes anew only the blocks that it touches.
//
// While texts are compared, each is a *byte string*: a string with one character for each byte of its UTF-8. Then the
// language's own comparison is that of the bytes, which does not depend on the machine's language, and is fast.

/** Few enough that making one anew is a matter of a tenth of a millisecond. */
const ROWS = 1024;
const BYTES = 131_072;
/** A block that would have fewer rows takes in those of the next one. */
const ROWS_MIN = ROWS / 4;

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

// eslint-disable-next-line no-control-regex
const BEYOND_ASCII = /[^\x00-\x7f]/;

export function byteString(text: string): string {
  return BEYOND_ASCII.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/**
 * Makes blocks of rows that come in order. One grows to twice the usual size before half of it is split off, so that a row
 * more in one block does not move one row from each block after it to the next.
 */
export class LabelBlockBuilder {
  readonly #blocks: LabelBlock[] = [];
  #texts: string[] = [];
  #bytes = 0;

  /** @param text a byte string, not below the one before */
  push(text: string): void {
    this.#texts.push(text);
    this.#bytes += text.length;
    if (this.#texts.length >= 2 * ROWS || this.#bytes >= 2 * BYTES) this.#split();
  }

  /** Whether a whole block may be taken as it is: not while what was pushed before is too little for one of its own. */
  get takesWhole(): boolean {
    return this.#texts.length === 0 || this.#texts.length >= ROWS_MIN;
  }

  pushBlock(block: LabelBlock): void {
    this.#flush();
    this.#blocks.push(block);
  }

  finish(): readonly LabelBlock[] {
    this.#flush();
    return this.#blocks;
  }

  #split(): void {
    const texts = this.#texts.splice(0, Math.max(1, this.#texts.length / 2));
    this.#blocks.push(blockOf(texts));
    for (const { length } of texts) this.#bytes -= length;
  }

  #flush(): void {
    if (this.#texts.length > 0) this.#blocks.push(blockOf(this.#texts));
    this.#texts = [];
    this.#bytes = 0;
  }
}

function blockOf(texts: readonly string[]): LabelBlock {
  const offsets = new Uint32Array(texts.length + 1);
  let end = 0;
  let before: string | undefined;
  let hasDuplicates = false;
  texts.forEach((text, row) => {
    hasDuplicates ||= text === before;
    before = text;
    end += text.length;
    offsets[row + 1] = end;
  });
  // Not out of the pool, which would be kept as a whole by what is left of it.
  const bytes = Buffer.allocUnsafeSlow(end);
  bytes.write(texts.join(''), 'latin1');
  return { rows: texts.length, bytes, offsets, first: texts[0] ?? '', last: before ?? '', hasDuplicates };
}
