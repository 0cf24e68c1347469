// Deltas that have left the store's shared memory and did not arrive: they go with the next collection. One thread.
import type { Attributes, HrTime } from '@opentelemetry/api';
import type { DataPoint, Histogram, MetricData, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { canonicalize } from '../store/series/attributes.js';
import { saturatingSum } from '../store/collect/saturating-sum.js';
import { DATA_POINT_TYPE, DELTA } from '../producers/sdk-enums.js';

/** From when to when the deltas of a collection were recorded. */
export interface Interval {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

type Point = DataPoint<number> | DataPoint<Histogram>;
interface OwedMetric {
  readonly scope: ScopeMetrics['scope'];
  readonly metric: MetricData;
  readonly points: Map<string, Point>;
}

/** Points that are owed at most: as many as a large store has series. */
const POINTS_MAX = 1_000_000;

export class OwedDeltas {
  readonly #onGiveUp: (reason: string) => void;
  readonly #pointsMax: number;
  /** Metrics with their points by attributes. */
  #metrics = new Map<string, OwedMetric>();
  #points = 0;

  /** @param onGiveUp called when series come and go for so long that what is owed of them has no room. */
  constructor(onGiveUp: (reason: string) => void, pointsMax = POINTS_MAX) {
    this.#onGiveUp = onGiveUp;
    this.#pointsMax = pointsMax;
  }

  get isEmpty(): boolean {
    return this.#metrics.size === 0;
  }

  /** Leaves out what the next collection has anyway. Of a gauge that is there already the newer value stays. */
  add(scopes: readonly ScopeMetrics[]): void {
    for (const { scope, metrics } of deltasOf(scopes))
      for (const metric of metrics) {
        const key = metricKey(scope, metric);
        let owed = this.#metrics.get(key);
        if (owed === undefined) this.#metrics.set(key, (owed = { scope, metric, points: new Map() }));
        for (const point of metric.dataPoints as Point[]) this.#addPoint(owed, point);
      }
    if (this.#points <= this.#pointsMax) return;
    this.take();
    this.#onGiveUp(`more than ${this.#pointsMax} points were owed`);
  }

  #addPoint({ metric, points }: OwedMetric, point: Point): void {
    const key = attributesKey(point.attributes);
    const known = points.get(key);
    if (known === undefined) {
      points.set(key, point);
      this.#points++;
    } else if (!isGauge(metric)) points.set(key, { ...known, value: sumOf(known, point) } as Point);
    else if (isBefore(known.endTime, point.endTime)) points.set(key, point);
  }

  /** Hands all of it over: whoever takes it adds again what does not arrive. */
  take(): ScopeMetrics[] {
    const scopes = [...this.#metrics.values()].map(({ scope, metric, points }) => ({
      scope,
      metrics: [withPoints(metric, [...points.values()])],
    }));
    this.#metrics = new Map();
    this.#points = 0;
    return scopes;
  }
}

/**
 * A collection with what is owed: one point for each series, in the interval of the collection, because a delta that ends
 * before one that was delivered is refused by who adds them up. A gauge that the collection has not keeps its own time.
 */
export function withOwed(
  collected: readonly ScopeMetrics[],
  owed: readonly ScopeMetrics[],
  { startTime, endTime }: Interval,
): ScopeMetrics[] {
  const debts = new Map<string, OwedMetric>();
  for (const { scope, metrics } of owed)
    for (const metric of metrics) {
      const points = (metric.dataPoints as Point[]).map(
        point => [attributesKey(point.attributes), point] as const,
      );
      debts.set(metricKey(scope, metric), { scope, metric, points: new Map(points) });
    }
  const restamped = ({ metric, points }: OwedMetric): Point[] =>
    isGauge(metric)
      ? [...points.values()]
      : [...points.values()].map(point => ({ ...point, startTime, endTime }));
  const scopes = collected.map(({ scope, metrics }) => ({
    scope,
    metrics: metrics.map(metric => {
      const debt = debts.get(metricKey(scope, metric));
      if (debt === undefined) return metric;
      debts.delete(metricKey(scope, metric));
      const paid = (metric.dataPoints as Point[]).map(point => pay(debt, point));
      return withPoints(metric, [...paid, ...restamped(debt)]);
    }),
  }));
  for (const debt of debts.values()) {
    const metric = withPoints(debt.metric, restamped(debt));
    const known = scopes.find(({ scope }) => scopeKey(scope) === scopeKey(debt.scope));
    if (known === undefined) scopes.push({ scope: debt.scope, metrics: [metric] });
    else known.metrics.push(metric);
  }
  return scopes;
}

