// What foreign producers gave, as streams like the store's, so that one writer writes both. One instance per collecting
// thread and purpose: it knows the series again, because who writes them remembers their texts by the object.
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { TimeSlice } from '../guard/time-slice.js';
import { textOf } from '../guard/thrown.js';
import { columnsOf, type ListedColumns } from '../store/definition/columns.js';
import type {
  CollectedPoint,
  CollectedStream,
  SeriesLabels,
  StreamDefinition,
} from '../store/definition/stream.js';
import {
  boundariesOf,
  countsOf,
  rangeOf,
  unionOf,
  type ExponentialValue,
  type PowerRange,
} from './power-buckets.js';
import {
  readMetric,
  type ProducedHistogram,
  type ProducedMetric,
  type ProducedPoint,
} from './produced-points.js';

/** Points that are read between two looks at the clock. */
const POINTS_PER_LOOK = 128;

export interface StreamsOfProducers {
  readonly streams: readonly CollectedStream[];
  /** What was left out, and why: the same text for the same reason. */
  readonly leftOut: readonly string[];
}

/** A stream as it was in the collection before. */
interface KnownStream {
  readonly definition: StreamDefinition;
  readonly series: readonly SeriesLabels[];
  readonly labels: ReadonlyMap<string, SeriesLabels>;
  readonly range: PowerRange | undefined;
}

type ValuedPoint = ProducedPoint & { readonly value: number | ProducedHistogram };

export class ProducedStreams {
  #known: ReadonlyMap<string, KnownStream> = new Map();
  #next = new Map<string, KnownStream>();

  /** In short turns of this thread, one call at a time. Never rejects because of what it is given. */
  async read(scopeMetrics: readonly ScopeMetrics[]): Promise<StreamsOfProducers> {
    const slice = new TimeSlice();
    const leftOut = new Set<string>();
    const streams: CollectedStream[] = [];
    this.#next = new Map();
    for (const { scope, metrics } of scopeMetrics)
      for (const metric of metrics)
        try {
          const read = readMetric(scope, metric);
          if (typeof read === 'string') leftOut.add(read);
          else for (const stream of await this.#streamsOf(read, slice, leftOut)) streams.push(stream);
        } catch (error) {
          leftOut.add(`a metric that cannot be read: ${textOf(error)}`);
        }
    this.#known = this.#next;
    return { streams, leftOut: [...leftOut] };
  }

  /** More than one where the points of a histogram differ in their boundaries. */
  async #streamsOf(
    { definition, points, readPoint }: ProducedMetric,
    slice: TimeSlice,
    leftOut: Set<string>,
  ): Promise<CollectedStream[]> {
    const read: ProducedPoint[] = [];
    for (const [index, point] of points.entries()) {
      const kept = readPoint(point);
      if (kept === undefined) leftOut.add(`"${definition.name}" has points whose values are none`);
      else read.push(kept);
      if (index % POINTS_PER_LOOK === 0 && slice.isOver()) await slice.next();
    }
    const key = this.#freeKey(JSON.stringify(definition));
    const before = this.#known.get(key)?.range;
    const range = read.reduce(
      (range, { value }) => (isExponential(value) ? unionOf(range, rangeOf(value)) : range),
      before,
    );
    const groups = groupByBoundaries(read.map(point => explicitPoint(point, range)));
    const streams: CollectedStream[] = [];
    for (const [boundaries, group] of groups) {
      const streamKey = groups.size === 1 ? key : `${key} ${boundaries.text}`;
      const own = boundaries.list.length === 0 ? definition : { ...definition, boundaries: boundaries.list };
      streams.push(this.#streamOf(streamKey, own, group, range));
      if (slice.isOver()) await slice.next();
    }
    return streams;
  }

  #streamOf(
    key: string,
    given: StreamDefinition,
    points: readonly ValuedPoint[],
    range: PowerRange | undefined,
  ): CollectedStream {
    const known = this.#known.get(key);
    const isSame = known !== undefined && sameBoundaries(known.definition, given);
    const definition = isSame ? known.definition : given;
    const labels = new Map<string, SeriesLabels>();
    const collected = points.map(({ attributes, startUnixMillis, value }): CollectedPoint => {
      const text = labelsKey(attributes);
      const series = known?.labels.get(text) ?? { attributes };
      labels.set(text, series);
      return { series, startUnixMillis, value };
    });
    const columns = keepSeries(columnsOf(definition, collected), known?.series);
    this.#next.set(key, { definition, series: columns.series, labels, range });
    return { definition, temporality: 'cumulative', points: columns };
  }

  /** Two metrics may have one name. */
  #freeKey(text: string): string {
    let key = text;
    for (let count = 2; this.#next.has(key); count++) key = `${text} ${count}`;
    return key;
  }
}

function isExponential(value: ProducedPoint['value']): value is ExponentialValue {
  return typeof value === 'object' && 'scale' in value;
}

function explicitPoint(point: ProducedPoint, range: PowerRange | undefined): ValuedPoint {
  const { value } = point;
  if (!isExponential(value)) return point as ValuedPoint;
  const boundaries = boundariesOf(range);
  const counts = countsOf(value, range, boundaries.length + 1);
  const count = counts.reduce((total, one) => total + one, 0);
  return { ...point, value: { boundaries, counts, count, sum: value.sum, min: Number.NaN, max: Number.NaN } };
}

interface Boundaries {
  readonly text: string;
  readonly list: readonly number[];
}

function groupByBoundaries(points: readonly ValuedPoint[]): Map<Boundaries, ValuedPoint[]> {
  const groups = new Map<string, [Boundaries, ValuedPoint[]]>();
  let last: [Boundaries, ValuedPoint[]] | undefined;
  for (const point of points) {
    const list = typeof point.value === 'number' ? [] : point.value.boundaries;
    if (last === undefined || !equalLists(last[0].list, list)) {
      const text = list.join(' ');
      last = groups.get(text) ?? [{ text, list }, []];
      groups.set(text, last);
    }
    last[1].push(point);
  }
  return new Map(groups.values());
}

function keepSeries(columns: ListedColumns, before: readonly SeriesLabels[] | undefined): ListedColumns {
  return before !== undefined && equalLists(before, columns.series)
    ? { ...columns, series: before }
    : columns;
}

function sameBoundaries(a: StreamDefinition, b: StreamDefinition): boolean {
  return equalLists(a.boundaries, b.boundaries);
}

function equalLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === b.length && a.every((item, index) => item === b[index]));
}

/** What tells one label set from another; their order counts, which costs no more than an object that is made again. */
function labelsKey(attributes: object): string {
  return JSON.stringify(attributes, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? { number: String(value) } : value,
  );
}
