import { DataPointType, AggregationTemporality } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { hrTime, toScopeMetrics } from '../../lib/otel/metric-data.js';
import type {
  HistogramValue,
  InstrumentKind,
  PointColumns,
  StreamDefinition,
} from '../../lib/store/definition/stream.js';
import { columnsFrom } from '../support/points.js';

function metricOf(
  kind: InstrumentKind,
  value: number | HistogramValue,
  startUnixMillis = 1500,
  further: Partial<StreamDefinition> = {},
): Record<string, unknown> {
  return metricAndPoints(kind, value, startUnixMillis, further).metric;
}

function metricAndPoints(
  kind: InstrumentKind,
  value: number | HistogramValue,
  startUnixMillis: number,
  further: Partial<StreamDefinition> = {},
): { readonly metric: Record<string, unknown>; readonly points: PointColumns } {
  const boundaries = kind === 'HISTOGRAM' ? [5] : [];
  const definition = {
    scope: { name: 'm' },
    name: 'x',
    description: '',
    unit: '',
    valueType: 1,
    kind,
    boundaries,
  };
  const points = columnsFrom(definition, [{ attributes: {}, startUnixMillis, value }]);
  const stream = {
    definition: { ...definition, limit: 1, verbatim: false, ...further },
    temporality: 'delta',
    points,
  };
  const cut = { atUnixMillis: 2000, streams: [stream], errors: [] };
  const metric = toScopeMetrics(cut as never)[0]?.metrics[0] as unknown as Record<string, unknown>;
  return { metric, points };
}

describe('toScopeMetrics', () => {
  it("uses the SDK's enumerations by value", () => {
    expect(metricOf('COUNTER', 1)).to.include({
      dataPointType: DataPointType.SUM,
      isMonotonic: true,
      aggregationTemporality: AggregationTemporality.DELTA,
    });
    expect(metricOf('OBSERVABLE_UP_DOWN_COUNTER', 1)).to.include({ isMonotonic: false });
    expect(metricOf('OBSERVABLE_GAUGE', 1)).to.include({ dataPointType: DataPointType.GAUGE });
  });

  it('gives a histogram its buckets and the times of its point', () => {
    const metric = metricOf('HISTOGRAM', { count: 1, sum: 3, min: 3, max: 3, counts: [1, 0] });
    expect(metric).to.include({ dataPointType: DataPointType.HISTOGRAM });
    expect(metric['dataPoints']).to.deep.equal([
      {
        startTime: [1, 500_000_000],
        endTime: [2, 0],
        attributes: {},
        value: { buckets: { boundaries: [5], counts: [1, 0] }, count: 1, sum: 3, min: 3, max: 3 },
      },
    ]);
  });

  it('hands out counts that can be changed without changing the cut, and no point that begins after its end', () => {
    const counts = [1, 0];
    const { metric, points } = metricAndPoints(
      'HISTOGRAM',
      { count: 1, sum: 3, min: 3, max: 3, counts },
      9000,
    );
    const [point] = metric['dataPoints'] as {
      startTime: unknown;
      endTime: unknown;
      value: { buckets: { counts: number[] } };
    }[];
    point?.value.buckets.counts.fill(7);
    expect([...points.cells]).to.deep.equal([1, 3, 3, 3, 1, 0]);
    expect([point?.startTime, point?.endTime], 'the start stays what it is').to.deep.equal([
      [9, 0],
      [9, 0],
    ]);
  });

  it('gives no minimum and maximum where there is no value', () => {
    const metric = metricOf('HISTOGRAM', { count: 0, sum: 0, min: 0, max: 0, counts: [0, 0] });
    const [point] = metric['dataPoints'] as { value: object }[];
    expect(point?.value).to.have.all.keys('buckets', 'count', 'sum');
  });

  it('gives no minimum and maximum where a View has none', () => {
    const value = { count: 1, sum: 3, min: 3, max: 3, counts: [1, 0] };
    const metric = metricOf('HISTOGRAM', value, 1500, { recordMinMax: false });
    const [point] = metric['dataPoints'] as { value: object }[];
    expect(point?.value).to.have.all.keys('buckets', 'count', 'sum');
  });

  it('keeps fractions of a millisecond, below a second', () => {
    expect(hrTime(1.5)).to.deep.equal([0, 1_500_000]);
    expect(hrTime(999.9999999)).to.deep.equal([1, 0]);
  });
});
