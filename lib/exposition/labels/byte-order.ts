// Brings texts into the order of their bytes without comparing them one with another: from front to back, each time by the
// next few bytes in which those of a group differ. In short turns of this thread.
import type { TimeSlice } from '../../guard/time-slice.js';
import type { TextBytes } from './text-bytes.js';

/** Sorted by numbers, which is done at once, in a millisecond. Few enough that a place among them has 14 bits. */
const NUMBERED_MAX = 16_384;
/** Compared one with another. */
const COMPARED_MAX = 12;
/** Texts that are looked at between two looks at the clock. */
const TEXTS_PER_LOOK = 4096;

/** Texts of a range of the order that are equal up to a depth. */
interface Group {
  readonly from: number;
  readonly to: number;
  readonly depth: number;
}

/** The indices of the texts in their order. */
export async function byteOrder(texts: TextBytes, slice: TimeSlice): Promise<Uint32Array> {
  const sorting = new ByteSorting(texts);
  const groups: Group[] = [{ from: 0, to: texts.count, depth: 0 }];
  let looked = 0;
  for (let group = groups.pop(); group !== undefined; group = groups.pop()) {
    const { from, to } = group;
    if (to - from > NUMBERED_MAX) await sorting.spread(group, groups, slice);
    else if (to - from > COMPARED_MAX) sorting.byNumbers(group, groups);
    else if (to - from > 1) sorting.byComparing(from, to);
    looked += to - from;
    if (looked < TEXTS_PER_LOOK) continue;
    looked = 0;
    if (slice.isOver()) await slice.next();
  }
  return sorting.order;
}

class ByteSorting {
  readonly order: Uint32Array;
  readonly #bytes: Buffer;
  readonly #offsets: Uint32Array;
  readonly #numbers = new Float64Array(NUMBERED_MAX);
  readonly #places = new Uint32Array(NUMBERED_MAX);

  constructor({ bytes, offsets, count }: TextBytes) {
    this.#bytes = bytes;
    this.#offsets = offsets;
    this.order = new Uint32Array(count);
    for (let index = 0; index < count; index++) this.order[index] = index;
  }

  /** Of a large group: spread by one byte. */
  async spread({ from, to, depth }: Group, groups: Group[], slice: TimeSlice): Promise<void> {
    const { order } = this;
    let common = Infinity;
    for (let rank = from + 1; rank < to; rank++) {
      common = this.#common(order[from] ?? 0, order[rank] ?? 0, depth, common);
      if (rank % TEXTS_PER_LOOK === 0 && slice.isOver()) await slice.next();
    }
    const at = depth + common;
    // Those that end there come first.
    const begins = new Uint32Array(258);
    const kinds = new Uint16Array(to - from);
    for (let rank = from; rank < to; rank++) {
      const kind = this.#byteAt(order[rank] ?? 0, at) + 1;
      kinds[rank - from] = kind;
      begins[kind + 1] = (begins[kind + 1] ?? 0) + 1;
      if (rank % TEXTS_PER_LOOK === 0 && slice.isOver()) await slice.next();
    }
    for (let kind = 1; kind < begins.length; kind++)
      begins[kind] = (begins[kind] ?? 0) + (begins[kind - 1] ?? 0);
    for (let kind = 1; kind < 257; kind++)
      groups.push({ from: from + (begins[kind] ?? 0), to: from + (begins[kind + 1] ?? 0), depth: at + 1 });
    const before = order.slice(from, to);
    for (let rank = 0; rank < before.length; rank++) {
      const kind = kinds[rank] ?? 0;
      order[from + (begins[kind] ?? 0)] = before[rank] ?? 0;
      begins[kind] = (begins[kind] ?? 0) + 1;
      if (rank % TEXTS_PER_LOOK === 0 && slice.isOver()) await slice.next();
    }
  }

  /** By the next four bytes, as numbers that have the place in the group as their last digits. */
  byNumbers({ from, to, depth }: Group, groups: Group[]): void {
    const { order } = this;
    const size = to - from;
    let common = Infinity;
    for (let rank = from + 1; rank < to && common > 0; rank++)
      common = this.#common(order[from] ?? 0, order[rank] ?? 0, depth, common);
    const at = depth + common;
    for (let place = 0; place < size; place++) {
      const index = order[from + place] ?? 0;
      let number = 0;
      for (let offset = 0; offset < 4; offset++) number = number * 257 + this.#byteAt(index, at + offset) + 1;
      this.#numbers[place] = number * NUMBERED_MAX + place;
      this.#places[place] = index;
    }
    const numbers = this.#numbers.subarray(0, size).sort();
    let begin = 0;
    let last = 0;
    for (let rank = 0; rank < size; rank++) {
      const whole = numbers[rank] ?? 0;
      const number = Math.floor(whole / NUMBERED_MAX);
      order[from + rank] = this.#places[whole - number * NUMBERED_MAX] ?? 0;
      if (number === last) continue;
      if (rank - begin > 1 && goesOn(last))
        groups.push({ from: from + begin, to: from + rank, depth: at + 4 });
      begin = rank;
      last = number;
    }
    if (size - begin > 1 && goesOn(last)) groups.push({ from: from + begin, to, depth: at + 4 });
  }

  /** By insertion. */
  byComparing(from: number, to: number): void {
    const { order } = this;
    for (let rank = from + 1; rank < to; rank++) {
      const index = order[rank] ?? 0;
      let place = rank;
      for (; place > from && this.#compare(order[place - 1] ?? 0, index) > 0; place--)
        order[place] = order[place - 1] ?? 0;
      order[place] = index;
    }
  }

  /** Bytes that two texts have in common from a depth on, at most `max`. */
  #common(a: number, b: number, depth: number, max: number): number {
    const [beginA, endA] = [(this.#offsets[a] ?? 0) + depth, this.#offsets[a + 1] ?? 0];
    const [beginB, endB] = [(this.#offsets[b] ?? 0) + depth, this.#offsets[b + 1] ?? 0];
    const most = Math.min(max, endA - beginA, endB - beginB);
    let common = 0;
    while (common < most && this.#bytes[beginA + common] === this.#bytes[beginB + common]) common++;
    return Math.max(common, 0);
  }

  /** Negative behind the end. */
  #byteAt(index: number, at: number): number {
    const place = (this.#offsets[index] ?? 0) + at;
    return place < (this.#offsets[index + 1] ?? 0) ? (this.#bytes[place] ?? 0) : -1;
  }

  #compare(a: number, b: number): number {
    const common = this.#common(a, b, 0, Infinity);
    return this.#byteAt(a, common) - this.#byteAt(b, common);
  }
}

/** Whether texts whose next bytes made this number may differ behind them: not if they have ended. */
function goesOn(number: number): boolean {
  return number % 257 !== 0;
}
