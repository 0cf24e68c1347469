// Goal: what several threads say about the same thing can be told apart, at the price of a constant attribute; where it
// cannot, somebody says so. Real threads.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { diag, type Attributes } from '@opentelemetry/api';
import { createAllowListAttributesProcessor, type CollectionResult } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import {
  attachStore,
  createStore,
  CustomMetrics,
  observeStore,
  type MetricStore,
  type StoreOptions,
} from '../lib/index.js';
import { captureDiag, metricsOf, valuesOf } from './support/collected.js';

const newStore = (options: StoreOptions = {}): MetricStore => createStore({ maxBytes: 2 ** 24, ...options });

async function startThread(store: MetricStore, value: number, attributes?: Attributes): Promise<Worker> {
  const worker = new Worker(new URL('./faults/workers/own-attributes.mjs', import.meta.url), {
    workerData: { handle: store.handle, value, attributes },
  });
  await once(worker, 'message');
  return worker;
}

const collect = (store: MetricStore): Promise<CollectionResult> => store.metricProducer().collect();

describe('threads-same-gauge: what several threads observe', () => {
  let said: string[];
  let store: MetricStore;
  let workers: Worker[] = [];
  beforeEach(() => (said = captureDiag()));
  afterEach(async () => {
    await Promise.all(workers.map(worker => worker.terminate()));
    workers = [];
    await store.shutdown();
    diag.disable();
  });

  it('with equal attributes is one value of a gauge, said once and counted, and a sum of a counter', async () => {
    store = newStore();
    store
      .getMeter('m')
      .createObservableGauge('heap')
      .addCallback(result => result.observe(40));
    workers = await Promise.all([startThread(store, 5), startThread(store, 6)]);
    for (let round = 1; round <= 2; round++) {
      const result = await collect(store);
      expect(Object.keys(valuesOf(result, 'heap'))).to.deep.equal(['{}']);
      expect(valuesOf(result, 'ticks')).to.deep.equal({ '{}': 11 });
      expect(store.statistics().refused.overwrittenObservations).to.equal(2 * round);
    }
    const overwritten = said.filter(text => text.includes('heap') && text.includes('attributes'));
    expect(overwritten).to.have.length(1);
    expect(overwritten[0]).to.contain('attachStore(handle, { attributes })');
  });

  it('with attributes of its own is told apart, for every kind of instrument', async () => {
    store = newStore({ attributes: { thread: 'main' } });
    const meter = store.getMeter('m');
    meter.createObservableGauge('heap').addCallback(result => result.observe(40));
    const counter = meter.createCounter('count');
    for (let time = 0; time < 3; time++) counter.add(1, { phase: 'a' });
    // A worker does not inherit.
    workers = [await startThread(store, 5, { thread: 'w5' }), await startThread(store, 6)];
    const result = await collect(store);
    expect(valuesOf(result, 'heap')).to.deep.equal({
      '{"thread":"main"}': 40,
      '{"thread":"w5"}': 5,
      '{}': 6,
    });
    expect(valuesOf(result, 'ticks')).to.deep.equal({ '{"thread":"w5"}': 5, '{}': 6 });
    expect(valuesOf(result, 'count')).to.deep.equal({
      '{"phase":"a","thread":"main"}': 3,
      '{"phase":"a","thread":"w5"}': 5,
      '{"phase":"a"}': 6,
    });
    expect(valuesOf(result, 'level')).to.deep.equal({
      '{"phase":"a","thread":"w5"}': 5,
      '{"phase":"a"}': 6,
    });
    expect(store.statistics().refused.overwrittenObservations).to.equal(0);
    expect(said).to.deep.equal([]);
  });

  it('never changes custom metrics, nor what the store says of itself', async () => {
    store = newStore({ attributes: { thread: 'main' } });
    observeStore({ store, meter: store.getMeter('m') });
    const spec = { name: 'op', help: 'h', labels: [{ key: 'p', value: 'x' }], counter: { value: '1' } };
    new CustomMetrics({ store }).compile({ prometheus: [spec] }).emit({ variables: {} }, { owner: 'main' });
    workers = [await startThread(store, 5, { thread: 'w5' })];
    for (let round = 0; round < 5; round++) {
      const result = await collect(store);
      expect(valuesOf(result, 'argo_workflows_op')).to.deep.equal({ '{"p":"x"}': 2 });
      const own = metricsOf(result).filter(({ descriptor }) =>
        descriptor.name.startsWith('otel_argo_metrics.'),
      );
      expect(own).to.have.length.greaterThan(10);
      for (const { dataPoints } of own)
        for (const { attributes } of dataPoints) expect(attributes).to.not.have.property('thread');
    }
  });
});

