import type { Attributes } from '@opentelemetry/api';
import type { PolicyOfLabel } from './label-rule.js';

/** The kinds of instruments, in OpenTelemetry's spelling (`InstrumentType` of the SDK). */
export type InstrumentKind =
  | 'COUNTER'
  | 'GAUGE'
  | 'HISTOGRAM'
  | 'UP_DOWN_COUNTER'
  | 'OBSERVABLE_COUNTER'
  | 'OBSERVABLE_GAUGE'
  | 'OBSERVABLE_UP_DOWN_COUNTER';

/** What a meter was asked for: the same three words that OpenTelemetry calls an instrumentation scope. */
export interface Scope {
  readonly name: string;
  readonly version?: string;
  readonly schemaUrl?: string;
}

/**
 * A stream is one instrument seen through one View: what all of its series have in common. It lives in shared memory as
 * text, so that a thread that never saw the instrument can collect it.
 */
export interface StreamDefinition {
  readonly scope: Scope;
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  /** 0 = integers, 1 = doubles, as the API's `ValueType`. */
  readonly valueType: 0 | 1;
  readonly kind: InstrumentKind;
  /** Upper bounds, inclusive and ascending. Empty unless `kind` is a histogram. */
  readonly boundaries: readonly number[];
  /** Distinct attribute sets, overflow not counted. */
  readonly limit: number;
  /** Exposed to Prometheus under exactly this name, without suffixes and scope labels (Argo's custom metrics). */
  readonly verbatim: boolean;
  /** false: points of a histogram are handed out without minimum and maximum. @defaultValue `true` */
  readonly recordMinMax?: boolean;
  /** Milliseconds after which a series that nobody records into leaves the collections; 0: never. @defaultValue the store's */
  readonly ttlMillis?: number;
  /**
   * Its series are what the store has to remember for all threads within a limit, by a name of their own: they have no numbers,
   * and nobody sees them. A place comes back when nobody needs it: see hidden-places.ts. @defaultValue `false`
   */
  readonly hidden?: boolean;
  /** What a View says about labels, in short, for who reports on them. */
  readonly policies?: readonly PolicyOfLabel[];
  /** The View that is only tried on it, by its position. */
  readonly tries?: number;
  /** Of a hidden stream whose series are the values that a label may have: which label of which stream, by its index. */
  readonly valuesOf?: { readonly stream: number; readonly label: string };
}

export interface HistogramValue {
  readonly count: number;
  readonly sum: number;
  /** Meaningless while `count` is 0. */
  readonly min: number;
  readonly max: number;
  /** One more than there are boundaries. The reader may hand out the same one again. */
  readonly counts: number[];
}

/** Who points are of. The same object for the same series in every collection of a thread. */
export interface SeriesLabels {
  /** Frozen; may be made, and is then kept, on first look. */
  readonly attributes: Attributes;
  /** The same, made for the caller and not kept: for who looks once at very many series. Absent where nothing is gained by it. */
  readAttributes?(): Attributes;
  /** The same as canonical text: JSON with sorted keys. Absent where nobody has it. */
  readonly text?: string;
}

/** Who points are of, in their order. */
export interface SeriesList {
  readonly length: number;
  at(index: number): SeriesLabels | undefined;
  /** The same without an object for each; absent where there is nothing but objects. */
  readonly columns?: SeriesColumns;
}

export interface SeriesColumns {
  /** Slot and life say which series of a stream it is, in all collections of a thread. No slot is there twice. */
  readonly slots: Int32Array;
  readonly lives: Int32Array;
  /**
   * Copies canonical texts in UTF-8, as many of the first ones as there is room for.
   *
   * @param room addresses from one to another in `bytes`
   * @param index where begin and end of each text are noted in `places`
   */
  stageTexts(
    indices: Uint32Array,
    room: readonly [begin: number, end: number],
    into: { readonly bytes: Buffer; readonly places: Uint32Array },
    index: number,
  ): number;
}

/** One series as of a cut. */
export interface CollectedPoint {
  readonly series: SeriesLabels;
  readonly startUnixMillis: number;
  readonly value: number | HistogramValue;
}

/** Points of one stream as columns: what stands at one position belongs together. Not changed by who reads them. */
export interface PointColumns {
  readonly length: number;
  /** The same list as in the collection before while no series came or went. */
  readonly series: SeriesList;
  /** Unix milliseconds. */
  readonly starts: Float64Array;
  /** The value of a sum or a gauge; empty for a histogram. */
  readonly numbers: Float64Array;
  /**
   * Of a histogram, (4 + buckets) doubles each: count, sum, min, max, then one count a bucket; else empty. A histogram has one
   * bucket more than its stream has boundaries; min and max mean nothing while the count is 0.
   */
  readonly cells: Float64Array;
}

export type Temporality = 'cumulative' | 'delta';

export interface CollectedStream {
  readonly definition: StreamDefinition;
  readonly temporality: Temporality;
  /** Never empty. */
  readonly points: PointColumns;
}

/** What one collection saw: every record before the cut, in all threads and all instruments, and none after it. */
export interface Cut {
  /** When the collection was asked for; the end time of every point. */
  readonly atUnixMillis: number;
  readonly streams: readonly CollectedStream[];
  /** Whether the numbers are those of the previous cut, or of a delta reader missing. */
  readonly isStale: boolean;
  /** Why something is missing or stale (`STALLED_WRITER`, `CALLBACK_TIMEOUT`, …). Empty when all is well. */
  readonly errors: readonly Error[];
  /**
   * Says that nobody looks at the streams' columns any more: the next collection may use their memory again. Who does not
   * say so costs memory, nothing else. Once is enough.
   */
  release(): void;
}
