// Defects of the host SDK that have to do with cardinality and Views, and what happens here instead. See docs/host-defects.md.
import { diag } from '@opentelemetry/api';
import type { AggregationOption, ViewOptions } from '@opentelemetry/sdk-metrics';
import {
  AggregationTemporality,
  AggregationType,
  createAllowListAttributesProcessor,
} from '@opentelemetry/sdk-metrics';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import {
  cardinalityLimitedView,
  createStore,
  DoubleBufferedMetricReader,
  limitViews,
  type MetricStore,
  type StoreOptions,
} from '../../lib/index.js';
import { captureDiag, OVERFLOW, pointsOf, sumOf, valuesOf } from '../support/collected.js';

const stores: MetricStore[] = [];
function newStore(options: StoreOptions = {}): MetricStore {
  const store = createStore({ maxBytes: 16 * 1024 * 1024, ...options });
  stores.push(store);
  return store;
}

/** A provider of the SDK, read by our reader. */
function hostWith(views: ViewOptions[]): { provider: MeterProvider; reader: DoubleBufferedMetricReader } {
  const reader = new DoubleBufferedMetricReader({ store: newStore() });
  return { provider: new MeterProvider({ views, readers: [reader] }), reader };
}

describe('host defects: cardinality', () => {
  afterEach(async () => {
    diag.disable();
    await Promise.all(stores.splice(0).map(store => store.shutdown()));
  });

  it('B01 the limit holds across collections, for a store', async () => {
    const store = newStore({ cardinalityLimit: 10 });
    const reader = new DoubleBufferedMetricReader({ store });
    const counter = store.getMeter('m').createCounter('c');
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 9; i++) counter.add(1, { id: round * 9 + i });
      await reader.collect();
    }
    const result = await reader.collect();
    expect(pointsOf(result)).to.have.length(11);
    expect(sumOf(result)).to.equal(180);
    expect(valuesOf(result)[OVERFLOW]).to.equal(170);
  });

  it("B01 the limit holds across collections, for the SDK's own instruments", async () => {
    const { provider, reader } = hostWith([cardinalityLimitedView({ instrumentName: 'c', limit: 10 })]);
    const counter = provider.getMeter('m').createCounter('c');
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 9; i++) counter.add(1, { id: round * 9 + i });
      await reader.collect();
    }
    const result = await reader.collect();
    expect(pointsOf(result)).to.have.length(11);
    expect(sumOf(result)).to.equal(180);
  });

  for (const temporality of [AggregationTemporality.CUMULATIVE, AggregationTemporality.DELTA])
    it(`B02 a known series never moves to overflow, temporality ${AggregationTemporality[temporality]}`, async () => {
      const store = newStore({ cardinalityLimit: 3 });
      const reader = new DoubleBufferedMetricReader({
        store,
        aggregationTemporalitySelector: () => temporality,
      });
      const counter = store.getMeter('m').createCounter('c');
      for (const k of ['a', 'b', 'c']) counter.add(1, { k });
      const first = valuesOf(await reader.collect());
      for (const k of ['x', 'y', 'a']) counter.add(1, { k });
      const second = valuesOf(await reader.collect());
      expect(first).to.deep.equal({ '{"k":"a"}': 1, '{"k":"b"}': 1, '{"k":"c"}': 1 });
      const isDelta = temporality === AggregationTemporality.DELTA;
      expect(second).to.deep.equal(
        isDelta
          ? { '{"k":"a"}': 1, [OVERFLOW]: 2 }
          : { '{"k":"a"}': 2, '{"k":"b"}': 1, '{"k":"c"}': 1, [OVERFLOW]: 2 },
      );
    });

  it('B03 the overflow of an observable is the sum of what overflowed, in both temporalities', async () => {
    const store = newStore({ cardinalityLimit: 1 });
    const cumulative = new DoubleBufferedMetricReader({ store });
    const delta = store.metricProducer({
      aggregationTemporalitySelector: () => AggregationTemporality.DELTA,
    });
    let round = 0;
    store
      .getMeter('m')
      .createObservableCounter('oc')
      .addCallback(result => {
        result.observe(1000 * round, { id: 0 });
        result.observe(100 + round, { id: 1 });
        result.observe(50 + round, { id: 2 });
        result.observe(7 + round, { id: 3 });
      });
    const overflows: unknown[] = [];
    for (round = 1; round <= 3; round++)
      overflows.push([
        valuesOf(await cumulative.collect())[OVERFLOW],
        valuesOf(await delta.collect())[OVERFLOW],
      ]);
    expect(overflows).to.deep.equal([
      [160, 160],
      [163, 3],
      [166, 3],
    ]);
  });

  it('B04 sets of an observable that are gone make room for others', async () => {
    const store = newStore({ cardinalityLimit: 2 });
    const reader = new DoubleBufferedMetricReader({
      store,
      aggregationTemporalitySelector: () => AggregationTemporality.DELTA,
    });
    let round = 0;
    store
      .getMeter('m')
      .createObservableGauge('g')
      .addCallback(result => result.observe(round, { pod: `p${round}` }));
    for (round = 0; round < 10; round++)
      expect(valuesOf(await reader.collect())).to.deep.equal({ [`{"pod":"p${round}"}`]: round });
  });

  it("B13 a View without a limit leaves the store's limit in force", async () => {
    const store = newStore({ cardinalityLimit: 10, views: [{ instrumentName: 'c', description: 'x' }] });
    const counter = store.getMeter('m').createCounter('c');
    for (let i = 0; i < 100; i++) counter.add(1, { i });
    expect(pointsOf(await store.metricProducer().collect())).to.have.length(11);
    expect(store.cardinality().metrics[0]).to.include({ series: 10, limit: 10, overflowed: 90 });
  });

  it('B23 a View that removes attributes of an observable adds up what falls together', async () => {
    const store = newStore({
      views: [{ instrumentName: 'oc', attributesProcessors: [createAllowListAttributesProcessor([])] }],
    });
    store
      .getMeter('m')
      .createObservableCounter('oc')
      .addCallback(result => [10, 20, 30].forEach((value, cpu) => result.observe(value, { cpu })));
    expect(valuesOf(await store.metricProducer().collect())).to.deep.equal({ '{}': 60 });
  });

  for (const temporality of [AggregationTemporality.CUMULATIVE, AggregationTemporality.DELTA])
    it(`B33 N distinct sets fit into a limit of N, temporality ${AggregationTemporality[temporality]}`, async () => {
      const store = newStore({ cardinalityLimit: 3 });
      const counter = store.getMeter('m').createCounter('c');
      const producer = store.metricProducer({ aggregationTemporalitySelector: () => temporality });
      for (const k of 'abc') counter.add(1, { k });
      expect(valuesOf(await producer.collect())).to.deep.equal({
        '{"k":"a"}': 1,
        '{"k":"b"}': 1,
        '{"k":"c"}': 1,
      });
    });

  it('B34 what a View drops leaves nothing behind', async () => {
    const store = newStore({ views: [{ instrumentName: 'd', aggregation: { type: AggregationType.DROP } }] });
    const counter = store.getMeter('m').createCounter('d');
    const bound = counter.bind({ user: 'bound' });
    const { labelBytes, series } = store.statistics();
    for (let i = 0; i < 10_000; i++) counter.add(1, { user: `user-${i}` });
    bound.add(1);
    expect(store.statistics()).to.include({ labelBytes, series, streams: 0 });
    expect(pointsOf(await store.metricProducer().collect())).to.deep.equal([]);
  });

  const explicit = (boundaries: number[]): AggregationOption => ({
    type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
    options: { boundaries },
  });

  it('B38 an instrument that several Views of a store match counts once in each stream', async () => {
    const warnings = captureDiag();
    const all: ViewOptions = { instrumentName: '*', aggregationCardinalityLimit: 500 };
    const store = newStore({
      views: [
        all,
        { instrumentType: 'UP_DOWN_COUNTER' as never },
        { meterName: 'm' },
        {
          instrumentName: 'c',
          name: 'c.copy',
          attributesProcessors: [createAllowListAttributesProcessor([])],
        },
        { instrumentName: 'h', name: 'h.fine', aggregation: explicit([1, 2, 3]) },
      ],
    });
    const meter = store.getMeter('m');
    meter.createCounter('c').add(1, { k: 1 });
    meter.createUpDownCounter('u').add(1);
    meter.createHistogram('h').record(7);
    meter.createObservableCounter('oc').addCallback(result => result.observe(1));
    const result = await store.metricProducer().collect();
    for (const [name, values] of [
      ['c', { '{"k":1}': 1 }],
      ['c.copy', { '{}': 1 }],
      ['u', { '{}': 1 }],
      ['oc', { '{}': 1 }],
    ] as const)
      expect(valuesOf(result, name), name).to.deep.equal(values);
    for (const [name, length] of [
      ['h', 15],
      ['h.fine', 3],
    ] as const) {
      const [point] = pointsOf(result, name);
      expect(point?.value, name).to.have.property('count', 1);
      expect(point?.value, name).to.have.nested.property('buckets.boundaries').with.length(length);
    }
    expect(warnings.filter(text => text.includes('only the first one is used'))).to.not.be.empty;
  });

  it("B38 a limit for the SDK's own instruments becomes part of the View that matches them", async () => {
    const views = limitViews(
      [{ instrumentName: 'c', description: 'x' }],
      [{ instrumentName: 'c', limit: 5 }],
    );
    const { provider, reader } = hostWith(views);
    provider.getMeter('m').createCounter('c').add(1);
    expect(valuesOf(await reader.collect())).to.deep.equal({ '{}': 1 });
    expect(() => limitViews([{ instrumentName: 'c*' }], [{ instrumentName: 'c', limit: 5 }])).to.throw(
      /twice/,
    );
  });
});
