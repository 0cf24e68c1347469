// Asynchronous callbacks and MetricProducer, line by line. The lines and those that do not apply are in
// docs/specification.md.
import type { ObservableCallback, ObservableResult } from '@opentelemetry/api';
import {
  AggregationTemporality,
  createAllowListAttributesProcessor,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { createStore, type MetricStore, type StoreOptions } from '../../lib/index.js';
import {
  metricsOf,
  millisOf,
  namesOf,
  never,
  pointsOf,
  sumOf,
  turnOfEventLoop,
  valuesOf,
} from '../support/collected.js';

const stores: MetricStore[] = [];
function newStore(options: StoreOptions = {}): MetricStore {
  const store = createStore({ maxBytes: 16 * 1024 * 1024, ...options });
  stores.push(store);
  return store;
}

describe('specification: MetricProducer', () => {
  afterEach(() => Promise.all(stores.splice(0).map(store => store.shutdown())));

  it('P-001 P-003 produce returns the whole batch, and reports what failed', async () => {
    const store = newStore();
    const meter = store.getMeter('m');
    for (const name of ['a', 'b']) meter.createCounter(name).add(1);
    meter.createObservableGauge('bad').addCallback(() => Promise.reject(new Error('sensor is gone')));
    const result = await store.metricProducer().collect();
    expect(namesOf(result)).to.deep.equal(['a', 'b']);
    expect(result.errors.map(String)).to.deep.equal(['Error: sensor is gone']);
  });

  it("P-002 P-004 the batch has the store's resource and names the scopes that recorded it", async () => {
    const resource = { attributes: { 'service.name': 'demo' } } as never;
    const store = newStore({ resource });
    store.getMeter('lib', '1.2', { schemaUrl: 'https://example.com/1' }).createCounter('c').add(1);
    const { resourceMetrics } = await store.metricProducer().collect();
    expect(resourceMetrics.resource).to.equal(resource);
    expect(resourceMetrics.scopeMetrics.map(({ scope }) => scope)).to.deep.equal([
      { name: 'lib', version: '1.2', schemaUrl: 'https://example.com/1' },
    ]);
  });

  it("P-005 the temporality can be chosen, and the SDK's own periodic reader can have the producer", async () => {
    const store = newStore();
    const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA);
    const producer = store.metricProducer({
      aggregationTemporalitySelector: () => AggregationTemporality.DELTA,
    });
    const reader = new PeriodicExportingMetricReader({ exporter, metricProducers: [producer] });
    const provider = new MeterProvider({ readers: [reader] });
    const counter = store.getMeter('m').createCounter('c');
    for (const value of [3, 4]) {
      counter.add(value);
      await provider.forceFlush();
    }
    const results = exporter.getMetrics().map(resourceMetrics => ({ resourceMetrics, errors: [] }));
    expect(results.map(result => sumOf(result, 'c'))).to.deep.equal([3, 4]);
    for (const metric of results.flatMap(metricsOf))
      expect(metric.aggregationTemporality).to.equal(AggregationTemporality.DELTA);
    await provider.shutdown();
  });
});

