import { expect } from 'chai';
import { resolveMetricsConfig } from '../../../lib/argo/emit/metrics-config.js';

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
    const { diagnostics } = resolveMetricsConfig({
      enabled: false,
      path: '/m',
      port: 9090,
      secure: true,
      ignoreErrors: false,
      temporality: 'Delta',
      telemetryConfig: {},
      typo: 1,
    });
    expect(diagnostics.map(({ code, path }) => `${code} ${path}`)).to.deep.equal(
      ['enabled', 'path', 'port', 'secure', 'ignoreErrors', 'temporality', 'telemetryConfig', 'typo'].map(
        key => `CONFIG_UNSUPPORTED metricsConfig.${key}`,
      ),
    );
    expect(diagnostics[5]?.hint).to.match(/aggregationTemporalitySelector/);
  });

  it('should be silent about what happens here anyway', () => {
    const config = {
      enabled: true,
      secure: false,
      ignoreErrors: true,
      disableLegacy: false,
      temporality: 'Cumulative',
      path: null,
    };
    expect(resolveMetricsConfig(config).diagnostics).to.deep.equal([]);
  });

  it('should refuse values that Argo could not read', () => {
    const config = { enabled: 'yes', path: 'metrics', port: 0, temporality: 'Both', metricsTTL: 5 };
    const { diagnostics, ttlMillis } = resolveMetricsConfig(config);
    expect(diagnostics.map(({ code, path }) => `${code} ${path}`)).to.deep.equal(
      ['enabled', 'path', 'port', 'temporality', 'metricsTTL'].map(
        key => `CONFIG_INVALID metricsConfig.${key}`,
      ),
    );
    expect(ttlMillis).to.equal(0);
  });

  it('should read the TTL as a Go duration, and refuse a negative one', () => {
    expect(resolveMetricsConfig({ metricsTTL: '1h30m' })).to.deep.include({
      ttlMillis: 5_400_000,
      diagnostics: [],
    });
    expect(resolveMetricsConfig({}).ttlMillis).to.equal(0);
    const negative = resolveMetricsConfig({ metricsTTL: '-5m' });
    expect(negative.ttlMillis).to.equal(0);
    expect(negative.diagnostics.map(({ code }) => code)).to.deep.equal(['CONFIG_INVALID']);
  });

  it('should read more modifiers than a call can have arguments', () => {
    const names = Array.from({ length: 150_000 }, (_, index) => `m${index}`);
    const modifiers = Object.fromEntries(names.map(name => [name, { ttl: '1m' }]));
    expect(resolveMetricsConfig({ modifiers }).shortestTtlMillis).to.equal(60_000);
  });

  it('should leave out a modifier that it cannot read', () => {
    const { modifiers, diagnostics } = resolveMetricsConfig({
      modifiers: { a: { histogramBuckets: ['1'] }, b: 5, c: { disabledAttributes: 'pod' } },
    });
    for (const name of ['a', 'b', 'c']) expect(modifiers.get(name)).to.equal(undefined);
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(Array(3).fill('CONFIG_INVALID'));
  });

  it('should take nothing for nothing, and refuse what is no object', () => {
    expect(resolveMetricsConfig(undefined).diagnostics).to.deep.equal([]);
    expect(resolveMetricsConfig([]).diagnostics).to.have.length(1);
    expect(resolveMetricsConfig({ modifiers: [] }).diagnostics).to.have.length(1);
  });
});
