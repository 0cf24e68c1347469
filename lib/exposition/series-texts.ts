import type { Attributes } from '@opentelemetry/api';
import type { PointColumns } from '../store/definition/stream.js';
import { TimeSlice } from '../guard/time-slice.js';
import { sortByText } from './text-order.js';

/** The texts of a stream's series as of one collection. Never changed once handed out: an older scrape may still be sent. */
export interface AlignedTexts {
  /** `texts[i]` belongs to `points[i]`. */
  readonly texts: readonly string[];
  /** Indices of the points in the order of their texts. */
  readonly order: readonly number[];
  /** Two series came out with the same text, because translating their label keys made them equal. */
  readonly hasDuplicates: boolean;
}

interface Sequence extends AlignedTexts {
  readonly attributes: readonly Attributes[];
}

const EMPTY: Sequence = { attributes: [], texts: [], order: [], hasDuplicates: false };

/** Series that are looked at between two looks at the clock. */
const SERIES_PER_LOOK = 64;

/**
 * Remembers the escaped text of every series of one stream, and their order, from one collection to the next.
 *
 * A series has the same attributes object in every collection of a thread, and collections list the series in a stable
 * order. So the memory is an array, compared position by position: a scrape in which no series came or went neither
 * escapes nor sorts anything. (A WeakMap would do as well, but costs the garbage collector a second look at each entry.)
 * What it holds is bounded by the series of the last collection.
 */
export class SeriesTexts {
  readonly #textOf: (attributes: Attributes) => string;
  #last: Sequence = EMPTY;

  constructor(textOf: (attributes: Attributes) => string) {
    this.#textOf = textOf;
  }

  /** In short turns of this thread. One call at a time. */
  async align(points: PointColumns, slice = new TimeSlice()): Promise<AlignedTexts> {
    const { attributes } = this.#last;
    let index = 0;
    while (index < points.length && points.series[index]?.attributes === attributes[index]) index++;
    if (index < points.length || points.length < attributes.length)
      this.#last = await this.#realign(points, slice);
    return this.#last;
  }

  async #realign(points: PointColumns, slice: TimeSlice): Promise<Sequence> {
    const last = this.#last;
    const attributes = points.series.map(series => series.attributes);
    const moved = new Map<Attributes, string>();
    for (const [index, before] of last.attributes.entries()) {
      if (before !== attributes[index]) moved.set(before, last.texts[index] ?? '');
      if (index % SERIES_PER_LOOK === 0 && slice.isOver()) await slice.next();
    }
    const texts: string[] = [];
    const changed: number[] = [];
    const isKept: boolean[] = [];
    for (const [index, now] of attributes.entries()) {
      const kept = now === last.attributes[index] ? last.texts[index] : undefined;
      isKept.push(kept !== undefined);
      texts.push(kept ?? moved.get(now) ?? this.#textOf(now));
      if (kept === undefined) changed.push(index);
      if (index % SERIES_PER_LOOK === 0 && slice.isOver()) await slice.next();
    }
    const unchanged = last.order.filter(index => isKept[index] === true);
    return { attributes, texts, ...(await sortByText(unchanged, changed, texts, slice)) };
  }
}
