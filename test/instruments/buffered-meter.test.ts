import type { BatchObservableCallback, MetricOptions } from '@opentelemetry/api';
import { expect } from 'chai';
import { createStore } from '../../lib/index.js';

describe('a meter', () => {
  it('is one for one scope: name, version and schema URL', async () => {
    const [store, other] = [createStore({ shared: false }), createStore({ shared: false })];
    const meter = store.getMeter('m', '1', { schemaUrl: 's' });
    expect(store.getMeter('m', '1', { schemaUrl: 's' })).to.equal(meter);
    for (const different of [
      store.getMeter('m', '1'),
      store.getMeter('m', undefined, { schemaUrl: 's' }),
      store.getMeter('n', '1', { schemaUrl: 's' }),
      other.getMeter('m', '1', { schemaUrl: 's' }),
    ])
      expect(different).to.not.equal(meter);
    await Promise.all([store.shutdown(), other.shutdown()]);
  });

  it('removes a batch callback that was added when the scope was asked for before', async () => {
    const store = createStore({ shared: false });
    const gauge = store.getMeter('m').createObservableGauge('g');
    let calls = 0;
    const callback: BatchObservableCallback = () => void calls++;
    store.getMeter('m').addBatchObservableCallback(callback, [gauge]);
    store.getMeter('m').addBatchObservableCallback(callback, [gauge]);
    const producer = store.metricProducer();
    await producer.collect();
    store.getMeter('m').removeBatchObservableCallback(callback, [gauge]);
    await producer.collect();
    expect(calls).to.equal(1);
    await store.shutdown();
  });

  it('makes an instrument without options when they cannot be read', async () => {
    const store = createStore({ shared: false });
    const meter = store.getMeter('m');
    const hostile = (): never => {
      throw Object.create(null);
    };
    const options: MetricOptions[] = [
      {
        get unit() {
          return hostile();
        },
      },
      {
        get advice() {
          return hostile();
        },
      },
      { advice: { explicitBucketBoundaries: new Proxy([1, 2], { get: hostile }) } },
      new Proxy({}, { get: hostile }),
    ];
    options.forEach((given, index) => {
      meter.createCounter(`c${index}`, given).add(1);
      meter.createHistogram(`h${index}`, given).record(1);
      meter.createGauge(`g${index}`, given).record(1);
      meter.createObservableGauge(`o${index}`, given).addCallback(result => result.observe(1));
    });
    const { resourceMetrics, errors } = await store.metricProducer().collect();
    expect(errors).to.deep.equal([]);
    const metrics = resourceMetrics.scopeMetrics.flatMap(scope => scope.metrics);
    expect(metrics).to.have.length(4 * options.length);
    for (const { dataPoints } of metrics) expect(dataPoints).to.have.length(1);
    await store.shutdown();
  });
});
