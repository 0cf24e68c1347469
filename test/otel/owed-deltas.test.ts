import type { MetricData, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { hrTime } from '../../lib/otel/metric-data.js';
import { deltasOf, OwedDeltas, withOwed, withoutGaugesOf } from '../../lib/otel/owed-deltas.js';

type Values = Record<string, unknown>;
interface Kind {
  readonly dataPointType: number;
  readonly aggregationTemporality: number;
}

const SUM = { dataPointType: 3, aggregationTemporality: 0 };
const GAUGE = { dataPointType: 2, aggregationTemporality: 0 };
const HISTOGRAM = { dataPointType: 0, aggregationTemporality: 0 };

/** One metric with a point for each label, from `start` to `end`. */
function metric(kind: Kind, name: string, values: Values, start: number, end: number): MetricData {
  const dataPoints = Object.entries(values).map(([k, value]) => ({
    startTime: hrTime(start),
    endTime: hrTime(end),
    attributes: { k },
    value,
  }));
  return { ...kind, descriptor: { name, type: 'X' }, dataPoints } as unknown as MetricData;
}

const inScope = (name: string, ...metrics: MetricData[]): ScopeMetrics => ({ scope: { name }, metrics });
const histogramOf = (
  counts: number[],
  sum: number,
  min?: number,
  max?: number,
  boundaries = [1],
): object => ({
  buckets: { boundaries, counts },
  count: counts.reduce((total, count) => total + count, 0),
  sum,
  ...(min !== undefined && { min, max }),
});

/** `scope/metric/label value start-end` of each point. */
const shown = (scopes: readonly ScopeMetrics[]): string[] =>
  scopes.flatMap(({ scope, metrics }) =>
    metrics.flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(
        ({ attributes, value, startTime, endTime }) =>
          `${scope.name}/${descriptor.name}/${String(attributes['k'])} ${JSON.stringify(value)} ${startTime[0]}-${endTime[0]}`,
      ),
    ),
  );

const fresh = (pointsMax?: number): { owed: OwedDeltas; lost: string[] } => {
  const lost: string[] = [];
  return { owed: new OwedDeltas(reason => lost.push(reason), pointsMax), lost };
};

/** No two of them are one series, though JSON writes many of them alike. */
const ALIKE: readonly unknown[] = [
  ...[NaN, Infinity, -Infinity, 0, 1, '', 'null', 'NaN', '1', 'true', true, '[1]', '{"n":"NaN"}'],
  ...[[], [null], [NaN], [Infinity], [-Infinity], ['null'], [1], ['1'], [true], [1, NaN], [1, null]],
];

describe('OwedDeltas', () => {
  it('late-answer: what one series is owed never goes to another, whatever its attributes are', () => {
    const points = (value: number, names = ['k', '__proto__']): ScopeMetrics => {
      const dataPoints = names.flatMap(name =>
        ALIKE.map(k => ({
          startTime: hrTime(0),
          endTime: hrTime(1000),
          attributes: Object.defineProperty({}, name, { value: k, enumerable: true }),
          value,
        })),
      );
      const [empty] = [metric(SUM, 'c', {}, 0, 1000)];
      return inScope('s', { ...empty, dataPoints } as unknown as MetricData);
    };
    const { owed } = fresh();
    owed.add([points(1)]);
    owed.add([points(2)]);
    const paid = withOwed([points(10, ['k'])], owed.take(), {
      startTime: hrTime(0),
      endTime: hrTime(2000),
    }).flatMap(({ metrics }) => metrics.flatMap(({ dataPoints }) => dataPoints.map(({ value }) => value)));
    expect(paid).to.deep.equal([...ALIKE.map(() => 13), ...ALIKE.map(() => 3)]);
  });

  it('stops at the largest number where the store would, and keeps an infinity', () => {
    const largest = Number.MAX_VALUE;
    const cases: [number, number, number][] = [
      [largest, largest, largest],
      [-largest, -1e308, -largest],
      [largest, -largest, 0],
      [Infinity, 1, Infinity],
      [Infinity, Infinity, Infinity],
    ];
    for (const [one, other, total] of cases) {
      const { owed } = fresh();
      owed.add([inScope('s', metric(SUM, 'c', { a: one }, 0, 1000))]);
      owed.add([inScope('s', metric(HISTOGRAM, 'h', { a: histogramOf([1, 0], one) }, 0, 1000))]);
      const next = [
        inScope(
          's',
          metric(SUM, 'c', { a: other }, 1000, 2000),
          metric(HISTOGRAM, 'h', { a: histogramOf([1, 0], other) }, 1000, 2000),
        ),
      ];
      const paid = withOwed(next, owed.take(), { startTime: hrTime(0), endTime: hrTime(2000) });
      const sums = paid.flatMap(({ metrics }) =>
        metrics.flatMap(({ dataPoints }) =>
          dataPoints.map(({ value }) =>
            typeof value === 'number' ? value : (value as { sum?: number }).sum,
          ),
        ),
      );
      expect(sums, `${one} and ${other}`).to.deep.equal([total, total]);
    }
  });

  it('keeps least and greatest value beside a histogram that exists without a record', () => {
    const [some, none] = [histogramOf([1, 2], 10, 0, 5), histogramOf([0, 0], 0)];
    for (const values of [
      [some, none],
      [none, some],
    ]) {
      const { owed } = fresh();
      for (const [index, a] of values.entries())
        owed.add([inScope('s', metric(HISTOGRAM, 'h', { a }, index * 1000, index * 1000 + 1000))]);
      expect(shown(owed.take()).join()).to.include('"count":3,"sum":10,"min":0,"max":5}');
    }
  });

  it('adds sums and histograms up, keeps the newest gauge, and hands all of it over once', () => {
    const { owed } = fresh();
    expect(owed.isEmpty).to.equal(true);
    owed.add([
      inScope('s', metric(SUM, 'c', { a: 1, b: 2 }, 0, 1000), metric(GAUGE, 'g', { a: 7 }, 0, 1000)),
      inScope('s', metric(HISTOGRAM, 'h', { a: histogramOf([1, 2], 10, 0, 5) }, 0, 1000)),
    ]);
    owed.add([
      inScope('s', metric(SUM, 'c', { b: 3, c: 4 }, 1000, 2000), metric(GAUGE, 'g', { a: 8 }, 1000, 2000)),
      inScope('s', metric(HISTOGRAM, 'h', { a: histogramOf([0, 1], 9, 9, 9) }, 1000, 2000)),
    ]);
    owed.add([inScope('s', metric(GAUGE, 'g', { a: 6 }, 0, 500))]);
    expect(owed.isEmpty).to.equal(false);
    expect(shown(owed.take()).map(text => text.split(' ').slice(0, 2).join(' '))).to.deep.equal([
      's/c/a 1',
      's/c/b 5',
      's/c/c 4',
      's/g/a 8',
      's/h/a {"buckets":{"boundaries":[1],"counts":[1,3]},"count":4,"sum":19,"min":0,"max":9}',
    ]);
    expect([owed.isEmpty, owed.take()]).to.deep.equal([true, []]);
  });

  it('takes nothing that the next collection has anyway', () => {
    const { owed } = fresh();
    owed.add([
      inScope('s', metric({ ...SUM, aggregationTemporality: 1 }, 'c', { a: 1 }, 0, 1)),
      inScope('t'),
    ]);
    expect(owed.isEmpty).to.equal(true);
  });

  it('tells streams of one name apart by their boundaries', () => {
    const { owed } = fresh();
    const other = histogramOf([1, 1, 1], 3, 0, 3, [1, 2]);
    owed.add([
      inScope('s', metric(HISTOGRAM, 'h', { a: histogramOf([1, 2], 1) }, 0, 1)),
      inScope('s', metric(HISTOGRAM, 'h', { a: other }, 0, 1)),
    ]);
    expect(shown(owed.take())).to.have.length(2);
  });

  it('gives up what has no room, and says so', () => {
    const { owed, lost } = fresh(3);
    owed.add([inScope('s', metric(SUM, 'c', { a: 1, b: 1, c: 1 }, 0, 1))]);
    owed.add([inScope('s', metric(SUM, 'c', { a: 1 }, 0, 1))]);
    expect(lost).to.deep.equal([]);
    owed.add([inScope('s', metric(SUM, 'c', { d: 1 }, 0, 1))]);
    expect([lost.length, owed.isEmpty]).to.deep.equal([1, true]);
  });
});

