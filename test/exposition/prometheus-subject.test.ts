import { expect } from 'chai';
import { MetricStoreError } from '../../lib/errors.js';
import { resolveSubject } from '../../lib/exposition/prometheus-subject.js';
import { DoubleBufferedMetricReader } from '../../lib/otel/double-buffered-metric-reader.js';
import { createStore } from '../../lib/otel/metric-store.js';

describe('what is exposed', () => {
  const store = createStore({ shared: false });
  const reader = new DoubleBufferedMetricReader({ store });

  it('should be a store, or a reader with its store', () => {
    expect(resolveSubject({ store })).to.deep.equal({ store, provide: undefined });
    const resolved = resolveSubject({ reader });
    expect(resolved.store).to.equal(store);
    expect(resolved.provide).to.be.a('function');
  });

  it('should be exactly one of the two', () => {
    for (const [options, got] of [
      [{}, 'neither'],
      [{ store, reader }, 'both'],
    ] as const)
      // prettier-ignore
      expect(() => resolveSubject(options as never))
        .to.throw(MetricStoreError, got)
        .with.property('code', 'INVALID_OPTION');
  });
});
