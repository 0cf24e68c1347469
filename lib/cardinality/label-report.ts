// Which labels make the series of one metric many: fed with one set of labels after another, in bounded memory. Of each
// label how many values it has, how many sets there would be without it, and its most frequent values.
import { DistinctCount, EXACT_MAX } from './distinct-count.js';
import { mixedHigh, mixedLow, type HashedLabels } from './hashed-labels.js';
import { COUNTERS_MAX, MisraGries, type CountedValue } from './misra-gries.js';
import { WordPairs } from './word-pairs.js';

/** Labels of one metric that are looked at; of others it is only known that a set has them. */
const LABELS_PER_METRIC_MAX = 128;
/** Labels of all metrics of one report together: so many with much memory, and so many at all. */
const LABELS_RICH_MAX = 400;
const LABELS_MAX = 4000;
/** What a label has when there are very many of them. */
const EXACT_POOR = 128;
const COUNTERS_POOR = 32;

/** What all metrics of one report share. One for each report. */
export class LabelRoom {
  #taken = 0;

  /** What a label more may take; undefined: there are too many. */
  take(): { readonly exactMax: number; readonly countersMax: number } | undefined {
    if (this.#taken >= LABELS_MAX) return undefined;
    const isRich = ++this.#taken <= LABELS_RICH_MAX;
    return {
      exactMax: isRich ? EXACT_MAX : EXACT_POOR,
      countersMax: isRich ? COUNTERS_MAX : COUNTERS_POOR,
    };
  }

  /** Whether labels were left out. */
  get isFull(): boolean {
    return this.#taken >= LABELS_MAX;
  }
}

export interface LabelReport {
  readonly key: string;
  readonly distinct: number;
  readonly exact: boolean;
  readonly seriesWithout: number;
  readonly top: readonly CountedValue[];
}

/** Registers that somebody else filled with hashes of the same labels. */
export interface LabelSketches {
  readonly key: string;
  readonly keyLow: number;
  readonly keyHigh: number;
  readonly values: Uint8Array;
  readonly without: Uint8Array;
}

interface Label {
  readonly key: string;
  readonly keyLow: number;
  readonly keyHigh: number;
  readonly values: DistinctCount;
  readonly without: DistinctCount;
  readonly heaviest: MisraGries;
  /** Number of the last set that has it. */
  seen: number;
  /** Whether there were sets of which nothing is known of this label. */
  isPartial: boolean;
}

/** What stands in bytes, from one index to another, as people read it. */
export interface LabelTexts {
  key(bytes: Buffer, from: number, to: number): string;
  value(bytes: Buffer, from: number, to: number): string;
}

export class MetricLabels {
  readonly #room: LabelRoom;
  readonly #texts: LabelTexts;
  /** In the order in which they came, which is that of most sets. */
  readonly #labels: Label[] = [];
  readonly #keys = new WordPairs(LABELS_PER_METRIC_MAX);
  readonly #sets = new DistinctCount();
  #number = 0;

  constructor(room: LabelRoom, texts: LabelTexts) {
    this.#room = room;
    this.#texts = texts;
  }

  /** Different sets. */
  get sets(): { readonly count: number; readonly isExact: boolean } {
    return this.#sets;
  }

  /** Counts a set of labels whose texts stand in `bytes`. */
  add(hashed: HashedLabels, bytes: Buffer): void {
    const { length, sumLow, sumHigh } = hashed;
    const number = ++this.#number;
    // Before the set counts: to a label that comes now, it is the first one that has it.
    for (let index = 0; index < length; index++) this.#addLabel(hashed, index, bytes, number);
    const low = mixedLow(sumLow, sumHigh);
    const high = mixedHigh(low, sumHigh);
    this.#sets.add(low, high);
    for (const label of this.#labels) if (label.seen !== number) label.without.add(low, high);
  }

  #addLabel(hashed: HashedLabels, index: number, bytes: Buffer, number: number): void {
    const label = this.#labelOf(hashed, index, bytes);
    if (label === undefined) return;
    label.seen = number;
    const ownLow = hashed.low[index] ?? 0;
    const ownHigh = hashed.high[index] ?? 0;
    label.values.add(ownLow, ownHigh);
    const restHigh = (hashed.sumHigh - ownHigh) | 0;
    const low = mixedLow((hashed.sumLow - ownLow) | 0, restHigh);
    label.without.add(low, mixedHigh(low, restHigh));
    if (!label.heaviest.count(ownLow, ownHigh) && label.heaviest.makesRoom())
      label.heaviest.enter(
        ownLow,
        ownHigh,
        this.#texts.value(bytes, hashed.places[4 * index + 2] ?? 0, hashed.places[4 * index + 3] ?? 0),
      );
  }

  #labelOf(hashed: HashedLabels, index: number, bytes: Buffer): Label | undefined {
    const keyLow = hashed.keyLow[index] ?? 0;
    const keyHigh = hashed.keyHigh[index] ?? 0;
    const expected = this.#labels[index];
    if (expected?.keyLow === keyLow && expected.keyHigh === keyHigh) return expected;
    return (
      this.#known(keyLow, keyHigh) ??
      this.#begin(keyLow, keyHigh, () =>
        this.#texts.key(bytes, hashed.places[4 * index] ?? 0, hashed.places[4 * index + 1] ?? 0),
      )
    );
  }

  #begin(keyLow: number, keyHigh: number, nameOf: () => string): Label | undefined {
    if (this.#labels.length >= LABELS_PER_METRIC_MAX) return undefined;
    const room = this.#room.take();
    if (room === undefined) return undefined;
    const label: Label = {
      ...{ key: nameOf(), keyLow, keyHigh, seen: 0, isPartial: false },
      values: new DistinctCount(room.exactMax),
      // None of the sets so far had it.
      without: this.#sets.copy(room.exactMax),
      heaviest: new MisraGries(room.countersMax),
    };
    this.#labels.push(label);
    this.#keys.add(keyLow, keyHigh);
    return label;
  }

  #known(keyLow: number, keyHigh: number): Label | undefined {
    return this.#labels[this.#keys.find(keyLow, keyHigh)];
  }

  /**
   * Adds sets that somebody else saw: all of them, and of each label what is known of it.
   *
   * @param isWhole whether the labels are all that the sets have
   */
  join(sets: Uint8Array, labels: readonly LabelSketches[], isWhole = true): void {
    const sketched = new Map<Label, LabelSketches>();
    for (const others of labels) {
      const { key, keyLow, keyHigh } = others;
      const label = this.#known(keyLow, keyHigh) ?? this.#begin(keyLow, keyHigh, () => key);
      if (label !== undefined) sketched.set(label, others);
    }
    for (const label of this.#labels) {
      const others = sketched.get(label);
      if (others !== undefined) {
        label.values.join(others.values);
        label.without.join(others.without);
      } else if (isWhole) label.without.join(sets);
      else label.isPartial = true;
    }
    this.#sets.join(sets);
  }

  /** The label without which the fewest sets are left first. */
  report(topMax: number): LabelReport[] {
    return this.#labels
      .map(({ key, values, without, heaviest, isPartial }) => ({
        key,
        distinct: values.count,
        exact: values.isExact && without.isExact && !isPartial,
        seriesWithout: without.count,
        top: heaviest.top(topMax),
      }))
      .filter(({ distinct }) => distinct > 0)
      .sort(
        (a, b) => a.seriesWithout - b.seriesWithout || b.distinct - a.distinct || (a.key < b.key ? -1 : 1),
      );
  }
}
