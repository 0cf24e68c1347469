// Goal: the sum of a histogram never falls, and its buckets are those that were asked for, or somebody is told.
import { diag, ValueType } from '@opentelemetry/api';
import { AggregationType, MeterProvider, type Histogram, type ViewOptions } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  createStore,
  CustomMetrics,
  DoubleBufferedMetricReader,
  type MetricStore,
  type StoreOptions,
} from '../lib/index.js';
import { captureDiag, namesOf, pointsOf } from './support/collected.js';

const newStore = (options: StoreOptions = {}): MetricStore =>
  createStore({ shared: false, maxBytes: 2 ** 26, ...options });

async function histogramIn(store: MetricStore, name = 'h'): Promise<Histogram | undefined> {
  const [point] = pointsOf(await store.metricProducer().collect(), name);
  return point?.value as Histogram | undefined;
}

describe('histogram-negative: a record below zero', () => {
  let said: string[];
  beforeEach(() => (said = captureDiag()));
  afterEach(() => diag.disable());

  const wrong = [-5, -0.5, -Number.MIN_VALUE, -Number.MAX_VALUE, -Infinity, NaN, '5', null, undefined, -1n];
  const valueTypes = { DOUBLE: ValueType.DOUBLE, INT: ValueType.INT };
  const several: ViewOptions[] = ['h', 'second'].map(name => ({ instrumentName: 'h', name }));
  for (const [typeName, valueType] of Object.entries(valueTypes))
    for (const isBound of [true, false])
      for (const views of [[], several])
        it(`${isBound ? 'a bound' : 'an'} ${typeName} histogram of ${views.length} Views ignores and counts it`, async () => {
          const store = newStore({ views });
          const histogram = store.getMeter('m').createHistogram('h', { valueType });
          const record = isBound
            ? (
                (bound): ((value: number) => void) =>
                value =>
                  bound.record(value)
              )(histogram.bind())
            : (value: number): void => histogram.record(value);
          for (const value of [10, ...wrong, 0, -0]) record(value as number);
          expect(await histogramIn(store)).to.deep.include({ count: 3, sum: 10, min: 0, max: 10 });
          expect(store.statistics().refused).to.include({ negative: 5, notANumber: 5 });
          expect(said.filter(text => text.includes('the histogram h was given -5'))).to.have.length(1);
          await store.shutdown();
        });

  it('is what the SDK leaves out too', async () => {
    const store = newStore();
    const reader = new DoubleBufferedMetricReader({ store });
    const provider = new MeterProvider({ readers: [reader] });
    const instruments = [store, provider].map(host => host.getMeter('m').createHistogram('h'));
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), value => {
        for (const instrument of instruments) instrument.record(Math.round(value) + 0);
      }),
      { numRuns: 200 },
    );
    const [ours, theirs] = pointsOf(await reader.collect(), 'h').map(({ value }) => value as Histogram);
    expect(ours).to.deep.equal(theirs);
    await provider.shutdown();
    await store.shutdown();
  });

  it('counts in a custom metric, as in Argo itself', async () => {
    const store = newStore();
    const spec = { name: 'h', help: 'h', histogram: { value: '{{v}}', buckets: [1, 2] } };
    const metrics = new CustomMetrics({ store }).compile({ prometheus: [spec] });
    for (const v of ['10', '-5']) metrics.emit({ variables: { v } }, { owner: 'o' });
    expect(await histogramIn(store, 'argo_workflows_h')).to.deep.include({ count: 2, sum: 5 });
    await store.shutdown();
  });
});