describe('withOwed', () => {
  const interval = { startTime: hrTime(5000), endTime: hrTime(6000) };

  it('gives one point to each series, in the interval of the collection, and changes nothing it was given', () => {
    const collected = [
      inScope('s', metric(SUM, 'c', { a: 10, z: 1 }, 5000, 6000), metric(GAUGE, 'g', { a: 3 }, 5000, 6000)),
    ];
    const owed = [
      inScope('s', metric(SUM, 'c', { a: 1, b: 2 }, 0, 1000)),
      inScope('s', metric(GAUGE, 'g', { a: 2, b: 9 }, 0, 1000)),
      inScope('s', metric(HISTOGRAM, 'h', { a: histogramOf([1, 0], 1) }, 0, 1000)),
      inScope('t', metric(SUM, 'd', { a: 5 }, 0, 1000)),
    ];
    const before = JSON.stringify([collected, owed]);
    expect(shown(withOwed(collected, owed, interval))).to.deep.equal([
      's/c/a 11 5-6',
      's/c/z 1 5-6',
      's/c/b 2 5-6',
      's/g/a 3 5-6',
      's/g/b 9 0-1',
      's/h/a {"buckets":{"boundaries":[1],"counts":[1,0]},"count":1,"sum":1} 5-6',
      't/d/a 5 5-6',
    ]);
    expect(JSON.stringify([collected, owed])).to.equal(before);
  });
});

describe('withoutGaugesOf', () => {
  it('leaves out the gauges that are shown anew, and nothing else', () => {
    const old = [
      inScope('s', metric(SUM, 'c', { a: 1 }, 0, 1000), metric(GAUGE, 'g', { a: 1, b: 2 }, 0, 1000)),
    ];
    const newer = [
      inScope('s', metric(SUM, 'c', { a: 1 }, 0, 2000), metric(GAUGE, 'g', { a: 3 }, 1000, 2000)),
    ];
    expect(shown(withoutGaugesOf(old, newer))).to.deep.equal(['s/c/a 1 0-1', 's/g/b 2 0-1']);
    expect(withoutGaugesOf(newer.slice(0, 0), old)).to.deep.equal([]);
  });
});

describe('deltasOf', () => {
  it('has the deltas with points, under their scopes', () => {
    const cumulative = metric({ ...SUM, aggregationTemporality: 1 }, 'total', { a: 1 }, 0, 1);
    const scopes = [
      inScope('s', cumulative, metric(SUM, 'c', { a: 1 }, 0, 1), metric(SUM, 'none', {}, 0, 1)),
      inScope('t', cumulative),
    ];
    expect(shown(deltasOf(scopes))).to.deep.equal(['s/c/a 1 0-0']);
    expect(deltasOf(scopes)).to.have.length(1);
  });
});
