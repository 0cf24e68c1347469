// Finds pairs of words: a hash table of open addressing, of which half is free. Pairs, because a number that holds both would
// be an object for each look.

/** The numbers 0, 1, 2, … in the order in which their pairs came, for at most `max` of them. */
export class WordPairs {
  readonly #max: number;
  /** Number plus 1 at the pair's place; 0: free. */
  #places: Int32Array;
  #low: Int32Array;
  #high: Int32Array;
  #size = 0;

  constructor(max: number) {
    this.#max = max;
    const first = Math.min(FIRST, max);
    this.#low = new Int32Array(first);
    this.#high = new Int32Array(first);
    this.#places = new Int32Array(2 * first);
  }

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#size >= this.#max;
  }

  lowOf(number: number): number {
    return this.#low[number] ?? 0;
  }

  highOf(number: number): number {
    return this.#high[number] ?? 0;
  }

  /** The number of a pair; -1: it is not there. */
  find(low: number, high: number): number {
    const mask = this.#places.length - 1;
    for (let at = low & mask; ; at = (at + 1) & mask) {
      const number = (this.#places[at] ?? 0) - 1;
      if (number < 0 || (this.#low[number] === low && this.#high[number] === high)) return number;
    }
  }

  /** Adds a pair that is not there. Returns its number. There must be room. */
  add(low: number, high: number): number {
    if (this.#size >= this.#low.length) this.#grow();
    const number = this.#size++;
    this.#low[number] = low;
    this.#high[number] = high;
    this.#place(number);
    return number;
  }

  /** Keeps those of these numbers, which are then 0, 1, 2, … in this order. Ascending. */
  keep(numbers: readonly number[]): void {
    this.#places.fill(0);
    this.#size = 0;
    for (const number of numbers) {
      this.#low[this.#size] = this.lowOf(number);
      this.#high[this.#size] = this.highOf(number);
      this.#place(this.#size++);
    }
  }

  copy(max = this.#max): WordPairs {
    const copy = new WordPairs(max);
    for (let number = 0; number < this.#size; number++) copy.add(this.lowOf(number), this.highOf(number));
    return copy;
  }

  #place(number: number): void {
    const mask = this.#places.length - 1;
    let at = this.lowOf(number) & mask;
    while (this.#places[at] !== 0) at = (at + 1) & mask;
    this.#places[at] = number + 1;
  }

  #grow(): void {
    const length = Math.min(2 * this.#low.length, this.#max);
    const [low, high] = [this.#low, this.#high];
    this.#low = new Int32Array(length);
    this.#high = new Int32Array(length);
    this.#low.set(low);
    this.#high.set(high);
    this.#places = new Int32Array(2 * length);
    for (let number = 0; number < this.#size; number++) this.#place(number);
  }
}

/** A power of two, as `max` must be. */
const FIRST = 8;
