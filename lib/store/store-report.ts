// What a store says about itself. Any thread; costs a walk over the streams, and `cardinality` one over the series.
import {
  readDuration,
  readSaturated,
  readStatistic,
  STATISTIC_NAMES,
  type DurationName,
  type StatisticName,
} from '../memory/statistics.js';
import { slotsEnd, slotsUsed, streamAdmitted, streamOverflowed, streamsUsed } from '../memory/tables.js';
import { textBytes } from '../memory/text.js';
import type { StoreCore } from './store-core.js';
import type { InstrumentKind } from './definition/stream.js';

/** A count of the memory that tells of something refused or amiss. */
type CountedCause = Exclude<StatisticName, 'reclaimed'>;

/** Why something was refused, or what was amiss: `statistics().refused` has a count for each. */
export type RefusalCause =
  /** Records of NaN or of what is no number; of infinities into sums and integers. */
  | 'notANumber'
  | 'notFinite'
  /** Negative records into counters and histograms. */
  | 'negative'
  /** Records after `shutdown()`. */
  | 'ended'
  /** Records that found all stripes taken in every one of their tries. */
  | 'contended'
  /** Values that no attribute can have; attributes beyond `maxAttributes`; values that were cut to `maxLabelValueLength`. */
  | 'attributes'
  | 'droppedAttributes'
  | 'truncatedLabels'
  /** Streams and series that found no place, by what was full. */
  | 'streams'
  | 'overflowedSeries'
  | 'slotsExhausted'
  | 'histogramsExhausted'
  | 'labelBytesExhausted'
  /** Callbacks of observables that threw; observations hidden by another thread's for the same gauge. */
  | 'callbackErrors'
  | 'overwrittenObservations'
  | 'stalledCuts'
  | 'failedExports'
  | 'deltaBatchesInDoubt'
  /** Integers of an INT instrument beyond 2^53. */
  | 'unsafeInteger';

/** Counts of a store since it was created, over all threads, and how full it is. */
export interface StoreStatistics {
  /** How often hot and cold were swapped. */
  readonly swaps: number;
  /** Stripes that this thread's last collection passed over, because they have been odd for 30 s: 0, always. */
  readonly stuckStripes: number;
  /** Collections that reached `stallDeadlineMillis` and reported the previous cut. */
  readonly stalledCuts: number;
  /** Batches of deltas that were given up without knowing whether they arrived: the exporter never answered. */
  readonly deltaBatchesInDoubt: number;
  /** How often a collection found a sum at the largest number, where it was cut off. */
  readonly saturatedSums: number;
  /** Bad values and labels, by cause, and series refused, by what was full. Every other record is in the totals. */
  readonly refused: Readonly<Record<RefusalCause, number>>;
  /** Places in use: also of series that expired or were removed, until they gave theirs back. */
  readonly series: number;
  /** Places of `maxSeries` that values of labels have under `maxValues`: until no series has the value. Not in `series`. */
  readonly policyValues: number;
  /** Series that expired, were removed or were withdrawn, and gave their place back. */
  readonly reclaimedSeries: number;
  readonly maxSeries: number;
  readonly streams: number;
  readonly maxStreams: number;
  readonly labelBytes: number;
  readonly maxLabelBytes: number;
  readonly stripes: number;
  /** The budget, of which untouched memory costs nothing. */
  readonly maxBytes: number;
}

/**
 * How many series each metric has, how near its limit it is, and which labels make them: what `store.cardinality()` gives.
 * A {@link CardinalityReport} is one, with more in it.
 */
export interface CardinalitySummary {
  /** k: of more than 100,000 places every k-th one was looked at, so that what is said of labels is of a sample. Absent: all were. */
  readonly sampled?: number;
  readonly metrics: readonly {
    readonly name: string;
    readonly series: number;
    readonly limit: number;
    /** Attribute sets (not records) that were sent to the overflow series. */
    readonly overflowed: number;
    readonly labels: readonly {
      readonly key: string;
      readonly distinct: number;
      /** The values with the most series, at most ten. */
      readonly top: readonly { readonly value: string; readonly series: number }[];
    }[];
  }[];
}

