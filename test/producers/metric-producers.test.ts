import { expect } from 'chai';
import { MetricStoreError } from '../../lib/errors.js';
import { checkMetricProducers } from '../../lib/producers/metric-producers.js';
import { DoubleBufferedMetricReader } from '../../lib/otel/double-buffered-metric-reader.js';
import { createStore } from '../../lib/otel/metric-store.js';
import { coreOf } from '../../lib/store/store-core.js';

describe('checkMetricProducers', () => {
  const producer = { collect: () => Promise.reject(new Error('not asked')) };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();

  it('should take none, and several that differ', () => {
    for (const value of [undefined, [], [producer, { ...producer }]])
      expect(() => checkMetricProducers(value)).to.not.throw();
  });

  const refusals: [what: string, value: unknown, message: RegExp][] = [
    ['what is no list', producer, /an array of objects with collect\(\)/],
    ['null', null, /an array/],
    ['what is no producer', [null], /collect\(\)/],
    ['what cannot be read', [revoked.proxy], /cannot be read/],
    ['one twice', [producer, producer], /one producer twice/],
  ];
  for (const [what, value, message] of refusals)
    it(`should refuse ${what}`, () => {
      expect(() => checkMetricProducers(value))
        .to.throw(MetricStoreError, message)
        .with.property('code', 'INVALID_OPTION');
    });

  it('should refuse producers and readers of the store itself, not those of another one', () => {
    const [store, other] = [createStore({ shared: false }), createStore({ shared: false })];
    for (const own of [store.metricProducer(), new DoubleBufferedMetricReader({ store })])
      expect(() => checkMetricProducers([own], coreOf(store))).to.throw(MetricStoreError, 'export it twice');
    for (const foreign of [other.metricProducer(), new DoubleBufferedMetricReader({ store: other })])
      expect(() => checkMetricProducers([foreign], coreOf(store))).to.not.throw();
  });
});