describe('specification: asynchronous callbacks', () => {
  afterEach(() => Promise.all(stores.splice(0).map(store => store.shutdown())));

  it('P-006 callbacks run for the reader that collects, and observations reach only that one', async () => {
    const store = newStore();
    let runs = 0;
    store
      .getMeter('m')
      .createObservableGauge('g')
      .addCallback(result => result.observe(++runs));
    const [a, b] = [store.metricProducer(), store.metricProducer()];
    for (const [producer, expected] of [
      [a, 1],
      [b, 2],
      [b, 3],
      [a, 4],
    ] as const)
      expect(sumOf(await producer.collect())).to.equal(expected);
  });

  it('P-007 an observation outside of a callback is ignored, and a callback has a timeout', async () => {
    const store = newStore({ callbackTimeoutMillis: 20 });
    let kept: ObservableResult | undefined;
    const gauge = store.getMeter('m').createObservableGauge('g');
    gauge.addCallback(result => {
      kept = result;
      result.observe(1, { in: true });
    });
    gauge.addCallback(async result => {
      await never();
      result.observe(2, { late: true });
    });
    const producer = store.metricProducer();
    const seen: unknown[] = [];
    for (let round = 0; round < 2; round++) {
      const { errors, ...result } = await producer.collect();
      kept?.observe(3, { out: true });
      seen.push([valuesOf({ ...result, errors }), errors.map(error => (error as { code?: string }).code)]);
    }
    expect(seen).to.deep.equal(Array(2).fill([{ '{"in":true}': 1 }, ['CALLBACK_TIMEOUT']]));
  });

  it('P-007 a round of a callback ends before the next one begins, whoever collects', async () => {
    const store = newStore();
    let running = 0;
    let most = 0;
    let runs = 0;
    const gauge = store.getMeter('m').createObservableGauge('g');
    const callback: ObservableCallback = async result => {
      most = Math.max(most, ++running);
      runs++;
      for (let turn = 0; turn < 3; turn++) await turnOfEventLoop();
      result.observe(runs);
      running--;
    };
    gauge.addCallback(callback);
    const producers = Array.from({ length: 4 }, () => store.metricProducer());
    const results = await Promise.all(producers.map(producer => producer.collect()));
    expect([most, runs]).to.deep.equal([1, 4]);
    expect(results.map(result => sumOf(result))).to.deep.equal([1, 2, 3, 4]);
    // Removed while rounds wait for it: those that wait do without.
    const later = producers.map(producer => producer.collect());
    gauge.removeCallback(callback);
    expect((await Promise.all(later)).flatMap(({ errors }) => errors)).to.deep.equal([]);
    expect(runs).to.be.at.most(5);
  });

  it('P-007 a callback that hangs holds up no other one, also when several readers wait', async () => {
    const store = newStore({ callbackTimeoutMillis: 50 });
    const meter = store.getMeter('m');
    meter.createObservableGauge('hangs').addCallback(() => never<void>());
    meter.createObservableGauge('works').addCallback(result => result.observe(1));
    const producers = Array.from({ length: 3 }, () => store.metricProducer());
    for (let round = 0; round < 2; round++)
      for (const result of await Promise.all(producers.map(producer => producer.collect()))) {
        expect(namesOf(result)).to.deep.equal(['works']);
        expect(result.errors).to.have.length(1).and.have.nested.property('[0].code', 'CALLBACK_TIMEOUT');
      }
  });

  it('P-008 a set that is not observed is not exported', async () => {
    const store = newStore();
    const producer = store.metricProducer();
    let keys = ['a', 'b'];
    store
      .getMeter('m')
      .createObservableUpDownCounter('u')
      .addCallback(result => keys.forEach(k => result.observe(1, { k })));
    await producer.collect();
    keys = ['b'];
    expect(valuesOf(await producer.collect())).to.deep.equal({ '{"k":"b"}': 1 });
  });

  it('P-009 a callback runs once a collection, its observations have one time, and it can be taken away', async () => {
    let now = 1000;
    const store = newStore({ clock: { now: () => now++ } });
    const meter = store.getMeter('m');
    const producer = store.metricProducer();
    const runs = { single: 0, batch: 0 };
    const [a, b] = ['a', 'b'].map(name => meter.createObservableGauge(name));
    if (a === undefined || b === undefined) throw new Error('no gauges');
    const single: ObservableCallback = async result => {
      runs.single++;
      result.observe(1, { k: 1 });
      await turnOfEventLoop();
      result.observe(1, { k: 2 });
    };
    a.addCallback(single);
    a.addCallback(single);
    const batch = (result: Parameters<Parameters<typeof meter.addBatchObservableCallback>[0]>[0]): void => {
      runs.batch++;
      for (const gauge of [a, b]) result.observe(gauge, 2, { k: 3 });
    };
    meter.addBatchObservableCallback(batch, [a, b]);
    const first = pointsOf(await producer.collect());
    expect(first).to.have.length(4);
    expect(new Set(first.map(({ endTime }) => millisOf(endTime))).size).to.equal(1);
    await producer.collect();
    expect(runs).to.deep.equal({ single: 2, batch: 2 });
    a.removeCallback(single);
    meter.removeBatchObservableCallback(batch, [a, b]);
    expect(pointsOf(await producer.collect())).to.deep.equal([]);
    expect(runs).to.deep.equal({ single: 2, batch: 2 });
  });

  for (const temporality of [AggregationTemporality.CUMULATIVE, AggregationTemporality.DELTA])
    it(`P-010 observations that a View makes one set are added, ${AggregationTemporality[temporality]}`, async () => {
      const store = newStore({
        views: [{ meterName: 'm', attributesProcessors: [createAllowListAttributesProcessor(['host'])] }],
      });
      const meter = store.getMeter('m');
      let round = 0;
      for (const instrument of [meter.createObservableCounter('c'), meter.createObservableUpDownCounter('u')])
        instrument.addCallback(result => {
          for (const cpu of [1, 2, 3]) result.observe(round * cpu, { host: 'h', cpu });
        });
      const producer = store.metricProducer({ aggregationTemporalitySelector: () => temporality });
      for (round = 1; round <= 3; round++) {
        const expected = temporality === AggregationTemporality.DELTA ? 6 : 6 * round;
        const result = await producer.collect();
        for (const name of ['c', 'u'])
          expect(valuesOf(result, name)).to.deep.equal({ '{"host":"h"}': expected });
      }
    });
});
