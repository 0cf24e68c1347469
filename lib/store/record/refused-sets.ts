// Which sets that were refused a thread saw: of each a part of its key, and no object. Most of a flood of sets come once, so
// remembering each in the cache of handles would cost more than all else that is done for them. One per thread and store.
import type { Key } from '../../memory/tables.js';

const MARKS_PER_BUCKET = 4;
const BUCKETS_MIN = 2 ** 12;
/** 16 MiB of marks. */
const BUCKETS_MAX = 2 ** 20;

export class RefusedSets {
  readonly #buckets: number;
  #marks: Int32Array | undefined;
  #dice = 1;

  /**
   * @param setsMax as many as a generation of the cache of handles has. There are two of them, and a set that is not known
   * when it comes again never gets there.
   */
  constructor(setsMax: number) {
    const enough = 2 ** Math.ceil(Math.log2((2 * setsMax) / MARKS_PER_BUCKET));
    this.#buckets = Math.min(BUCKETS_MAX, Math.max(BUCKETS_MIN, enough));
  }

  /** True for a set that is not known. From then on it is, until others took its place. */
  isFirst([word, place]: Key): boolean {
    const marks = (this.#marks ??= new Int32Array(this.#buckets * MARKS_PER_BUCKET));
    const mark = word | 1; // 0: free.
    const bucket = (place & (this.#buckets - 1)) * MARKS_PER_BUCKET;
    // By chance, so that of many that take it from each other some stay for long enough.
    this.#dice = (Math.imul(this.#dice, 1_664_525) + 1_013_904_223) | 0;
    let at = bucket + (this.#dice >>> 30);
    for (let each = bucket; each < bucket + MARKS_PER_BUCKET; each++) {
      if (marks[each] === mark) return false;
      if (marks[each] === 0) at = each;
    }
    marks[at] = mark;
    return true;
  }
}
