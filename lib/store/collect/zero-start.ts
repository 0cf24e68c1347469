// What a cumulative reader shows of counters and histograms that are younger than it was told: 0, so that whoever looks at
// intervals sees the first value as an increase. One per reader.
import type { Region } from '../../memory/region.js';
import { ageOf } from '../../memory/totals.js';
import type { Series } from '../series/series-catalog.js';
import type { HistogramValue, InstrumentKind } from '../definition/stream.js';

/** What a server takes for a restart when it falls. What a callback reports may have begun long before. */
const KINDS: readonly InstrumentKind[] = ['COUNTER', 'HISTOGRAM'];

export class ZeroStart {
  readonly #region: Region;
  readonly #millis: number;
  /** Series that were last shown as 0, slot to life: their numbers were never shown yet. */
  #owed: ReadonlyMap<number, number> = new Map();
  #owedNext = new Map<number, number>();

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

  /** Whether an expired series must be shown once more, because nobody has seen its numbers. */
  isOwed({ slot, live }: Series): boolean {
    return this.#owed.get(slot) === live;
  }

  /** `isLast`: it will not be shown again. */
  shown(
    { slot, live, stream }: Series,
    total: number | HistogramValue | undefined,
    isLast: boolean,
  ): number | HistogramValue | undefined {
    if (this.#millis === 0 || isLast || total === undefined) return total;
    if (!KINDS.includes(stream.definition.kind)) return total;
    if ((ageOf(this.#region, slot) ?? Infinity) >= this.#millis) return total;
    this.#owedNext.set(slot, live);
    if (typeof total === 'number') return 0;
    return { count: 0, sum: 0, min: 0, max: 0, counts: total.counts.map(() => 0) };
  }
}