describe('constant attributes of a thread', () => {
  let said: string[];
  beforeEach(() => (said = captureDiag()));
  afterEach(() => diag.disable());

  it('give way to the caller, are seen by Views, and are not those of the overflow series', async () => {
    const seen: Attributes[] = [];
    const store = newStore({
      attributes: { thread: 't', extra: 1 },
      views: [
        { instrumentName: 'kept', attributesProcessors: [createAllowListAttributesProcessor(['a'])] },
        {
          instrumentName: 'seen',
          attributesProcessors: [{ process: set => (seen.push({ ...set }), set) }],
          aggregationCardinalityLimit: 1,
        },
      ],
    });
    const meter = store.getMeter('m');
    meter.createCounter('c').add(1, { thread: 'own' });
    meter.createCounter('c').add(2, { thread: undefined });
    meter.createCounter('kept').add(1, { a: 1, b: 2 });
    for (const a of [1, 2]) meter.createCounter('seen').add(1, { a });
    const result = await collect(store);
    expect(valuesOf(result, 'c')).to.deep.equal({
      '{"extra":1,"thread":"own"}': 1,
      '{"extra":1,"thread":"t"}': 2,
    });
    expect(valuesOf(result, 'kept')).to.deep.equal({ '{"a":1}': 1 });
    expect(seen).to.deep.equal([
      { thread: 't', extra: 1, a: 1 },
      { thread: 't', extra: 1, a: 2 },
    ]);
    expect(valuesOf(result, 'seen')).to.deep.equal({
      '{"otel.metric.overflow":true}': 1,
      '{"a":1,"extra":1,"thread":"t"}': 1,
    });
    await store.shutdown();
  });

  it('are cleaned, cut and counted as others are', async () => {
    const attributes = { bad: {}, long: 'x'.repeat(100), list: ['a', 1], a: 1, b: 2, c: 3 } as unknown;
    const store = newStore({
      attributes: attributes as Attributes,
      maxLabelValueLength: 40,
      maxAttributes: 5,
    });
    store.getMeter('m').createCounter('c').add(1, { z: 1, y: 2 });
    const [key = ''] = Object.keys(valuesOf(await collect(store), 'c'));
    expect(key).to.match(/^\{"a":1,"b":2,"list":\["a",1\],"long":"x{23}#[0-9a-f]{16}","z":1\}$/);
    expect(store.statistics().refused).to.include({ attributes: 1, truncatedLabels: 1 });
    expect(store.statistics().refused.droppedAttributes).to.equal(2);
    expect(said.length).to.be.within(1, 3);
    await store.shutdown();
  });

  it('give way to the caller also where name and value are cut', async () => {
    const name = 'n'.repeat(100);
    for (const [value, shown] of [
      ['mine', 'mine'],
      ['m'.repeat(100), /^m{23}#[0-9a-f]{16}$/],
    ] as const) {
      const store = newStore({ attributes: { [name]: 'v'.repeat(100) }, maxLabelValueLength: 40 });
      const counter = store.getMeter('m').createCounter('c');
      counter.add(1, { [name]: value });
      counter.bind({ [name]: value }).add(1);
      store
        .getMeter('m')
        .createObservableGauge('g')
        .addCallback(result => result.observe(2, { [name]: value }));
      const result = await collect(store);
      for (const [metric, total] of Object.entries({ c: 2, g: 2 })) {
        const values = valuesOf(result, metric);
        expect(Object.values(values), metric).to.deep.equal([total]);
        const [key = ''] = Object.keys(values);
        const [text] = Object.values(JSON.parse(key) as Record<string, string>);
        expect(text).to.match(new RegExp(shown));
      }
      expect(store.statistics().refused.attributes).to.equal(0);
      await store.shutdown();
    }
  });

  it('are the ones that a thread attached with first', async () => {
    const store = newStore({ attributes: { a: 1, b: 'x' } });
    for (const same of [{}, { attributes: { b: 'x', a: 1 } }, { attributes: { b: 'x', a: 1, c: undefined } }])
      expect(() => attachStore(store.handle, same)).to.not.throw();
    for (const other of [{}, { a: 1 }, { a: '1', b: 'x' }])
      expect(() => attachStore(store.handle, { attributes: other }))
        .to.throw('attributes must be what this thread was attached with first, {"a":1,"b":"x"}, got')
        .with.property('code', 'INVALID_OPTION');
    await store.shutdown();
    const without = newStore();
    expect(() => attachStore(without.handle, { attributes: { a: 1 } })).to.throw('INVALID_OPTION');
    expect(() => attachStore(without.handle, { attributes: {} })).to.not.throw();
    await without.shutdown();
    for (const wrong of [null, 5, 'x', [1]])
      expect(() => newStore({ attributes: wrong as unknown as Attributes })).to.throw(
        'attributes must be an object',
      );
  });
});
