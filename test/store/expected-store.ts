// What a store must show, for one thread: lists of values instead of cells, banks and planes. It is exact but for one
// thing: whether labels or histograms still fit into the memory, which the store is asked for.
import type { HistogramValue, Temporality } from '../../lib/store/definition/stream.js';

export type Kind = 'COUNTER' | 'UP_DOWN_COUNTER' | 'HISTOGRAM' | 'GAUGE';
export type GaugeOperation = 'record' | 'add' | 'recordElapsed';

export interface ExpectedStream {
  readonly name: string;
  readonly kind: Kind;
  readonly boundaries: readonly number[];
  readonly limit: number;
}

export interface ExpectedPoint {
  readonly stream: string;
  /** The text of an attribute set, or `OVERFLOW`. */
  readonly set: string;
  readonly start: number;
  readonly value: number | HistogramValue;
}

export interface Limits {
  readonly ttlMillis: number;
  readonly maxSeries: number;
}

export const OVERFLOW = 'overflow';

interface Series {
  readonly stream: Stream;
  readonly set: string;
  /** When its life began. */
  start: number;
  /** Recorded since the last cut, and before it in this life. */
  fresh: number[];
  drained: number[];
  gauge: { readonly operation: GaugeOperation; readonly value: number } | undefined;
  usedAt: number;
  /** The cut that found it idle. */
  retiredIn: number | undefined;
  /** Whether a collection left it out: what comes next is a new life. */
  isLeftOut: boolean;
}

interface Stream extends ExpectedStream {
  readonly start: number;
  readonly series: Map<string, Series>;
  readonly overflow: Series;
  /** Sets that were refused, since a place was given back. */
  readonly refused: Set<string>;
}

export class ExpectedReader {
  readonly temporality: (kind: Kind) => Temporality;
  readonly isDelta: boolean;
  active = new Map<Series, number[]>();
  sealed = new Map<Series, number[]>();
  arrived = true;
  start: number;
  sealedAt: number;

  constructor(temporality: (kind: Kind) => Temporality, since: number) {
    this.temporality = temporality;
    this.isDelta = (['COUNTER', 'UP_DOWN_COUNTER', 'HISTOGRAM', 'GAUGE'] as const).some(
      kind => temporality(kind) === 'delta',
    );
    this.start = this.sealedAt = since;
  }

  seal(now: number): void {
    if (this.arrived) this.start = this.sealedAt;
    else for (const [series, values] of this.sealed) note(this.active, series, values);
    this.sealed = this.active;
    this.active = new Map();
    this.arrived = false;
    this.sealedAt = now;
  }

  holds(series: Series): boolean {
    return this.active.has(series) || this.sealed.has(series);
  }
}

export class ExpectedStore {
  readonly #limits: Limits;
  readonly #streams: Stream[];
  readonly #readers = new Set<ExpectedReader>();
  #cuts = 0;
  #lastCutAt: number | undefined;
  reclaimed = 0;