describe('advice-boundaries: boundaries as they are given', () => {
  let said: string[];
  beforeEach(() => (said = captureDiag()));
  afterEach(() => diag.disable());

  const ways: Record<string, (boundaries: unknown, options?: StoreOptions) => MetricStore> = {
    'as advice': (boundaries, options) => {
      const store = newStore(options);
      const advice = { explicitBucketBoundaries: boundaries as number[] };
      store.getMeter('m').createHistogram('h', { advice }).record(4);
      return store;
    },
    'in a View': (boundaries, options) => {
      const type = AggregationType.EXPLICIT_BUCKET_HISTOGRAM;
      const aggregation = { type, options: { boundaries: boundaries as number[] } } as const;
      const store = newStore({ ...options, views: [{ instrumentName: 'h', aggregation }] });
      store.getMeter('m').createHistogram('h').record(4);
      return store;
    },
  };
  const taken: [given: number[], right: number[]][] = [
    [
      [10, 1, 5],
      [1, 5, 10],
    ],
    [
      [1, 1, 5],
      [1, 5],
    ],
    [
      [5, -1, 5, 0, -0, 10, 9],
      [-1, 0, 5, 9, 10],
    ],
    [
      [Infinity, 2, -Infinity, 1],
      [1, 2],
    ],
    [[], []],
    [
      Array.from({ length: 256 }, (_, index) => 256 - index),
      Array.from({ length: 256 }, (_, index) => index + 1),
    ],
    [Array.from({ length: 5000 }, (_, index) => index % 7), [0, 1, 2, 3, 4, 5, 6]],
  ];
  for (const [way, make] of Object.entries(ways))
    for (const [given, right] of taken)
      it(`${way}: ${given.slice(0, 5).join()}… of ${given.length} are ${right.length}, ascending and each once`, async () => {
        const before = [...given];
        const store = make(given);
        const found = await histogramIn(store);
        expect(found?.buckets.boundaries).to.deep.equal(right);
        expect(found).to.include({ count: 1, sum: 4 });
        expect(found?.buckets.counts).to.deep.equal(
          [...right, Infinity].map((bound, index) =>
            Number(4 <= bound && !(4 <= (right[index - 1] ?? -Infinity))),
          ),
        );
        expect(given).to.deep.equal(before);
        expect(said).to.deep.equal([]);
        await store.shutdown();
      });

  const refused: [given: unknown, says: string][] = [
    [Array.from({ length: 257 }, (_, index) => index), 'must be at most 256 (maxBoundaries), got 257'],
    [Array.from({ length: 1_000_000 }, (_, index) => index), 'must be at most 256'],
    [[1, NaN], 'must be numbers, got NaN among them'],
    [[1, '2'], 'must be numbers, got "2" among them'],
    [new Array(3), 'must be numbers, got undefined among them'],
    ['1,2', 'must be a list of numbers, got "1,2"'],
    [{ 0: 1, length: 1 }, 'must be a list of numbers'],
  ];
  for (const [given, says] of refused) {
    it(`as advice: ${says}: an error that is seen, and no other buckets instead`, async () => {
      const store = ways['as advice']?.(given) as MetricStore;
      store.getMeter('m').createHistogram('h', { advice: { explicitBucketBoundaries: given as number[] } });
      expect(await histogramIn(store)).to.equal(undefined);
      expect(said.filter(text => text.includes(`advised for h ${says}`))).to.have.length(1);
      expect(store.statistics().refused.streams).to.equal(2);
      await store.shutdown();
    });

    it(`in a View: ${says}: INVALID_OPTION`, () => {
      expect(() => ways['in a View']?.(given))
        .to.throw(`view 0: boundaries ${says}`)
        .with.property('code', 'INVALID_OPTION');
    });
  }

  it('null is no advice', async () => {
    const store = ways['as advice']?.(null) as MetricStore;
    expect((await histogramIn(store))?.buckets.boundaries).to.have.length(15);
    await store.shutdown();
  });

  it('advice that a View overrules, or that is for no histogram, harms nobody', async () => {
    const aggregation: ViewOptions['aggregation'] = {
      type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
      options: { boundaries: [3] },
    };
    const views: ViewOptions[] = [
      { instrumentName: 'h', aggregation },
      { instrumentName: 'h', name: 'plain' },
    ];
    const store = newStore({ views });
    const advice = { explicitBucketBoundaries: [NaN] };
    store.getMeter('m').createHistogram('h', { advice }).record(4);
    store.getMeter('m').createCounter('c', { advice }).add(1);
    expect(namesOf(await store.metricProducer().collect())).to.deep.equal(['h', 'c']);
    expect((await histogramIn(store))?.buckets.boundaries).to.deep.equal([3]);
    expect(store.statistics().refused.streams).to.equal(1);
    await store.shutdown();
  });

  it('maxBoundaries is the bound, for custom metrics too; the default boundaries always fit', async () => {
    const store = ways['as advice']?.([1, 2, 3], { maxBoundaries: 2 }) as MetricStore;
    expect(said.filter(text => text.includes('must be at most 2 (maxBoundaries), got 3'))).to.have.length(1);
    store.getMeter('m').createHistogram('default').record(1);
    expect((await histogramIn(store, 'default'))?.buckets.boundaries).to.have.length(15);
    const custom = new CustomMetrics({ store });
    const codesOf = (name: string, buckets?: number[]): string[] =>
      custom
        .compile({
          prometheus: [{ name, help: 'h', histogram: { value: '1', ...(buckets && { buckets }) } }],
        })
        .emit({ variables: {} }, { owner: 'o' })
        .map(({ code }) => code);
    expect(codesOf('two', [1, 2])).to.deep.equal([]);
    expect(codesOf('none')).to.deep.equal([]);
    expect(codesOf('three', [1, 2, 3])).to.deep.equal(['BUCKETS_INVALID']);
    // It would have written past the end of a table.
    expect(
      codesOf(
        'many',
        Array.from({ length: 1000 }, (_, index) => index),
      ),
    ).to.deep.equal(['BUCKETS_INVALID']);
    await store.shutdown();
  });
});
