import { expect } from 'chai';
import { createStore } from '../../../lib/index.js';
import { coreOf } from '../../../lib/store/store-core.js';
import { MetricPlaces } from '../../../lib/argo/emit/metric-places.js';
import type { Place } from '../../../lib/argo/emit/metric-places.js';
import { resolveModifiers } from '../../../lib/argo/emit/metric-modifiers.js';
import { compileMetrics } from '../../../lib/argo/spec/compile.js';
import { metricsOf } from '../custom-store.js';

const modifiers = {
  off: { disabled: true },
  h: { histogramBuckets: [3, 1], ttl: '1s', disabledAttributes: ['b'] },
};

function placeOf(name: string, kind: object): Place | undefined {
  const store = createStore({
    shared: false,
    views: [{ instrumentName: 'p_dropped', aggregation: { type: 1 } }],
  });
  const places = new MetricPlaces(coreOf(store), 'p_', resolveModifiers(modifiers, '', []));
  const [metric] = compileMetrics(metricsOf({ name, help: 'H', ...kind }), '').metrics;
  return metric && places.find(metric, { name, labels: { a: '1', b: '2' }, help: 'H', when: '' });
}

describe('MetricPlaces', () => {
  it('should be where the metric is declared to go, under its exposed name', () => {
    expect(placeOf('runs', { counter: { value: '1' } })).to.deep.equal({
      name: 'runs',
      definition: { name: 'p_runs', help: 'H', type: 'counter' },
      labels: { a: '1', b: '2' },
    });
    const realtime = { gauge: { realtime: true, value: '{{duration}}' } };
    expect(placeOf('age', realtime)?.definition.type).to.equal('gauge');
  });

  it('should be nowhere for what is disabled or dropped', () => {
    expect(placeOf('off', { counter: { value: '1' } })).to.equal(undefined);
    expect(placeOf('dropped', { counter: { value: '1' } })).to.equal(undefined);
  });

  it('should have the buckets, labels and time to live of the configuration', () => {
    expect(placeOf('h', { histogram: { value: '1', buckets: [9] } })).to.deep.equal({
      name: 'h',
      definition: { name: 'p_h', help: 'H', type: 'histogram', boundaries: [1, 3], ttlMillis: 1000 },
      labels: { a: '1' },
    });
  });
});
