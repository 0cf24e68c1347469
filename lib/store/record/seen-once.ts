// Which sets that were refused a thread saw once: of each a part of its key, and no object. Most of a flood of sets come
// once, so remembering each in the cache of handles would cost more than all else that is done for them. One per thread
// and store.
import type { Key } from '../../memory/tables.js';

const BUCKETS = 2 ** 12;
const MARKS_PER_BUCKET = 4;

export class SeenOnce {
  #marks: Int32Array | undefined;
  #dice = 1;

  /** False once for a set that was first: from then on whoever asks remembers it. */
  isFirst([word, place]: Key): boolean {
    const marks = (this.#marks ??= new Int32Array(BUCKETS * MARKS_PER_BUCKET));
    const mark = word | 1; // 0: free.
    const bucket = (place & (BUCKETS - 1)) * MARKS_PER_BUCKET;
    // By chance, so that of many that take it from each other some stay for long enough.
    this.#dice = (Math.imul(this.#dice, 1_664_525) + 1_013_904_223) | 0;
    let at = bucket + (this.#dice >>> 30);
    for (let each = bucket; each < bucket + MARKS_PER_BUCKET; each++) {
      if (marks[each] === mark) {
        marks[each] = 0;
        return false;
      }
      if (marks[each] === 0) at = each;
    }
    marks[at] = mark;
    return true;
  }
}
