// Cardinality limits, line by line. The lines and those that do not apply are in docs/specification.md.
import type { Attributes } from '@opentelemetry/api';
import { AggregationTemporality, createAllowListAttributesProcessor } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { createStore, type MetricStore, type StoreOptions } from '../../lib/index.js';
import { OVERFLOW, pointsOf, sumOf, valuesOf } from '../support/collected.js';

const stores: MetricStore[] = [];
function newStore(options: StoreOptions = {}): MetricStore {
  const store = createStore({ maxBytes: 16 * 1024 * 1024, ...options });
  stores.push(store);
  return store;
}

describe('specification: cardinality limits', () => {
  afterEach(() => Promise.all(stores.splice(0).map(store => store.shutdown())));

  it('C-001 the limit applies after attributes are removed', async () => {
    const store = newStore({
      cardinalityLimit: 2,
      views: [{ instrumentName: 'c', attributesProcessors: [createAllowListAttributesProcessor(['k'])] }],
    });
    const counter = store.getMeter('m').createCounter('c');
    for (let id = 0; id < 10; id++) counter.add(1, { k: id % 2, id });
    expect(valuesOf(await store.metricProducer().collect())).to.deep.equal({ '{"k":0}': 5, '{"k":1}': 5 });
  });

  it("C-002 a View's limit beats the store's, which beats 2000", async () => {
    const points = async (options: StoreOptions): Promise<number> => {
      const store = newStore(options);
      const counter = store.getMeter('m').createCounter('c');
      for (let id = 0; id < 2010; id++) counter.add(1, { id });
      return pointsOf(await store.metricProducer().collect()).length;
    };
    const views = [{ instrumentName: 'c', aggregationCardinalityLimit: 3 }];
    expect(await points({ views, cardinalityLimit: 5 })).to.equal(3 + 1);
    expect(await points({ cardinalityLimit: 5 })).to.equal(5 + 1);
    expect(await points({})).to.equal(2000 + 1);
  });

  it('C-003 the overflow set is one boolean attribute', async () => {
    const store = newStore({ cardinalityLimit: 1 });
    const counter = store.getMeter('m').createCounter('c');
    for (const k of ['a', 'b']) counter.add(1, { k, other: 1 });
    const [first, second] = pointsOf(await store.metricProducer().collect());
    expect([first?.attributes, second?.attributes]).to.have.deep.members([
      { k: 'a', other: 1 },
      { 'otel.metric.overflow': true },
    ]);
  });

  it('C-004 there is an overflow aggregator even when nothing else fits', async () => {
    const store = newStore({ maxSeries: 1 });
    const meter = store.getMeter('m');
    meter.createCounter('takes.the.only.slot').add(1, { k: 'a' });
    meter.createCounter('c').add(1, { k: 'b' });
    meter.createHistogram('h').record(1, { k: 'b' });
    meter.createGauge('g').record(7, { k: 'b' });
    const result = await store.metricProducer().collect();
    expect(valuesOf(result, 'c')).to.deep.equal({ [OVERFLOW]: 1 });
    expect(valuesOf(result, 'g')).to.deep.equal({ [OVERFLOW]: 7 });
    expect(valuesOf(result, 'h')[OVERFLOW]).to.have.property('count', 1);
  });

  for (const kind of ['synchronous', 'observable'])
    it(`C-005 C-006 N sets fit into a limit of N, and one more makes N + 1 points, ${kind}`, async () => {
      const store = newStore({ cardinalityLimit: 5 });
      const meter = store.getMeter('m');
      const producer = store.metricProducer();
      let sets = 5;
      const counter = meter.createCounter('synchronous');
      meter.createObservableCounter('observable').addCallback(result => {
        for (let id = 0; id < sets; id++) result.observe(1, { id });
      });
      for (let id = 0; id < 5; id++) counter.add(1, { id });
      expect(Object.keys(valuesOf(await producer.collect(), kind)))
        .to.have.length(5)
        .and.not.include(OVERFLOW);
      sets = 6;
      counter.add(1, { id: 5 });
      expect(Object.keys(valuesOf(await producer.collect(), kind)))
        .to.have.length(6)
        .and.include(OVERFLOW);
    });

  it('C-007 sets seen before the overflow stay exported, and later ones go to the one overflow point', async () => {
    const store = newStore({ cardinalityLimit: 2 });
    const producer = store.metricProducer();
    const counter = store.getMeter('m').createCounter('c');
    for (const k of ['a', 'b', 'c', 'd']) counter.add(1, { k });
    await producer.collect();
    for (const k of ['e', 'b', 'f']) counter.add(1, { k });
    for (let collection = 0; collection < 3; collection++)
      expect(valuesOf(await producer.collect())).to.deep.equal({
        '{"k":"a"}': 1,
        '{"k":"b"}': 2,
        [OVERFLOW]: 4,
      });
  });

  it('C-009 C-010 no record is lost or counted twice while it overflows, per reader and in total', async () => {
    const store = newStore({ cardinalityLimit: 7 });
    const cumulative = store.metricProducer();
    const delta = store.metricProducer({
      aggregationTemporalitySelector: () => AggregationTemporality.DELTA,
    });
    const counter = store.getMeter('m').createCounter('c');
    const bound = counter.bind({ bound: true });
    let recorded = 0;
    let byDeltas = 0;
    for (let round = 0; round < 10; round++) {
      for (let id = 0; id < 100; id++) {
        counter.add(id, { id: (id * 7 + round) % 40 });
        bound.add(1);
        recorded += id + 1;
      }
      byDeltas += sumOf(await delta.collect());
      const result = await cumulative.collect();
      expect(sumOf(result)).to.equal(recorded);
      expect(pointsOf(result)).to.have.length(8);
    }
    expect(byDeltas).to.equal(recorded);
  });

  for (const temporality of [AggregationTemporality.CUMULATIVE, AggregationTemporality.DELTA])
    it(`C-011 of an observable the sets observed first are kept, ${AggregationTemporality[temporality]}`, async () => {
      const store = newStore({ cardinalityLimit: 2 });
      const producer = store.metricProducer({ aggregationTemporalitySelector: () => temporality });
      let order = ['a', 'b', 'c'];
      store
        .getMeter('m')
        .createObservableUpDownCounter('o')
        .addCallback(result => order.forEach(k => result.observe(1, { k })));
      expect(Object.keys(valuesOf(await producer.collect()))).to.deep.equal([
        '{"k":"a"}',
        '{"k":"b"}',
        OVERFLOW,
      ]);
      order = ['c', 'b', 'a'];
      expect(Object.keys(valuesOf(await producer.collect()))).to.deep.equal([
        '{"k":"c"}',
        '{"k":"b"}',
        OVERFLOW,
      ]);
    });

  it('C-012 bind() decides about the limit, and its series never changes', async () => {
    const store = newStore({ cardinalityLimit: 1 });
    const producer = store.metricProducer();
    const counter = store.getMeter('m').createCounter('c');
    const [inside, outside] = ['a', 'b'].map(k => counter.bind({ k }));
    for (let round = 1; round <= 3; round++) {
      inside?.add(1);
      outside?.add(10);
      expect(valuesOf(await producer.collect())).to.deep.equal({
        '{"k":"a"}': round,
        [OVERFLOW]: 10 * round,
      });
    }
  });

  it("C-013 the SDK's limits on attributes do not apply", async () => {
    process.env['OTEL_ATTRIBUTE_COUNT_LIMIT'] = '1';
    process.env['OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'] = '1';
    try {
      const store = newStore({ maxAttributes: 300 });
      const attributes: Attributes = Object.fromEntries(
        Array.from({ length: 300 }, (_, index) => [`key${index}`, 'v'.repeat(2000)]),
      );
      store.getMeter('m').createCounter('c').add(1, attributes);
      const [point] = pointsOf(await store.metricProducer().collect());
      expect(point?.attributes).to.deep.equal(attributes);
    } finally {
      delete process.env['OTEL_ATTRIBUTE_COUNT_LIMIT'];
      delete process.env['OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'];
    }
  });
});