const TOP_VALUES = 10;
/** Series that are looked at in one piece. */
const LOOKED_MAX = 100_000;

export function reportStatistics({ region, registry, swap, options }: StoreCore): StoreStatistics {
  const causes = STATISTIC_NAMES.filter((name): name is CountedCause => name !== 'reclaimed');
  causes satisfies readonly RefusalCause[];
  const refused = Object.fromEntries(causes.map(name => [name, readStatistic(region, name)]));
  const hidden = registry.all().filter(({ definition }) => definition.hidden === true);
  const places = hidden.reduce((sum, { index }) => sum + streamAdmitted(region, index), 0);
  return {
    swaps: Number(swap.epoch()),
    stuckStripes: swap.abandonedStripes,
    stalledCuts: readStatistic(region, 'stalledCuts'),
    deltaBatchesInDoubt: readStatistic(region, 'deltaBatchesInDoubt'),
    saturatedSums: readSaturated(region),
    refused: refused as Record<CountedCause, number>,
    series: Math.max(0, slotsUsed(region) - places),
    policyValues: places,
    reclaimedSeries: readStatistic(region, 'reclaimed'),
    maxSeries: region.layout.maxSeries,
    streams: streamsUsed(region) - hidden.length,
    maxStreams: region.layout.maxStreams,
    labelBytes: textBytes(region),
    maxLabelBytes: region.layout.maxLabelBytes,
    stripes: region.layout.stripes,
    maxBytes: options.layout.maxBytes,
  };
}

/** A stream's fill. Costs a walk over the streams, not over the series. */
export interface StreamUsage {
  readonly name: string;
  readonly scopeName: string;
  readonly kind: InstrumentKind;
  readonly series: number;
  readonly limit: number;
  /** Attribute sets (not records) that were sent to the overflow series. */
  readonly overflowed: number;
}

export function reportStreams({ region, registry }: StoreCore): StreamUsage[] {
  return registry.visible().map(({ index, definition: { name, scope, kind, limit } }) => ({
    name,
    scopeName: scope.name,
    kind,
    series: streamAdmitted(region, index),
    limit,
    overflowed: streamOverflowed(region, index),
  }));
}

/** Milliseconds that all collections together spent in a phase. */
export function reportDuration({ region }: StoreCore, name: DurationName): number {
  return readDuration(region, name);
}

export function reportCardinality({ region, registry, catalog }: StoreCore): CardinalitySummary {
  const labels = new Map<number, Map<string, Map<string, number>>>();
  const first = region.layout.maxStreams;
  const end = slotsEnd(region);
  const sampled = Math.max(1, Math.ceil((end - first) / LOOKED_MAX));
  for (let slot = first; slot < end; slot += sampled) {
    const series = catalog.at(slot);
    if (series === undefined) continue;
    const keys = getOrAdd(labels, series.stream.index, () => new Map<string, Map<string, number>>());
    for (const [key, value] of Object.entries(series.attributes)) {
      const values = getOrAdd(keys, key, () => new Map<string, number>());
      values.set(String(value), (values.get(String(value)) ?? 0) + 1);
    }
  }
  const metrics = registry.visible().map(({ index, definition }) => ({
    name: definition.name,
    series: streamAdmitted(region, index),
    limit: definition.limit,
    overflowed: streamOverflowed(region, index),
    labels: [...(labels.get(index) ?? [])].map(([key, values]) => ({
      key,
      distinct: values.size,
      top: topOf(values),
    })),
  }));
  return { ...(sampled > 1 && { sampled }), metrics };
}

function topOf(values: ReadonlyMap<string, number>): { value: string; series: number }[] {
  return [...values]
    .map(([value, series]) => ({ value, series }))
    .sort((a, b) => b.series - a.series)
    .slice(0, TOP_VALUES);
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
