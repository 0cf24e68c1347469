// The values that came most often, in bounded memory: Misra and Gries' summary. While there are no more values than
// counters, counts are exact; after that one is never too high, and too low by at most one (n + 1)-th of all that came, for
// n counters. So what came more often than that is in it, whatever the order.
import { WordPairs } from './word-pairs.js';

/** If nobody says otherwise. */
export const COUNTERS_MAX = 256;

export interface CountedValue {
  readonly value: string;
  readonly count: number;
  /** It may have come more often. */
  readonly atLeast: boolean;
}

export class MisraGries {
  /** The hashes of values that have a counter; what stands at their numbers is of them. */
  readonly #known: WordPairs;
  #values: string[] = [];
  readonly #counts: Int32Array;
  #isExact = true;

  /** @param max a power of two */
  constructor(max = COUNTERS_MAX) {
    this.#known = new WordPairs(max);
    this.#counts = new Int32Array(max);
  }

  /** Counts a value, of which this is a hash, if it has a counter. False when it has none. */
  count(low: number, high: number): boolean {
    const number = this.#known.find(low, high);
    if (number < 0) return false;
    this.#counts[number] = (this.#counts[number] ?? 0) + 1;
    return true;
  }

  /**
   * Whether a value without a counter gets one, by `enter`. When not it is counted too: all the others lose one. Each loss
   * was won before, so this costs as much as the counting.
   */
  makesRoom(): boolean {
    if (!this.#known.isFull) return true;
    this.#isExact = false;
    const kept: number[] = [];
    for (let number = 0; number < this.#known.size; number++)
      if ((this.#counts[number] ?? 0) > 1) kept.push(number);
    for (const [to, from] of kept.entries()) this.#counts[to] = (this.#counts[from] ?? 0) - 1;
    this.#values = kept.map(number => this.#values[number] ?? '');
    this.#known.keep(kept);
    return false;
  }

  enter(low: number, high: number, value: string): void {
    const number = this.#known.add(low, high);
    this.#values[number] = value;
    this.#counts[number] = 1;
  }

  /** The most frequent first; of equal ones by their text. */
  top(max: number): CountedValue[] {
    const atLeast = !this.#isExact;
    return this.#values
      .map((value, number) => ({ value, count: this.#counts[number] ?? 0, atLeast }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, max);
  }
}
