// A cut in the SDK's shapes. Structural: the enums' values are the same in all versions, and nothing of the SDK is
// imported at run time.
import type { HrTime } from '@opentelemetry/api';
import type { MetricData, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { valueAt } from '../store/definition/columns.js';
import type { CollectedStream, Cut, HistogramValue } from '../store/definition/stream.js';
import { CUMULATIVE, DATA_POINT_TYPE, DELTA } from './sdk-enums.js';

const TEMPORALITY = { delta: DELTA, cumulative: CUMULATIVE };

/** Streams grouped by scope. Arrays and values belong to the caller; attributes are frozen. */
export function toScopeMetrics(cut: Cut): ScopeMetrics[] {
  const scopes = new Map<string, ScopeMetrics>();
  for (const stream of cut.streams) {
    const { scope } = stream.definition;
    const key = JSON.stringify([scope.name, scope.version, scope.schemaUrl]);
    let metrics = scopes.get(key);
    if (metrics === undefined) scopes.set(key, (metrics = { scope: { ...scope }, metrics: [] }));
    metrics.metrics.push(toMetricData(stream, cut.atUnixMillis));
  }
  return [...scopes.values()];
}

function toMetricData(stream: CollectedStream, atUnixMillis: number): MetricData {
  const { name, description, unit, valueType, kind, recordMinMax = true } = stream.definition;
  // A copy for each collection: who changes it changes no series.
  const boundaries = [...stream.definition.boundaries];
  const common = {
    // `type` was part of the descriptor before 2.0 and is still read by some exporters.
    descriptor: { name, description, unit, valueType, type: kind },
    aggregationTemporality: TEMPORALITY[stream.temporality],
  };
  const endTime = hrTime(atUnixMillis);
  const { points } = stream;
  const dataPoints = (valueOf: (index: number) => unknown): unknown[] =>
    points.series.map(({ attributes }, index) => {
      const start = points.starts[index] ?? 0;
      return {
        startTime: hrTime(start),
        // A series may be born, in a callback or another thread, after the collection was asked for and before its cut. Its
        // start time is the same in every collection, so it is the end that gives way.
        endTime: start > atUnixMillis ? hrTime(start) : endTime,
        attributes,
        value: valueOf(index),
      };
    });
  const number = (index: number): unknown => points.numbers[index];
  const data =
    kind === 'HISTOGRAM'
      ? {
          ...common,
          dataPointType: DATA_POINT_TYPE.HISTOGRAM,
          dataPoints: dataPoints(index =>
            histogram(valueAt(points, index) as HistogramValue, boundaries, recordMinMax),
          ),
        }
      : kind === 'GAUGE' || kind === 'OBSERVABLE_GAUGE'
        ? { ...common, dataPointType: DATA_POINT_TYPE.GAUGE, dataPoints: dataPoints(number) }
        : {
            ...common,
            dataPointType: DATA_POINT_TYPE.SUM,
            isMonotonic: !kind.endsWith('UP_DOWN_COUNTER'),
            dataPoints: dataPoints(number),
          };
  return data as unknown as MetricData;
}

/** As the SDK: minimum and maximum in both temporalities, and neither before there is a value or where a View has none. */
function histogram(
  { count, sum, min, max, counts }: HistogramValue,
  boundaries: readonly number[],
  recordMinMax: boolean,
): unknown {
  const range = count > 0 && recordMinMax ? { min, max } : {};
  return { buckets: { boundaries, counts }, count, sum, ...range };
}

/** Seconds and nanoseconds of Unix milliseconds. */
export function hrTime(unixMillis: number): HrTime {
  const seconds = Math.floor(unixMillis / 1000);
  const nanos = Math.round((unixMillis - seconds * 1000) * 1e6);
  return nanos < 1e9 ? [seconds, nanos] : [seconds + 1, 0];
}