/** A collected point with what is owed of its series, which is then owed no more. */
function pay({ metric, points }: OwedMetric, point: Point): Point {
  const key = attributesKey(point.attributes);
  const owed = points.get(key);
  if (owed === undefined) return point;
  points.delete(key);
  if (isGauge(metric)) return point;
  return { ...point, value: sumOf(owed, point) } as Point;
}

/** Gauges without those that are in `newer`: their value would go back in time. */
export function withoutGaugesOf(
  scopes: readonly ScopeMetrics[],
  newer: readonly ScopeMetrics[],
): readonly ScopeMetrics[] {
  if (!scopes.some(({ metrics }) => metrics.some(isGauge))) return scopes;
  const keysOf = ({ scope, metrics }: ScopeMetrics): string[] =>
    metrics.filter(isGauge).flatMap(metric => metric.dataPoints.map(point => pointKey(scope, metric, point)));
  const shown = new Set(newer.flatMap(keysOf));
  return scopes.map(({ scope, metrics }) => ({
    scope,
    metrics: metrics.map(metric => {
      if (!isGauge(metric)) return metric;
      const points = metric.dataPoints as Point[];
      return withPoints(
        metric,
        points.filter(point => !shown.has(pointKey(scope, metric, point))),
      );
    }),
  }));
}

/** What is gone unless it arrives. */
export function deltasOf(scopes: readonly ScopeMetrics[]): ScopeMetrics[] {
  return metricsOf(scopes, metric => isDelta(metric) && metric.dataPoints.length > 0);
}

/** What the next collection has again. */
export function withoutDeltas(scopes: readonly ScopeMetrics[]): ScopeMetrics[] {
  return metricsOf(scopes, metric => !isDelta(metric));
}

function isDelta({ aggregationTemporality }: MetricData): boolean {
  return aggregationTemporality === DELTA;
}

function metricsOf(
  scopes: readonly ScopeMetrics[],
  isWanted: (metric: MetricData) => boolean,
): ScopeMetrics[] {
  return scopes.flatMap(({ scope, metrics }) => {
    const wanted = metrics.filter(isWanted);
    return wanted.length === 0 ? [] : [{ scope, metrics: wanted }];
  });
}

function sumOf(a: Point, b: Point): number | Histogram {
  if (typeof a.value === 'number' || typeof b.value === 'number')
    return saturatingSum(Number(a.value), Number(b.value));
  const [one, other] = [a.value, b.value];
  // One that exists without a record has no least and no greatest value.
  if (other.count === 0) return one;
  const counts = one.buckets.counts.map((count, index) => count + (other.buckets.counts[index] ?? 0));
  return {
    ...other,
    buckets: { boundaries: other.buckets.boundaries, counts },
    count: one.count + other.count,
    ...(one.sum !== undefined && other.sum !== undefined && { sum: saturatingSum(one.sum, other.sum) }),
    ...(one.min !== undefined && other.min !== undefined && { min: Math.min(one.min, other.min) }),
    ...(one.max !== undefined && other.max !== undefined && { max: Math.max(one.max, other.max) }),
  };
}

function isGauge({ dataPointType }: MetricData): boolean {
  return Number(dataPointType) === DATA_POINT_TYPE.GAUGE;
}

function withPoints(metric: MetricData, dataPoints: Point[]): MetricData {
  return { ...metric, dataPoints } as MetricData;
}

function isBefore([seconds, nanos]: HrTime, [otherSeconds, otherNanos]: HrTime): boolean {
  return seconds < otherSeconds || (seconds === otherSeconds && nanos < otherNanos);
}

function scopeKey({ name, version, schemaUrl }: ScopeMetrics['scope']): string {
  return JSON.stringify([name, version, schemaUrl]);
}

/** What tells streams apart. Two of one name may differ in their boundaries, and their buckets cannot be added. */
function metricKey(scope: ScopeMetrics['scope'], metric: MetricData): string {
  const { descriptor, dataPointType, dataPoints } = metric;
  const value: unknown = dataPoints[0]?.value;
  const boundaries = (value as Partial<Histogram> | undefined)?.buckets?.boundaries;
  return JSON.stringify([scopeKey(scope), descriptor, dataPointType, boundaries]);
}

function pointKey(
  scope: ScopeMetrics['scope'],
  metric: MetricData,
  { attributes }: { attributes: Attributes },
): string {
  return metricKey(scope, metric) + attributesKey(attributes);
}

/** The attributes of a point are one frozen object in every collection, so most are written down once. */
const keys = new WeakMap<Attributes, string>();

function attributesKey(attributes: Attributes): string {
  let key = keys.get(attributes);
  if (key === undefined) {
    // Not JSON, which writes NaN and the infinities alike.
    key = canonicalize(attributes, Infinity).text;
    keys.set(attributes, key);
  }
  return key;
}
