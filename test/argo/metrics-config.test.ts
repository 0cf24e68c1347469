import { expect } from 'chai';
import { resolveMetricsConfig } from '../../lib/argo/metrics-config.js';

describe('resolveMetricsConfig', () => {
  it('should read modifiers, with sorted buckets', () => {
    const { modifiers, diagnostics } = resolveMetricsConfig({
      modifiers: { a: { disabled: true }, b: { disabledAttributes: ['pod'], histogramBuckets: [5, 1, 5] } },
    });
    expect(diagnostics).to.deep.equal([]);
    expect(modifiers.get('a')).to.deep.include({ disabled: true });
    expect(modifiers.get('b')).to.deep.equal({
      disabled: false,
      disabledLabels: new Set(['pod']),
      boundaries: [1, 5],
    });
  });

  it('should say what has no effect, and what it does not know', () => {
    const { diagnostics } = resolveMetricsConfig({ metricsTTL: '10m', typo: 1, disableLegacy: true });
    expect(diagnostics.map(({ code, path }) => `${code} ${path}`)).to.deep.equal([
      'CONFIG_UNSUPPORTED metricsConfig.metricsTTL',
      'CONFIG_UNSUPPORTED metricsConfig.typo',
    ]);
  });

  it('should leave out a modifier that it cannot read', () => {
    const { modifiers, diagnostics } = resolveMetricsConfig({
      modifiers: { a: { histogramBuckets: ['1'] }, b: 5, c: { disabledAttributes: 'pod' } },
    });
    expect([...modifiers.keys()]).to.deep.equal([]);
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(Array(3).fill('CONFIG_INVALID'));
  });

  it('should take nothing for nothing, and refuse what is no object', () => {
    expect(resolveMetricsConfig(undefined).diagnostics).to.deep.equal([]);
    expect(resolveMetricsConfig([]).diagnostics).to.have.length(1);
    expect(resolveMetricsConfig({ modifiers: [] }).diagnostics).to.have.length(1);
  });
});
