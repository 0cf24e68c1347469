import { expect } from 'chai';
import { readMetric, type ProducedMetric } from '../../lib/producers/produced-points.js';
import { verbatimScope } from '../../lib/producers/verbatim-scope.js';

const SUM = {
  descriptor: { name: 'c' },
  dataPointType: 3,
  aggregationTemporality: 1,
  isMonotonic: true,
  dataPoints: [],
};
const read = (metric: object, scope: object = { name: 's' }): ProducedMetric => {
  const result = readMetric(scope, { ...SUM, ...metric });
  if (typeof result === 'string') throw new Error(result);
  return result;
};

describe('readMetric', () => {
  it('should read what a metric is', () => {
    const descriptor = { name: 'n', description: 'd', unit: 'By', valueType: 0 };
    const scope = { name: 's', version: '1', schemaUrl: 'u', other: 1 };
    expect(read({ descriptor }, scope).definition).to.deep.equal({
      scope: { name: 's', version: '1', schemaUrl: 'u' },
      name: 'n',
      description: 'd',
      unit: 'By',
      valueType: 0,
      kind: 'COUNTER',
      boundaries: [],
      limit: 0,
      verbatim: false,
    });
    expect(read({}, verbatimScope({ name: 's' })).definition.verbatim).to.equal(true);
    expect(read({}, {}).definition.scope).to.deep.equal({ name: '' });
    expect(read({}, { name: 's', version: '', schemaUrl: '' }).definition.scope).to.deep.equal({ name: 's' });
  });

  it('should tell the kinds apart', () => {
    const rows: [object, string][] = [
      [{ isMonotonic: false }, 'UP_DOWN_COUNTER'],
      [{ isMonotonic: 'yes' }, 'UP_DOWN_COUNTER'],
      [{ dataPointType: 2, aggregationTemporality: 0 }, 'GAUGE'],
      [{ dataPointType: 0 }, 'HISTOGRAM'],
      [{ dataPointType: 1 }, 'HISTOGRAM'],
    ];
    for (const [metric, kind] of rows) expect(read(metric).definition.kind).to.equal(kind);
  });

  it('should say why one is left out', () => {
    const rows: [object, string][] = [
      [{ aggregationTemporality: 0 }, 'delta'],
      [{ aggregationTemporality: 0, dataPointType: 0 }, 'delta'],
      [{ dataPointType: 4 }, 'no type'],
      [{ descriptor: { name: 7 } }, 'without a name'],
      [{ descriptor: { name: '' } }, 'without a name'],
    ];
    for (const [metric, why] of rows)
      expect(readMetric({ name: 's' }, { ...SUM, ...metric })).to.contain(why);
  });

  it('should read points, and copy their attributes as far as they are such', () => {
    const list = ['a', null, 2];
    const attributes = {
      text: 'x',
      number: 1,
      truth: false,
      list,
      object: {},
      none: null,
      big: 1n,
      mixed: [{}],
    };
    const point = read({}).readPoint({ startTime: [5, 500_000_000], attributes, value: 4 });
    expect(point).to.deep.equal({
      attributes: { text: 'x', number: 1, truth: false, list: ['a', null, 2] },
      startUnixMillis: 5500,
      value: 4,
    });
    list.push('later');
    expect(point?.attributes['list']).to.have.length(3);
    expect(Object.isFrozen(point?.attributes)).to.equal(true);
    const proto = JSON.parse('{"__proto__":"x"}') as object;
    expect(Object.keys(read({}).readPoint({ attributes: proto, value: 1 })?.attributes ?? {})).to.deep.equal([
      '__proto__',
    ]);
    expect(read({}).readPoint({ value: 1 })).to.deep.equal({ attributes: {}, startUnixMillis: 0, value: 1 });
    for (const value of ['1', 1n, null, undefined, {}])
      expect(read({}).readPoint({ value })).to.equal(undefined);
  });

  it('should leave out what no counter can be, and nothing that a gauge can', () => {
    const values = [NaN, 5, -0, Infinity, '5', undefined];
    const kept = (metric: object): unknown[] =>
      values.map(value => read(metric).readPoint({ attributes: {}, value })?.value);
    expect(kept({})).to.deep.equal([undefined, 5, -0, Infinity, undefined, undefined]);
    for (const metric of [{ isMonotonic: false }, { dataPointType: 2 }])
      expect(kept(metric)).to.deep.equal([NaN, 5, -0, Infinity, undefined, undefined]);
  });

  it('should read histograms whose buckets fit, with the count of the buckets', () => {
    const { readPoint } = read({ dataPointType: 0 });
    const value = (boundaries: unknown, counts: unknown): object => ({ value: { count: 99, sum: 3, buckets: { boundaries, counts } } }); // prettier-ignore
    expect(readPoint(value([1, 2], [1, 0, 2]))?.value).to.include({ count: 3, sum: 3 });
    const bad: [unknown, unknown][] = [
      [
        [1, 2],
        [1, 0],
      ],
      [
        [2, 1],
        [1, 0, 2],
      ],
      [
        [1, 1],
        [1, 0, 2],
      ],
      [[NaN], [1, 0]],
      [['1'], [1, 0]],
      [[1], [1, -1]],
      [[1], [1, NaN]],
      [[1], [1, '2']],
      [undefined, [1]],
      [[], undefined],
    ];
    for (const [boundaries, counts] of bad)
      expect(readPoint(value(boundaries, counts)), JSON.stringify([boundaries, counts])).to.equal(undefined);
    const { value: sumless } = readPoint({ value: { buckets: { boundaries: [], counts: [1] } } }) ?? {};
    expect(sumless).to.include({ count: 1 }).and.to.have.property('sum').that.is.NaN;
  });

  it('should read exponential histograms whose numbers are such', () => {
    const { readPoint } = read({ dataPointType: 1 });
    const good = {
      scale: 1,
      zeroCount: 0,
      positive: { offset: 0, bucketCounts: [1] },
      negative: { bucketCounts: [] },
    };
    expect(readPoint({ value: good })?.value).to.include({ scale: 1 });
    const bad = [
      { scale: 1.5 },
      { scale: 31 },
      { scale: -21 },
      { zeroCount: -1 },
      { positive: { offset: 0.5, bucketCounts: [] } },
      { positive: { offset: 0, bucketCounts: [NaN] } },
      { negative: { bucketCounts: 'x' } },
      { positive: null },
    ];
    for (const one of bad)
      expect(readPoint({ value: { ...good, ...one } }), JSON.stringify(one)).to.equal(undefined);
  });
});
