// A cut in the SDK's shapes. Structural: the enums' values are the same in all versions, and nothing of the SDK is
// imported at run time.
import type { HrTime } from '@opentelemetry/api';
import type { MetricData, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { CELL_HEAD } from '../store/definition/columns.js';
import type { CollectedStream, Cut, PointColumns } from '../store/definition/stream.js';
import { CUMULATIVE, DATA_POINT_TYPE, DELTA } from '../producers/sdk-enums.js';

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

function toMetricData(
  { definition, temporality, points }: CollectedStream,
  atUnixMillis: number,
): MetricData {
  const { name, description, unit, valueType, kind, recordMinMax = true } = definition;
  const common = {
    // `type` was part of the descriptor before 2.0 and is still read by some exporters.
    descriptor: { name, description, unit, valueType, type: kind },
    aggregationTemporality: TEMPORALITY[temporality],
  };
  const numbers = (): unknown[] => dataPoints(points, atUnixMillis, points.numbers);
  const data =
    kind === 'HISTOGRAM'
      ? {
          ...common,
          dataPointType: DATA_POINT_TYPE.HISTOGRAM,
          // A copy of the boundaries for each collection: who changes it changes no series.
          dataPoints: dataPoints(
            points,
            atUnixMillis,
            histograms(points, [...definition.boundaries], recordMinMax),
          ),
        }
      : kind === 'GAUGE' || kind === 'OBSERVABLE_GAUGE'
        ? { ...common, dataPointType: DATA_POINT_TYPE.GAUGE, dataPoints: numbers() }
        : {
            ...common,
            dataPointType: DATA_POINT_TYPE.SUM,
            isMonotonic: !kind.endsWith('UP_DOWN_COUNTER'),
            dataPoints: numbers(),
          };
  return data as unknown as MetricData;
}

/** Nothing is called or made for a point but what it consists of: there may be a million. Points share their times. */
function dataPoints(
  { length, series, starts }: PointColumns,
  atUnixMillis: number,
  values: ArrayLike<unknown>,
): unknown[] {
  const points = new Array<unknown>(length);
  const endTime = hrTime(atUnixMillis);
  let last = Number.NaN;
  let startTime = endTime;
  for (let index = 0; index < length; index++) {
    const start = starts[index] ?? 0;
    if (start !== last) {
      last = start;
      startTime = hrTime(start);
    }
    points[index] = {
      startTime,
      // A series may be born, in a callback or another thread, after the collection was asked for and before its cut. Its
      // start time is the same in every collection, so it is the end that gives way.
      endTime: start > atUnixMillis ? startTime : endTime,
      attributes: series.at(index)?.attributes,
      value: values[index],
    };
  }
  return points;
}

/** As the SDK: minimum and maximum in both temporalities, and neither before there is a value or where a View has none. */
function histograms(
  { length, cells }: PointColumns,
  boundaries: readonly number[],
  recordMinMax: boolean,
): unknown[] {
  const values = new Array<unknown>(length);
  const width = CELL_HEAD + boundaries.length + 1;
  for (let index = 0, at = 0; index < length; index++, at += width) {
    const counts: number[] = [];
    for (let bucket = at + CELL_HEAD; bucket < at + width; bucket++) counts.push(cells[bucket] ?? 0);
    const buckets = { boundaries, counts };
    const count = cells[at] ?? 0;
    const sum = cells[at + 1] ?? 0;
    values[index] =
      count > 0 && recordMinMax
        ? { buckets, count, sum, min: cells[at + 2] ?? 0, max: cells[at + 3] ?? 0 }
        : { buckets, count, sum };
  }
  return values;
}

/** Seconds and nanoseconds of Unix milliseconds. */
export function hrTime(unixMillis: number): HrTime {
  const seconds = Math.floor(unixMillis / 1000);
  const nanos = Math.round((unixMillis - seconds * 1000) * 1e6);
  return nanos < 1e9 ? [seconds, nanos] : [seconds + 1, 0];
}
