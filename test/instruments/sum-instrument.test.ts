import { ValueType } from '@opentelemetry/api';
import { expect } from 'chai';
import { createStore } from '../../lib/index.js';

describe('a sum of a store', () => {
  it('truncates INT, overflows at exactly the limit, and keeps no reference to attributes', async () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024, cardinalityLimit: 2 });
    const counter = store.getMeter('m').createCounter('c', { valueType: ValueType.INT });
    const attributes = { k: 'a' };
    counter.add(1.9, attributes);
    attributes.k = 'b';
    counter.bind(attributes).add(2.9);
    counter.add(5, { k: 'c' });
    const { resourceMetrics } = await store.metricProducer().collect();
    const points = resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints ?? [];
    expect(points.map(point => [point.attributes, point.value])).to.have.deep.members([
      [{ k: 'a' }, 1],
      [{ k: 'b' }, 2],
      [{ 'otel.metric.overflow': true }, 5],
    ]);
    await store.shutdown();
  });
});
