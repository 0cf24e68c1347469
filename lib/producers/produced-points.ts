// One metric of a foreign producer, read with checks: what it is, and those of its points that can be exposed. Whatever is in
// it, it takes no other metric along. Any thread.
import type { AttributeValue, Attributes } from '@opentelemetry/api';
import { ATTRIBUTES_MAX } from '../limits.js';
import type { HistogramValue, InstrumentKind, Scope, StreamDefinition } from '../store/definition/stream.js';
import type { ExponentialValue } from './power-buckets.js';
import { DATA_POINT_TYPE, DELTA } from './sdk-enums.js';
import { isVerbatim } from './verbatim-scope.js';

export interface ProducedPoint {
  readonly attributes: Attributes;
  readonly startUnixMillis: number;
  readonly value: number | ProducedHistogram | ExponentialValue;
}

export interface ProducedHistogram extends HistogramValue {
  readonly boundaries: readonly number[];
}

export interface ProducedMetric {
  /** Without boundaries: those are the points'. */
  readonly definition: StreamDefinition;
  readonly points: readonly unknown[];
  readonly readPoint: (point: unknown) => ProducedPoint | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** The metric, or why it cannot be exposed. Throws what its getters throw. */
export function readMetric(scope: object, metric: object): ProducedMetric | string {
  const { descriptor, dataPoints, dataPointType, aggregationTemporality, isMonotonic } = metric as Fields;
  const { name, description, unit, valueType } = descriptor as Fields;
  if (typeof name !== 'string' || name === '') return 'a metric without a name';
  const kind = kindOf(dataPointType, isMonotonic);
  if (kind === undefined) return `"${name}" is of no type that Prometheus has`;
  if (kind !== 'GAUGE' && aggregationTemporality === DELTA)
    return `"${name}" was collected with delta temporality, which Prometheus does not know`;
  const definition: StreamDefinition = {
    scope: scopeOf(scope as Fields),
    name,
    description: textOr(description, ''),
    unit: textOr(unit, ''),
    valueType: valueType === 0 ? 0 : 1,
    kind,
    boundaries: [],
    limit: 0,
    verbatim: isVerbatim(scope),
  };
  const valueOf =
    dataPointType === DATA_POINT_TYPE.HISTOGRAM
      ? readHistogram
      : dataPointType === DATA_POINT_TYPE.EXPONENTIAL_HISTOGRAM
        ? readExponential
        : kind === 'COUNTER'
          ? readTotal
          : readNumber;
  return { definition, points: dataPoints as unknown[], readPoint: point => readPoint(point, valueOf) };
}

function kindOf(dataPointType: unknown, isMonotonic: unknown): InstrumentKind | undefined {
  switch (dataPointType) {
    case DATA_POINT_TYPE.SUM:
      return isMonotonic === true ? 'COUNTER' : 'UP_DOWN_COUNTER';
    case DATA_POINT_TYPE.GAUGE:
      return 'GAUGE';
    case DATA_POINT_TYPE.HISTOGRAM:
    case DATA_POINT_TYPE.EXPONENTIAL_HISTOGRAM:
      return 'HISTOGRAM';
    default:
      return undefined;
  }
}

/** Of what is not there, the SDK has an empty text: as a label that would be none, and still no other series. */
function scopeOf({ name, version, schemaUrl }: Fields): Scope {
  return {
    name: textOr(name, ''),
    ...(typeof version === 'string' && version !== '' && { version }),
    ...(typeof schemaUrl === 'string' && schemaUrl !== '' && { schemaUrl }),
  };
}

function readPoint(
  point: unknown,
  valueOf: (value: unknown) => ProducedPoint['value'] | undefined,
): ProducedPoint | undefined {
  const { attributes, startTime, value: given } = point as Fields;
  const value = valueOf(given);
  if (value === undefined) return undefined;
  return { attributes: attributesOf(attributes), startUnixMillis: millisOf(startTime), value };
}

function readNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** "A Total is a non-NaN", says OpenMetrics of counters; nobody can make anything of one in another format either. */
function readTotal(value: unknown): number | undefined {
  return Number.isNaN(value) ? undefined : readNumber(value);
}

/** The count is that of the buckets, which is what it must be. A sum may be absent, where negative values were recorded. */
function readHistogram(value: unknown): ProducedHistogram | undefined {
  const { buckets, sum, min, max } = (value ?? {}) as Fields;
  const { boundaries, counts } = (buckets ?? {}) as Fields;
  if (!isList(boundaries) || !areCounts(counts) || counts.length !== boundaries.length + 1) return undefined;
  const isAscending = boundaries.every(
    (boundary, index) =>
      typeof boundary === 'number' && (index === 0 || boundary > Number(boundaries[index - 1])),
  );
  if (!isAscending || Number.isNaN(boundaries[0])) return undefined;
  return {
    boundaries: boundaries as number[],
    counts,
    count: totalOf(counts),
    sum: numberOr(sum, Number.NaN),
    min: numberOr(min, Number.NaN),
    max: numberOr(max, Number.NaN),
  };
}

/** Scales that the data model knows, and some room. */
const SCALE_MIN = -20;
const SCALE_MAX = 30;

function readExponential(value: unknown): ExponentialValue | undefined {
  const { scale, zeroCount, positive, negative, sum } = (value ?? {}) as Fields;
  const { offset, bucketCounts } = (positive ?? {}) as Fields;
  const { bucketCounts: below = [] } = (negative ?? {}) as Fields;
  if (typeof scale !== 'number' || !Number.isInteger(scale) || scale < SCALE_MIN || scale > SCALE_MAX)
    return undefined;
  if (typeof offset !== 'number' || !Number.isSafeInteger(offset)) return undefined;
  if (!areCounts(bucketCounts) || !areCounts(below) || !areCounts([zeroCount])) return undefined;
  return {
    scale,
    zeroCount: Number(zeroCount),
    positive: { offset, bucketCounts },
    negative: { bucketCounts: below },
    sum: numberOr(sum, Number.NaN),
  };
}

/** Own enumerable ones, copied: what a producer does with its object later does not concern a scrape under way. */
function attributesOf(attributes: unknown): Attributes {
  const copy: Attributes = {};
  if (typeof attributes !== 'object' || attributes === null) return Object.freeze(copy);
  for (const [key, value] of Object.entries(attributes).slice(0, ATTRIBUTES_MAX)) {
    const kept = attributeOf(value);
    if (kept !== undefined) Object.defineProperty(copy, key, { value: kept, enumerable: true });
  }
  return Object.freeze(copy);
}

function attributeOf(value: unknown): AttributeValue | undefined {
  if (isPlain(value)) return value;
  if (!isList(value) || !value.every(item => item === null || item === undefined || isPlain(item)))
    return undefined;
  return Object.freeze([...value]) as AttributeValue;
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Of the SDK's seconds and nanoseconds; 0 for what is none. */
function millisOf(time: unknown): number {
  const [seconds, nanos] = isList(time) ? time : [];
  const millis = Number(seconds) * 1000 + Number(nanos) / 1e6;
  return Number.isFinite(millis) ? millis : 0;
}

function areCounts(value: unknown): value is number[] {
  return isList(value) && value.every(count => typeof count === 'number' && count >= 0 && count < Infinity);
}

function totalOf(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}
