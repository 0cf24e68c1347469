// What a cumulative reader shows of counters and histograms that are younger than it was told: 0, so that whoever looks at
// intervals sees the first value as an increase. One per reader.
import { checkWhole } from '../../guard/option-checks.js';
import type { Snapshot } from '../../memory/snapshot.js';
import { liveWord } from '../../memory/tables.js';
import { SLOT_DEAD, SLOT_LEAVING, SLOT_STATE_MASK } from '../../memory/words.js';
import type { Series } from '../series/known-series.js';
import type { HistogramValue, InstrumentKind } from '../definition/stream.js';

/** What a server takes for a restart when it falls. What a callback reports may have begun long before. */
const KINDS: readonly InstrumentKind[] = ['COUNTER', 'HISTOGRAM'];

export const ZERO_START_MILLIS_MAX = 3_600_000;

/** @throws MetricStoreError INVALID_OPTION */
export function checkZeroStart(zeroStartMillis: unknown): void {
  checkWhole('zeroStartMillis', zeroStartMillis, 0, ZERO_START_MILLIS_MAX);
}

/** A life that was last shown as 0: nobody has seen its numbers. */
export interface OwedLife {
  readonly series: Series;
  readonly startUnixMillis: number;
  readonly value: number | HistogramValue;
}

export class ZeroStart {
  readonly #maxStreams: number;
  #millis: number;
  /** By slot. */
  #owed: ReadonlyMap<number, OwedLife> = new Map();
  #owedNext = new Map<number, OwedLife>();

  /** @param millis 0: shows everything as it is */
  constructor(
    { layout: { maxStreams } }: { readonly layout: { readonly maxStreams: number } },
    millis: number,
  ) {
    this.#maxStreams = maxStreams;
    this.#millis = millis;
  }

  /** A reading begins. */
  begin(): void {
    this.#owedNext = new Map();
  }

  /** The reading was handed out. */
  end(): void {
    this.#owed = this.#owedNext;
  }

  /** Whether what `shown` says may be other than the total. */
  get isOn(): boolean {
    return this.#millis > 0;
  }

  /** Whether any life was shown as 0 last. */
  get owesAny(): boolean {
    return this.#owed.size > 0;
  }

  /** From now on everything is shown as it is. For good: what was seen once must not become 0 again. */
  stop(): void {
    this.#millis = 0;
  }

  /** Whether a series that is left out must be shown once more, because nobody has seen its numbers. */
  isOwed({ slot, live }: Series, { starts }: Snapshot): boolean {
    const owed = this.#owed.get(slot);
    return owed?.series.live === live && owed.startUnixMillis === starts[slot];
  }

  /**
   * The lives that ended before their numbers were shown: another reader's collection found them idle, or they began anew
   * since. Not what was removed. `wants`: whether this reading has the series.
   */
  *ended(snapshot: Snapshot, wants: (series: Series) => boolean): Generator<OwedLife> {
    for (const [slot, owed] of this.#owed) {
      if (!this.#hasEnded(owed, snapshot)) continue;
      if (wants(owed.series)) yield owed;
      else this.#owedNext.set(slot, owed);
    }
  }

  #hasEnded({ series: { slot, live }, startUnixMillis }: OwedLife, snapshot: Snapshot): boolean {
    const hasNewStart = snapshot.starts[slot] !== startUnixMillis;
    // Whatever its word is: an overflow series keeps its slot.
    if (slot < this.#maxStreams) return hasNewStart;
    const word = snapshot.words[slot] ?? 0;
    // Where series are removed, nobody knows of one whose slot was given back whether it was.
    if (liveWord(word) !== live) return !snapshot.hasRemovals;
    const state = word & SLOT_STATE_MASK;
    if (state >= SLOT_LEAVING) return false;
    return state === SLOT_DEAD || hasNewStart;
  }

  /** Whether a series has had data for so short that its kind decides. */
  isYoung(slot: number, snapshot: Snapshot): boolean {
    return (snapshot.ageOf(slot) ?? Infinity) < this.#millis;
  }

  /** `isLast`: it will not be shown again. */
  shown<Value extends number | HistogramValue | undefined>(
    series: Series,
    total: Value,
    isLast: boolean,
    snapshot: Snapshot,
  ): Value | number | HistogramValue {
    if (this.#millis === 0 || isLast || total === undefined) return total;
    const { slot } = series;
    if (!KINDS.includes(series.stream.definition.kind)) return total;
    if (!this.isYoung(slot, snapshot)) return total;
    this.#owedNext.set(slot, { series, startUnixMillis: snapshot.starts[slot] ?? 0, value: total });
    if (typeof total === 'number') return 0;
    return { count: 0, sum: 0, min: 0, max: 0, counts: total.counts.map(() => 0) };
  }
}
