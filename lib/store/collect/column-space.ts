// Memory for the columns of collections, used again when nobody looks at them any more: fresh arrays of this size are a
// system call and page faults each, which all threads of the process wait for. One thread.

/** Collections whose blocks are kept though nobody uses them: one needs them, the one before it may still be sent. */
const SPARE_MAX = 1;

const MIN_LENGTH = 1024;

/** So that a few series more find room as well. */
const SLACK = 1.125;

/** What is kept may be so much larger than what was needed last. */
const EXCESS_MAX = 4;

interface Block {
  readonly column: Float64Array;
  used: number;
}

/** The columns of one collection. */
export class ColumnSpace {
  readonly #giveBack: (blocks: Block[]) => void;
  #blocks: Block[];
  #holders = 1;

  constructor(blocks: Block[], giveBack: (blocks: Block[]) => void) {
    this.#blocks = blocks;
    this.#giveBack = giveBack;
  }

  /** A column; what stands in it is of nobody any more. */
  take(length: number): Float64Array {
    const block =
      this.#blocks.find(({ column, used }) => used + length <= column.length) ?? this.#grow(length);
    block.used += length;
    return block.column.subarray(block.used - length, block.used);
  }

  /** As much again as there is, so that there are few of them. What nobody touches takes no memory. */
  #grow(length: number): Block {
    const size = Math.max(MIN_LENGTH, Math.ceil(length * SLACK), sum(this.#blocks, lengthOf));
    const block = { column: new Float64Array(size), used: 0 };
    this.#blocks.push(block);
    return block;
  }

  /** Somebody else looks at it too. Returns what they say when they do not any more. */
  hold(): () => void {
    this.#holders++;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.release();
    };
  }

  /** Who took it does not look at it any more. */
  release(): void {
    if (--this.#holders !== 0) return;
    // The arrays themselves go back: one in the place of several would stand beside them until they are swept.
    const blocks = this.#blocks.filter(({ used }) => used > 0);
    this.#blocks = [];
    const needed = sum(blocks, ({ used }) => used);
    const isFit = sum(blocks, lengthOf) <= EXCESS_MAX * Math.max(MIN_LENGTH, needed);
    this.#giveBack(isFit ? blocks : []);
  }
}

export class ColumnSpaces {
  readonly #spare: Block[][] = [];

  open(): ColumnSpace {
    return new ColumnSpace(this.#spare.pop() ?? [], blocks => {
      for (const block of blocks) block.used = 0;
      if (this.#spare.length < SPARE_MAX) this.#spare.push(blocks);
    });
  }
}

function lengthOf({ column }: Block): number {
  return column.length;
}

function sum(blocks: readonly Block[], of: (block: Block) => number): number {
  return blocks.reduce((total, block) => total + of(block), 0);
}