  constructor(streams: readonly ExpectedStream[], limits: Limits, now: number) {
    this.#limits = limits;
    this.#streams = streams.map(definition => {
      const stream = { ...definition, start: now, series: new Map(), refused: new Set<string>() } as Stream;
      return Object.assign(stream, { overflow: newSeries(stream, OVERFLOW, now, 0) });
    });
  }

  get series(): number {
    return this.#streams.reduce((sum, { series }) => sum + series.size, 0);
  }

  /** Whether a new set has no place. */
  isFull(stream: number): boolean {
    const { series, limit } = this.#at(stream);
    return series.size >= limit || this.series >= this.#limits.maxSeries;
  }

  /** The series that a record goes to. `fits`: whether memory was left, by the store. */
  place(stream: number, set: string, fits: boolean, now: number): Series {
    const { series, refused, overflow } = this.#at(stream);
    const known = series.get(set);
    if (known !== undefined) {
      known.retiredIn = undefined;
      return known;
    }
    if (refused.has(set) || this.isFull(stream) || !fits) {
      refused.add(set);
      return overflow;
    }
    const made = newSeries(this.#at(stream), set, now, now);
    series.set(set, made);
    return made;
  }

  record(series: Series, value: number, operation: GaugeOperation): void {
    const was = series.isLeftOut && series.fresh.length === 0 ? undefined : series.gauge;
    series.fresh.push(value);
    const base =
      operation === 'add' && was !== undefined && was.operation !== 'recordElapsed' ? was.value : 0;
    series.gauge = { operation, value: base + value };
  }

  open(temporality: (kind: Kind) => Temporality): ExpectedReader {
    const reader = new ExpectedReader(temporality, this.#lastCutAt ?? -Infinity);
    if (reader.isDelta) this.#readers.add(reader);
    return reader;
  }

  close(reader: ExpectedReader): void {
    this.#readers.delete(reader);
  }

  collect(reader: ExpectedReader, now: number): ExpectedPoint[] {
    this.#cut(now);
    const points: ExpectedPoint[] = [];
    const show = (
      { stream, set }: Series,
      start: number,
      value: ExpectedPoint['value'] | undefined,
    ): void => {
      if (value !== undefined) points.push({ stream: stream.name, set, start, value });
    };
    if (reader.isDelta) reader.seal(now);
    for (const series of this.#all()) {
      const { kind, start } = series.stream;
      const values = reader.sealed.get(series);
      if (reader.temporality(kind) === 'cumulative') {
        if (!series.isLeftOut) show(series, series.start, valueOf(series, series.drained, now));
      } else if (values !== undefined || series.gauge?.operation === 'recordElapsed')
        show(series, Math.max(reader.start, start), valueOf(series, values ?? [], now));
    }
    return points;
  }

  #cut(now: number): void {
    this.#cuts++;
    const before = this.#lastCutAt;
    this.#lastCutAt = now;
    for (const series of this.#all()) {
      if (series.fresh.length === 0) continue;
      if (series.isLeftOut && series.drained.length > 0) {
        series.start = Math.max(series.start + 1, before ?? -Infinity);
        series.drained = [];
      }
      if (series.drained.length === 0) series.start = Math.max(series.start, before ?? -Infinity);
      series.isLeftOut = false;
      series.drained.push(...series.fresh);
      for (const { active } of this.#readers) note(active, series, series.fresh);
      series.fresh = [];
      series.usedAt = now;
      series.retiredIn = undefined;
    }
    const reclaimed = this.reclaimed;
    for (const { series, overflow } of this.#streams) {
      for (const one of series.values()) this.#reclaim(one, now);
      overflow.isLeftOut ||= this.#isExpired(overflow, now);
    }
    if (this.reclaimed > reclaimed) for (const { refused } of this.#streams) refused.clear();
  }

  /** Marked in one cut, gone in a later one that finds it unused, and every delta reader without anything of it. */
  #reclaim(one: Series, now: number): void {
    if (one.retiredIn === undefined) {
      if (!this.#isExpired(one, now)) return;
      one.retiredIn = this.#cuts;
      one.isLeftOut = true;
    } else if (![...this.#readers].some(reader => reader.holds(one))) {
      one.stream.series.delete(one.set);
      this.reclaimed++;
    }
  }

  #isExpired({ stream: { kind }, gauge, usedAt }: Series, now: number): boolean {
    if (kind === 'UP_DOWN_COUNTER' || this.#limits.ttlMillis === 0) return false;
    if (kind === 'GAUGE' && gauge !== undefined && gauge.operation !== 'record') return false;
    return now - usedAt >= this.#limits.ttlMillis;
  }

  #at(stream: number): Stream {
    return this.#streams[stream] as Stream;
  }

  *#all(): Generator<Series> {
    for (const { overflow, series } of this.#streams) {
      yield overflow;
      yield* series.values();
    }
  }
}

function newSeries(stream: Stream, set: string, start: number, usedAt: number): Series {
  return {
    ...{ stream, set, start, usedAt },
    ...{ fresh: [], drained: [], gauge: undefined, retiredIn: undefined, isLeftOut: false },
  };
}

function note(target: Map<Series, number[]>, series: Series, values: readonly number[]): void {
  target.set(series, [...(target.get(series) ?? []), ...values]);
}

function valueOf(
  { stream, gauge }: Series,
  values: readonly number[],
  now: number,
): ExpectedPoint['value'] | undefined {
  if (stream.kind === 'GAUGE') {
    if (gauge === undefined) return undefined;
    return gauge.operation === 'recordElapsed' ? Math.max(0, (now - gauge.value) / 1000) : gauge.value;
  }
  if (values.length === 0) return undefined;
  const sum = values.reduce((total, value) => total + value, 0);
  if (stream.kind !== 'HISTOGRAM') return sum;
  const bucketOf = (value: number): number => stream.boundaries.filter(bound => bound < value).length;
  const counts = new Array<number>(stream.boundaries.length + 1).fill(0);
  for (const value of values) counts[bucketOf(value)]!++;
  return { count: values.length, sum, min: Math.min(...values), max: Math.max(...values), counts };
}
