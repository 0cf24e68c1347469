import { expect } from 'chai';
import { MetricStoreError } from '../../lib/errors.js';
import { checkAnswerMillis, resolveContent, resolveLimits } from '../../lib/exposition/prometheus-options.js';

describe('options of the doors to Prometheus', () => {
  it('should have the defaults that they say', () => {
    const metricProducers: never[] = [];
    expect(resolveContent({})).to.deep.equal({
      targetInfo: true,
      zeroStartMillis: 0,
      gzipLevel: 1,
      metricProducers,
      openMetrics: false,
      protobuf: true,
    });
    expect(resolveLimits({})).to.deep.equal({ scrapesMax: 8, answerTimeoutMillis: 60_000 });
  });

  it('should be taken as they are within their bounds', () => {
    for (const gzipLevel of [0, 1, 9]) expect(resolveContent({ gzipLevel })).to.include({ gzipLevel });
    for (const openMetrics of [true, false, 'created'] as const)
      expect(resolveContent({ openMetrics, protobuf: false })).to.include({ openMetrics, protobuf: false });
    expect(resolveLimits({ scrapesMax: 64, answerTimeoutMillis: 1000 })).to.deep.equal({
      scrapesMax: 64,
      answerTimeoutMillis: 1000,
    });
  });

  const refusals: [name: string, bound: string, values: unknown[]][] = [
    ['gzipLevel', '0 to 9', [-1, 10, 1.5, NaN, '1', null]],
    ['metricProducers', 'an array', [{}, [null], [{}]]],
    ['openMetrics', 'a boolean or "created"', ['yes', '', 1, null]],
    ['protobuf', 'a boolean', ['no', 0, null]],
    ['targetInfo', 'a boolean', [0, 'yes', null]],
    ['zeroStartMillis', '0 to 3600000', [-1, 3_600_001, '1']],
    ['scrapesMax', '1 to 64', [0, 65, 1.5, null]],
    ['answerTimeoutMillis', '1000 to 600000', [999, 600_001, '60000']],
  ];
  for (const [name, bound, values] of refusals)
    it(`should be refused with the bound when ${name} is out of it`, () => {
      for (const value of values)
        expect(() => {
          const options = { [name]: value };
          resolveContent(options);
          resolveLimits(options);
        })
          .to.throw(MetricStoreError, name)
          .with.property('message')
          .that.contains(bound);
    });

  it('should bound the time of an answer alone, too', () => {
    expect(() => checkAnswerMillis(999)).to.throw(MetricStoreError, '1000 to 600000');
    expect(() => checkAnswerMillis(1000)).to.not.throw();
  });
});
