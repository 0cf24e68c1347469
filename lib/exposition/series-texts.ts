import type { Attributes } from '@opentelemetry/api';
import type { CollectedPoint } from '../store/stream.js';

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

  align(points: readonly CollectedPoint[]): AlignedTexts {
    const { attributes } = this.#last;
    let index = 0;
    while (index < points.length && points[index]?.attributes === attributes[index]) index += 1;
    if (index < points.length || points.length < attributes.length) this.#last = this.#realign(points);
    return this.#last;
  }

  #realign(points: readonly CollectedPoint[]): Sequence {
    const last = this.#last;
    const attributes = points.map(point => point.attributes);
    const moved = new Map<Attributes, string>();
    last.attributes.forEach((before, index) => {
      if (before !== attributes[index]) moved.set(before, last.texts[index] ?? '');
    });
    const changed: number[] = [];
    const texts = attributes.map((now, index) => {
      const kept = now === last.attributes[index] ? last.texts[index] : undefined;
      if (kept !== undefined) return kept;
      changed.push(index);
      return moved.get(now) ?? this.#textOf(now);
    });
    // The sort of V8 takes a run that is in order as it is, so few new series cost few comparisons.
    const changedSet = new Set(changed);
    const unchanged = last.order.filter(index => index < texts.length && !changedSet.has(index));
    const order = [...unchanged, ...changed].sort((a, b) => compareText(texts[a] ?? '', texts[b] ?? ''));
    const hasDuplicates = order.some(
      (index, rank) => rank > 0 && texts[order[rank - 1] ?? 0] === texts[index],
    );
    return { attributes, texts, order, hasDuplicates };
  }
}

/** Orders by UTF-16 code units, which does not depend on the machine's language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
