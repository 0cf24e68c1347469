import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { MetricStoreError } from '../../lib/errors.js';
import { exposeReader, provideOf, type StoreMetricReader } from '../../lib/producers/exposed-reader.js';

describe('a reader that is exposed', () => {
  const provide = (): Promise<never> => Promise.reject(new Error('not asked'));

  it('should be found with what it provides, and show nothing more than before', () => {
    const reader = {} as StoreMetricReader;
    exposeReader(reader, provide);
    expect(provideOf(reader)).to.equal(provide);
    expect([Object.keys(reader), JSON.stringify(reader)]).to.deep.equal([[], '{}']);
  });

  it('should be refused when it is none of this package', () => {
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const foreign = Object.create(PeriodicExportingMetricReader.prototype) as object;
    for (const reader of [undefined, null, 1, {}, foreign, new MeterProvider(), revoked.proxy])
      expect(() => provideOf(reader))
        .to.throw(MetricStoreError, 'metricProducers')
        .with.property('code', 'INVALID_OPTION');
  });
});
