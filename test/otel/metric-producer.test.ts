import { expect } from 'chai';
import { createStore } from '../../lib/otel/metric-store.js';

describe('StoreMetricProducer', () => {
  it('gives deltas once, when asked for', async () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024 });
    const producer = store.metricProducer({ aggregationTemporalitySelector: () => 0 });
    store.getMeter('m').createCounter('c').add(5);
    const first = await producer.collect();
    const second = await producer.collect();
    const value = first.resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints[0]?.value;
    expect([value, second.resourceMetrics.scopeMetrics]).to.deep.equal([5, []]);
    await producer.shutdown();
  });
});
