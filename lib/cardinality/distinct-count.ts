// How many different hashes there were: exact while they are few, then by HyperLogLog.
import { estimate, join, rankOf, registerOf, REGISTERS } from './hyper-log-log.js';
import { WordPairs } from './word-pairs.js';

/** So many are counted exactly, if nobody says otherwise. */
export const EXACT_MAX = 1024;

export class DistinctCount {
  readonly #exactMax: number;
  /** While they are few. */
  #pairs: WordPairs | undefined;
  #registers: Uint8Array | undefined;
  /** What was counted before others joined: an estimate may be lower. */
  #atLeast = 0;

  /** @param exactMax a power of two */
  constructor(exactMax = EXACT_MAX) {
    this.#exactMax = exactMax;
    this.#pairs = new WordPairs(exactMax);
  }

  get isExact(): boolean {
    return this.#registers === undefined;
  }

  get count(): number {
    if (this.#registers === undefined) return this.#pairs?.size ?? 0;
    return Math.max(this.#atLeast, estimate(this.#registers));
  }

  add(low: number, high: number): void {
    const pairs = this.#pairs;
    if (pairs === undefined) return this.#raise(low, high);
    if (pairs.find(low, high) >= 0) return;
    if (!pairs.isFull) pairs.add(low, high);
    else {
      this.#sketch();
      this.#raise(low, high);
    }
  }

  /** Adds what others saw of it. */
  join(registers: Uint8Array): void {
    if (this.#pairs !== undefined) this.#atLeast = this.#pairs.size;
    join(this.#registers ?? this.#sketch(), registers);
  }

  /** One that goes on on its own. */
  copy(exactMax = this.#exactMax): DistinctCount {
    const copy = new DistinctCount(exactMax);
    const pairs = this.#pairs;
    if (pairs === undefined) {
      copy.#pairs = undefined;
      copy.#registers = this.#registers?.slice();
      copy.#atLeast = this.#atLeast;
    } else
      for (let number = 0; number < pairs.size; number++) copy.add(pairs.lowOf(number), pairs.highOf(number));
    return copy;
  }

  #raise(low: number, high: number): void {
    const registers = this.#registers ?? this.#sketch();
    const register = registerOf(low);
    const rank = rankOf(high);
    if (rank > (registers[register] ?? 0)) registers[register] = rank;
  }

  #sketch(): Uint8Array {
    const registers = (this.#registers = new Uint8Array(REGISTERS));
    const pairs = this.#pairs;
    this.#pairs = undefined;
    for (let number = 0; number < (pairs?.size ?? 0); number++)
      this.#raise(pairs?.lowOf(number) ?? 0, pairs?.highOf(number) ?? 0);
    return registers;
  }
}
