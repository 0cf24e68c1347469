// The rows of several runs, in one order: each time the first row of that run whose first row comes first, and of it all
// that come before those of the others. A heap, since there may be hundreds of runs. One for each merge.
import { commonBytes } from '../labels/byte-words.js';
import type { LabelBlockBuilder } from '../labels/label-block.js';
import type { LabelRun } from './label-runs.js';

interface Cursor {
  readonly run: LabelRun;
  row: number;
}

export class FreshRows {
  readonly count: number;
  /** No parent is behind its children. */
  readonly #heap: Cursor[];

  constructor(runs: readonly LabelRun[]) {
    this.count = runs.reduce((sum, { rows }) => sum + rows, 0);
    this.#heap = runs.filter(({ rows }) => rows > 0).map(run => ({ run, row: 0 }));
    for (let place = this.#heap.length >>> 1; place >= 0; place--) this.#sink(place);
  }

  /** Of the next row, a byte string; undefined behind the last one. */
  get text(): string | undefined {
    const [first] = this.#heap;
    if (first === undefined) return undefined;
    const { bytes, offsets } = first.run;
    return bytes.toString('latin1', offsets[first.row], offsets[first.row + 1]);
  }

  /** Takes the next row. Returns the position of its series. */
  take(into: LabelBlockBuilder): number {
    const [first] = this.#heap;
    if (first === undefined) throw new RangeError('there is no row left');
    const { view, offsets, positions } = first.run;
    into.pushBytes(view, offsets[first.row] ?? 0, offsets[first.row + 1] ?? 0);
    const position = positions[first.row] ?? 0;
    this.#advance(first, first.row + 1);
    return position;
  }

  /** Takes rows that come next and stand in one run, and their positions. Returns how many; none, if there are none left. */
  takeSome(max: number, into: LabelBlockBuilder, positions: Uint32Array, at: number): number {
    const [first] = this.#heap;
    if (first === undefined) return 0;
    const { run, row } = first;
    const last = Math.min(run.rows, row + max);
    const end = this.#heap.length === 1 ? last : this.#endBeforeOthers(first, last);
    into.pushRange(run, row, end);
    for (let index = row; index < end; index++) positions[at + index - row] = run.positions[index] ?? 0;
    this.#advance(first, end);
    return end - row;
  }

  /** Which row of the first run does not come before those of all others; at least one does. */
  #endBeforeOthers({ run, row }: Cursor, last: number): number {
    const [, left, right] = this.#heap;
    const next =
      left === undefined || (right !== undefined && isBelow(right.run, right.row, left)) ? right : left;
    if (next === undefined) return last;
    // In longer and longer leaps, then back by halves: neighbours often stand in one run.
    let below = row;
    let leap = 1;
    for (; below + leap < last && isBelow(run, below + leap, next); leap *= 2) below += leap;
    let end = Math.min(below + leap, last);
    while (end - below > 1) {
      const middle = (below + end) >>> 1;
      if (isBelow(run, middle, next)) below = middle;
      else end = middle;
    }
    return end;
  }

  #advance(first: Cursor, row: number): void {
    first.row = row;
    if (row === first.run.rows) {
      const last = this.#heap.pop();
      if (last === undefined || this.#heap.length === 0) return;
      this.#heap[0] = last;
    }
    this.#sink(0);
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const sunk = heap[from];
    if (sunk === undefined) return;
    let place = from;
    for (let child = 2 * place + 1; child < heap.length; child = 2 * place + 1) {
      const [left, right] = [heap[child], heap[child + 1]];
      if (left === undefined) break;
      const isRight = right !== undefined && isBelow(right.run, right.row, left);
      const least = isRight ? right : left;
      if (isRight) child++;
      if (!isBelow(least.run, least.row, sunk)) break;
      heap[place] = least;
      place = child;
    }
    heap[place] = sunk;
  }
}

/** Whether the text of a row comes before that of another. */
function isBelow({ view, offsets }: LabelRun, row: number, { run: other, row: otherRow }: Cursor): boolean {
  const [begin, otherBegin] = [offsets[row] ?? 0, other.offsets[otherRow] ?? 0];
  const length = (offsets[row + 1] ?? 0) - begin;
  const otherLength = (other.offsets[otherRow + 1] ?? 0) - otherBegin;
  const most = Math.min(length, otherLength);
  const common = commonBytes(view, begin, other.view, otherBegin, most);
  return common === most
    ? length < otherLength
    : view.getUint8(begin + common) < other.view.getUint8(otherBegin + common);
}
