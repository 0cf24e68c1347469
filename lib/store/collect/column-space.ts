// Memory for the columns of collections, used again when nobody looks at them any more: fresh arrays of this size are a
// system call and page faults each, which all threads of the process wait for. One thread.

/** Blocks that are kept though nobody uses them: a collection needs one, the one before it may still be sent. */
const SPARE_MAX = 1;

const MIN_LENGTH = 1024;

/** The columns of one collection. */
export class ColumnSpace {
  readonly #giveBack: (block: Float64Array) => void;
  #block: Float64Array | undefined;
  #used = 0;
  /** What there was no room for in the block. */
  #missed = 0;
  #holders = 1;

  constructor(block: Float64Array | undefined, giveBack: (block: Float64Array) => void) {
    this.#block = block;
    this.#giveBack = giveBack;
  }

  /** A column; what stands in it is of nobody any more. */
  take(length: number): Float64Array {
    const block = this.#block;
    if (block === undefined || this.#used + length > block.length) {
      this.#missed += length;
      return new Float64Array(length);
    }
    this.#used += length;
    return block.subarray(this.#used - length, this.#used);
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
    const needed = Math.max(MIN_LENGTH, this.#used + this.#missed);
    const block = this.#block;
    this.#block = undefined;
    // One that was too small, or is now much too large, is made anew.
    const isFit = block !== undefined && block.length >= needed && block.length <= 4 * needed;
    this.#giveBack(isFit ? block : new Float64Array(Math.ceil(needed * 1.125)));
  }
}

export class ColumnSpaces {
  readonly #spare: Float64Array[] = [];

  open(): ColumnSpace {
    return new ColumnSpace(this.#spare.pop(), block => {
      if (this.#spare.length < SPARE_MAX) this.#spare.push(block);
    });
  }
}
