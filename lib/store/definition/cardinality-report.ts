// What a store says about the labels of its series: which metrics there are many of, and which label makes them many. Plain
// data, the same as JSON. Types only.
import type { InstrumentKind } from './stream.js';

/**
 * What `store.cardinalityReport()` gives: how many series each metric has, how near its limit it is, which of its labels
 * make them, and what to do about it. Plain data: it survives `JSON.stringify` and `postMessage` as it is.
 *
 * Series of all threads are in it, and nothing of the store is held up for it: what comes or goes while it is made may be in
 * it or not. Of observable instruments it has what the last collection in the asking thread observed.
 */
export interface CardinalityReport {
  /** Of this shape. Grows when a field changes its meaning or goes, not when one is added. */
  readonly version: 1;
  /** When it was made, Unix milliseconds: it may be given to several who ask within seconds. */
  readonly at: number;
  /** Series of all metrics, overflow series not counted. */
  readonly series: number;
  /** How many the store has room for. */
  readonly maxSeries: number;
  /** 1: all series were looked at. k: every k-th one, so that what is said of labels is of a sample. */
  readonly sampled: number;
  /** The metric with the most series first; of as many, that which more sets were refused to, then by name. */
  readonly metrics: readonly MetricCardinality[];
}

/** One metric of a {@link CardinalityReport}. */
export interface MetricCardinality {
  readonly name: string;
  /** Name of the instrumentation scope; of custom metrics `otel-argo-metrics`. */
  readonly scope: string;
  readonly kind: InstrumentKind;
  /** Attribute sets that have a series now; a histogram's buckets are one. The overflow series is not counted. */
  readonly series: number;
  readonly limit: number;
  /** Sets that still find a place: `limit` less `series`, never below 0. */
  readonly headroom: number;
  /**
   * How often a set (not a record) was sent to the overflow series since the store was created. A set that was refused, and
   * forgotten by the thread, counts again when it comes back.
   */
  readonly overflowed: number;
  /**
   * What was asked for: the different sets that have a series now, and those that were ever refused since the store was created. What
   * was refused is remembered as an estimate, which forgets nothing: a set that nobody records any more stays in it.
   */
  readonly demand: CardinalityCount;
  /** The label that makes the most series first: the one that leaves the fewest when it is taken away. */
  readonly labels: readonly LabelCardinality[];
  /** What would be there under the policies of a View with `dryRun`, which nothing obeys yet. Absent without such a View. */
  readonly dryRun?: DryRunCardinality;
  /** What would help. Absent for a metric that is at most 80 % full and refuses nothing, and where no label is to blame. */
  readonly advice?: CardinalityAdvice;
}

/** A number of distinct sets. */
export interface CardinalityCount {
  readonly sets: number;
  /** true until a set is refused. */
  readonly exact: boolean;
  /**
   * Of a number that is not exact. false: an estimate, mostly within 3 %, in rare cases 5 %. true: so many at most, because there was
   * no room to count what was refused, or it was observed. A set counts again then when another thread brings it, or it comes back.
   */
  readonly atMost: boolean;
}

/**
 * One label of a metric. Of the sets that have a series and, where {@link MetricCardinality.demand | demand} is an estimate, of
 * those that were refused.
 */
export interface LabelCardinality {
  readonly key: string;
  /** Different values. A set without the label does not count. */
  readonly distinct: number;
  /**
   * false: `distinct` or `seriesWithout` is an estimate, mostly within 3 %, in rare cases 5 %: of more than 1,024, and of every label
   * of a metric once it refused a set. Beyond 31 labels, and of names beyond 240 bytes, it has only the sets that have a series.
   */
  readonly exact: boolean;
  /** How many different sets there would be without this label. */
  readonly seriesWithout: number;
  /** The values with the most series (what was refused is not among them), at most as many as was asked for. */
  readonly top: readonly ValueCardinality[];
  /** What a View says about the label. Absent without. */
  readonly policy?: LabelPolicyUse;
}

/** A value of a label. */
export interface ValueCardinality {
  /** As text; a list as JSON. */
  readonly value: string;
  readonly series: number;
  /** true: it has so many series at least; there were too many values to count each. */
  readonly atLeast: boolean;
}

/** A policy of a View and how far it is used. */
export interface LabelPolicyUse {
  /** The last of the rules that are applied to the label. */
  readonly rule: 'drop' | 'map' | 'allow' | 'maxValues';
  /** Only with `maxValues`, as are the next three. */
  readonly maxValues?: number;
  /** Values that have a place. */
  readonly used?: number;
  /** Values that got none. Absent where there was no room to count them. */
  readonly refused?: RefusedValueCount;
  readonly choose?: 'first';
  /** What other values count as. Absent for `drop`. */
  readonly overflowValue?: string;
}

/** Values of a label that got no place under `maxValues` since the store was created. One that has a place by now is among them. */
export interface RefusedValueCount {
  /** How many different ones: an estimate, mostly within 3 %. */
  readonly values: number;
  /** true: so many at least. A thread counts some 1,000 of them, fewer when they are long: it knows no more of a flood. */
  readonly atLeast: boolean;
}

/** What policies would leave that are only tried. */
export interface DryRunCardinality {
  readonly series: number;
  /** Sets that would not fit into the limit even so. */
  readonly overflowed: number;
}

/** What to do about a metric with too many series. Nothing obeys it until somebody pastes `code`. */
export interface CardinalityAdvice {
  /** What is wrong and what would help, in a sentence or two of English. */
  readonly text: string;
  /** As the next one, an option of `cardinalityLimitedView`. */
  readonly limit: number;
  readonly labels: Readonly<Record<string, { readonly maxValues: number } | { readonly drop: true }>>;
  /** The View to paste into `views`, as an expression of JavaScript. */
  readonly code: string;
}
