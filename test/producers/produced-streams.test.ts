import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import fc from 'fast-check';
import { pointsIn } from '../support/points.js';
import { ProducedStreams, type StreamsOfProducers } from '../../lib/producers/produced-streams.js';
import { readProduced } from '../../lib/producers/produced-metrics.js';
import { PrometheusWriter } from '../../lib/exposition/writer/prometheus-writer.js';
import { TEXT_FORMAT } from '../../lib/exposition/negotiation/exposition-format.js';
import { textsOf } from '../../lib/exposition/chunk-texts.js';
import { parsePrometheusText } from '../support/prometheus-parser.js';

const point = (value: unknown, attributes: object = {}): object => ({ startTime: [1, 0], attributes, value });
const sum = (dataPoints: object[], more: object = {}): object => ({
  descriptor: { name: 'c', description: '', unit: '', valueType: 1 },
  dataPointType: 3,
  aggregationTemporality: 1,
  isMonotonic: true,
  dataPoints,
  ...more,
});
const histogram = (...sets: [boundaries: number[], counts: number[], attributes?: object][]): object =>
  sum(
    sets.map(([boundaries, counts, attributes]) =>
      point({ sum: 1, buckets: { boundaries, counts } }, attributes),
    ),
    { dataPointType: 0 },
  );
const scopes = (...metrics: object[]): ScopeMetrics[] =>
  [{ scope: { name: 's' }, metrics }] as unknown as ScopeMetrics[];

async function textOf({ streams }: StreamsOfProducers): Promise<string> {
  const exposition = await new PrometheusWriter().prepare(streams);
  return [...textsOf(await exposition.chunks(TEXT_FORMAT))].join('');
}

