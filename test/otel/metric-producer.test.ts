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

  it('says that it was shut down, when it was', async () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024 });
    const producer = store.metricProducer({ aggregationTemporalitySelector: () => 0 });
    store.getMeter('m').createCounter('c').add(5);
    await producer.shutdown();
    const { errors, resourceMetrics } = await producer.collect();
    expect(errors.map(error => (error as { code?: string }).code)).to.deep.equal(['READER_SHUT_DOWN']);
    expect(resourceMetrics.scopeMetrics).to.deep.equal([]);
    // Its place is another one's.
    const others = [1, 2, 3, 4].map(() => store.metricProducer({ aggregationTemporalitySelector: () => 0 }));
    expect((await producer.collect()).errors).to.have.length(1);
    await Promise.all(others.map(other => other.shutdown()));
    await store.shutdown();
  });
});
