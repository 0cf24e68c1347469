import { expect } from 'chai';
import { compileAlone } from '../../../lib/argo/spec/compile.js';
import { metricsOf } from '../custom-store.js';

describe('checkCrdLimits', () => {
  const warnings = (metric: Record<string, unknown>): string[] =>
    compileAlone(metricsOf(metric), 'm')
      .diagnostics.filter(({ code }) => code === 'CRD_VIOLATED')
      .map(({ severity, path }) => `${severity} ${path}`);

  it('should warn of names and keys with tags, and of long values of gauges', () => {
    const gauge = { value: '1', realtime: false };
    expect(
      warnings({ name: 'a_{{status}}', help: 'h', labels: [{ key: 'k_{{status}}', value: 'v' }], gauge }),
    ).to.deep.equal(['warning m.prometheus[0].name', 'warning m.prometheus[0].labels[0].key']);
    const long = (value: string): string[] => warnings({ name: 'a', help: 'h', gauge: { ...gauge, value } });
    expect(long(`{{${'x'.repeat(253)}}}`)).to.deep.equal(['warning m.prometheus[0].gauge.value']);
    expect(long(`{{${'x'.repeat(252)}}}`)).to.deep.equal([]);
  });

  it('should count characters as the API server does', () => {
    const value = `{{=${'"' + '😀'.repeat(200) + '"'}}}`;
    expect(warnings({ name: 'a', help: 'h', gauge: { value, realtime: false } })).to.deep.equal([]);
  });
});