describe('ProducedStreams', () => {
  it('should make columns of points', async () => {
    const { streams, leftOut } = await new ProducedStreams().read(
      scopes(sum([point(2, { a: '1' }), point(3)])),
    );
    expect(leftOut).to.deep.equal([]);
    expect(streams).to.have.length(1);
    expect([...(streams[0]?.points.numbers ?? [])]).to.deep.equal([2, 3]);
    expect([...(streams[0]?.points.starts ?? [])]).to.deep.equal([1000, 1000]);
    expect(pointsIn(streams[0]?.points).map(({ attributes }) => attributes)).to.deep.equal([{ a: '1' }, {}]);
  });

  it('should know series again by their labels, and the list while none came or went', async () => {
    const produced = new ProducedStreams();
    const seriesOf = async (...sets: object[]): Promise<readonly unknown[]> => {
      const { streams } = await produced.read(scopes(sum(sets.map(set => point(1, set)))));
      return streams[0]?.points.series as unknown as readonly unknown[];
    };
    const first = await seriesOf({ a: '1' }, { a: NaN }, { a: [1, 'x'] });
    expect(await seriesOf({ a: '1' }, { a: NaN }, { a: [1, 'x'] })).to.equal(first);
    const fewer = await seriesOf({ a: [1, 'x'] }, { a: '1' }, { a: Infinity });
    expect([fewer[0], fewer[1]]).to.deep.equal([first[2], first[0]]);
    expect(fewer[0]).to.equal(first[2]);
    expect(fewer[1]).to.equal(first[0]);
    expect(fewer[2]).to.not.equal(first[1]);
  });

  it('should make a stream of each set of boundaries of a histogram', async () => {
    const { streams } = await new ProducedStreams().read(
      scopes(histogram([[1], [1, 2]], [[1, 2], [1, 0, 0], { a: '1' }], [[1], [0, 1], { a: '2' }])),
    );
    expect(streams.map(({ definition }) => definition.boundaries)).to.deep.equal([[1], [1, 2]]);
    expect(streams.map(({ points }) => points.length)).to.deep.equal([2, 1]);
  });

  it('should let no bucket of an exponential histogram go from one collection to the next', async () => {
    const produced = new ProducedStreams();
    const boundaries = async (
      scale: number,
      offset: number,
      bucketCounts: number[],
    ): Promise<readonly number[]> => {
      const value = {
        scale,
        zeroCount: 0,
        positive: { offset, bucketCounts },
        negative: { bucketCounts: [] },
      };
      const { streams } = await produced.read(scopes(sum([point(value)], { dataPointType: 1 })));
      return streams[0]?.definition.boundaries ?? [];
    };
    expect(await boundaries(0, 0, [1, 1])).to.deep.equal([0, 2, 4]);
    expect(await boundaries(0, 1, [1])).to.deep.equal([0, 2, 4]);
    expect(await boundaries(1, -2, [1])).to.deep.equal([0, 1, 2, 4]);
  });

  it('should leave out deltas and points that are none, say so, and keep the rest', async () => {
    const { streams, leftOut } = await new ProducedStreams().read(
      scopes(sum([point(1)], { aggregationTemporality: 0 }), sum([point('x'), point(2)]), sum([])),
    );
    expect(leftOut).to.have.length(2);
    expect(leftOut[0]).to.contain('delta');
    expect(leftOut[1]).to.contain('values are none');
    expect(streams.map(({ points }) => [...points.numbers])).to.deep.equal([[2]]);
  });

  it('should stand getters that throw', async () => {
    const broken = sum([]);
    Object.defineProperty(broken, 'dataPointType', { get: () => { throw new Error('broken getter'); } }); // prettier-ignore
    const { streams, leftOut } = await new ProducedStreams().read(scopes(broken, sum([point(1)])));
    expect(streams).to.have.length(1);
    expect(leftOut[0]).to.contain('broken getter');
  });

  it('should make a text that can be read of whatever a producer gives', () => {
    const anything = fc.anything({ withNullPrototype: true, withBigInt: true, maxDepth: 2 });
    const orRubbish = <T>(good: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
      fc.oneof({ weight: 5, arbitrary: good }, { weight: 1, arbitrary: anything });
    const values = fc.oneof(
      fc.double(),
      fc.record({
        sum: orRubbish(fc.double()),
        buckets: orRubbish(
          fc.uniqueArray(fc.double({ noNaN: true }), { maxLength: 4 }).chain(list =>
            fc.record({
              boundaries: fc.constant(list.sort((a, b) => a - b)),
              counts: fc.array(fc.nat(9), { minLength: list.length + 1, maxLength: list.length + 1 }),
            }),
          ),
        ),
        scale: orRubbish(fc.integer({ min: -20, max: 20 })),
        zeroCount: orRubbish(fc.nat()),
        positive: orRubbish(
          fc.record({
            offset: fc.integer({ min: -1e6, max: 1e6 }),
            bucketCounts: fc.array(fc.nat(5), { maxLength: 8 }),
          }),
        ),
        negative: orRubbish(fc.record({ bucketCounts: fc.array(fc.nat(5), { maxLength: 3 }) })),
      }),
    );
    const metric = fc.record({
      descriptor: orRubbish(
        fc.record({
          name: orRubbish(fc.string()),
          description: orRubbish(fc.string()),
          unit: orRubbish(fc.string()),
        }),
      ),
      dataPointType: orRubbish(fc.constantFrom(0, 1, 2, 3)),
      aggregationTemporality: orRubbish(fc.constantFrom(0, 1)),
      isMonotonic: orRubbish(fc.boolean()),
      dataPoints: orRubbish(
        fc.array(
          orRubbish(
            fc.record({
              startTime: orRubbish(fc.tuple(fc.nat(), fc.nat())),
              attributes: orRubbish(fc.dictionary(fc.string(), orRubbish(fc.string()), { maxKeys: 3 })),
              value: orRubbish(values),
            }),
          ),
          { maxLength: 4 },
        ),
      ),
    });
    const result = fc.array(orRubbish(fc.record({ scope: orRubbish(fc.record({ name: fc.string() })), metrics: fc.array(orRubbish(metric), { maxLength: 4 }) })), { maxLength: 3 }); // prettier-ignore
    return fc.assert(
      fc.asyncProperty(result, async scopeMetrics => {
        const { metrics } = readProduced({ resourceMetrics: { scopeMetrics }, errors: [] });
        const read = await new ProducedStreams().read(metrics?.scopeMetrics ?? []);
        parsePrometheusText(await textOf(read));
      }),
      { numRuns: 500 },
    );
  });
});
