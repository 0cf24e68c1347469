// Which sets of labels were there already, of all metrics of a page together, by their hashes: two of one hash are taken for
// one, as everywhere in `cardinality/`. Bounded: of more than a million, those that come later are always new.
import { mixedHigh, mixedLow, type HashedLabels } from '../cardinality/hashed-labels.js';
import { WordPairs } from '../cardinality/word-pairs.js';

/** 16 MiB. A power of two. */
export const SEEN_MAX = 2 ** 20;

export class SeenSets {
  readonly #pairs: WordPairs;

  /** @param max a power of two */
  constructor(max = SEEN_MAX) {
    this.#pairs = new WordPairs(max);
  }

  /** False when the metric of this number has the set already. */
  add(metric: number, { sumLow, sumHigh }: HashedLabels): boolean {
    const low = mixedLow(sumLow ^ Math.imul(metric, 0x9e3779b1), sumHigh);
    const high = mixedHigh(low, (sumHigh + metric) | 0);
    if (this.#pairs.find(low, high) >= 0) return false;
    if (!this.#pairs.isFull) this.#pairs.add(low, high);
    return true;
  }
}
