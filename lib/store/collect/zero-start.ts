// What a cumulative reader shows of counters and histograms that are younger than it was told: 0, so that whoever looks at
// intervals sees the first value as an increase. One per reader.
import { checkWhole } from '../../guard/option-checks.js';
import type { Region } from '../../memory/region.js';
import { hasRemovals, liveWord, slotWord, startOf } from '../../memory/tables.js';
import { ageOf } from '../../memory/totals.js';
import { SLOT_DEAD, SLOT_LEAVING, SLOT_STATE_MASK } from '../../memory/words.js';
import type { Series } from '../series/series-catalog.js';
import type { HistogramValue, InstrumentKind } from '../definition/stream.js';

/** What a server takes for a restart when it falls. What a callback reports may have begun long before. */
const KINDS: readonly InstrumentKind[] = ['COUNTER', 'HISTOGRAM'];

const MILLIS_MAX = 3_600_000;

/** @throws MetricStoreError INVALID_OPTION */
export function checkZeroStart(zeroStartMillis: unknown): void {
  checkWhole('zeroStartMillis', zeroStartMillis, 0, MILLIS_MAX);
}

/** A life that was last shown as 0: nobody has seen its numbers. */
export interface OwedLife {
  readonly series: Series;
  readonly startUnixMillis: number;
  readonly value: number | HistogramValue;
}

export class ZeroStart {
  readonly #region: Region;
  #millis: number;
  /** By slot. */
  #owed: ReadonlyMap<number, OwedLife> = new Map();
  #owedNext = new Map<number, OwedLife>();

  /** @param millis 0: shows everything as it is */
  constructor(region: Region, millis: number) {
    this.#region = region;
    this.#millis = millis;
  }

  /** A reading begins, perhaps again because the right was lost. */
  begin(): void {
    this.#owedNext = new Map();
  }

  /** The reading was handed out. */
  end(): void {
    this.#owed = this.#owedNext;
  }

  /** From now on everything is shown as it is. For good: what was seen once must not become 0 again. */
  stop(): void {
    this.#millis = 0;
  }

  /** Whether a series that is left out must be shown once more, because nobody has seen its numbers. */
  isOwed({ slot, live }: Series): boolean {
    const owed = this.#owed.get(slot);
    return owed?.series.live === live && owed.startUnixMillis === startOf(this.#region, slot);
  }

  /**
   * The lives that ended before their numbers were shown: another reader's collection found them idle, or they began anew
   * since. Not what was removed. `wants`: whether this reading has the series.
   */
  *ended(wants: (series: Series) => boolean): Generator<OwedLife> {
    for (const [slot, owed] of this.#owed) {
      if (!this.#hasEnded(owed)) continue;
      if (wants(owed.series)) yield owed;
      else this.#owedNext.set(slot, owed);
    }
  }

  #hasEnded({ series: { slot, live }, startUnixMillis }: OwedLife): boolean {
    const hasNewStart = startOf(this.#region, slot) !== startUnixMillis;
    // Whatever its word is: an overflow series keeps its slot.
    if (slot < this.#region.layout.maxStreams) return hasNewStart;
    const word = slotWord(this.#region, slot);
    // Where series are removed, nobody knows of one whose slot was given back whether it was.
    if (liveWord(word) !== live) return !hasRemovals(this.#region);
    const state = word & SLOT_STATE_MASK;
    if (state >= SLOT_LEAVING) return false;
    return state === SLOT_DEAD || hasNewStart;
  }

  /** `isLast`: it will not be shown again. */
  shown(
    series: Series,
    total: number | HistogramValue | undefined,
    isLast: boolean,
  ): number | HistogramValue | undefined {
    if (this.#millis === 0 || isLast || total === undefined) return total;
    const { slot } = series;
    if (!KINDS.includes(series.stream.definition.kind)) return total;
    if ((ageOf(this.#region, slot) ?? Infinity) >= this.#millis) return total;
    const startUnixMillis = startOf(this.#region, slot);
    this.#owedNext.set(slot, { series, startUnixMillis, value: total });
    if (typeof total === 'number') return 0;
    return { count: 0, sum: 0, min: 0, max: 0, counts: total.counts.map(() => 0) };
  }
}
