import { expect } from 'chai';
import { ConfigReport } from '../../../lib/cli/config/config-report.js';
import { METRICS_CONFIG } from '../../../lib/cli/config/metrics-config-type.js';

function complaintsOf(given: unknown): { value: unknown; complaints: string[] } {
  const report = new ConfigReport();
  const value = METRICS_CONFIG.read(given, 'metricsConfig', report);
  const complaints = report.complaints.map(
    ({ code, severity, path, hint = '' }) => `${severity} ${code} ${path} ${hint}`,
  );
  return { value, complaints };
}

describe('metricsConfig of a configuration', () => {
  it('is a path, or what stands in such a file', () => {
    const inline = { metricsTTL: '10m', modifiers: { runs: { disabledAttributes: ['pod'] } } };
    expect(complaintsOf('a/b.yaml')).to.deep.equal({ value: { file: 'a/b.yaml' }, complaints: [] });
    expect(complaintsOf(inline)).to.deep.equal({ value: { inline }, complaints: [] });
    expect(METRICS_CONFIG.plain({ inline })).to.equal(inline);
    expect(METRICS_CONFIG.plain({ file: 'x' })).to.equal('x');
  });

  it('is a ConfigMap by its name, with nothing beside it', () => {
    const configMap = { namespace: 'argo', name: 'workflow-controller-configmap' };
    const given = { configMap: 'argo/workflow-controller-configmap' };
    expect(complaintsOf(given)).to.deep.equal({ value: { configMap }, complaints: [] });
    expect(METRICS_CONFIG.plain({ configMap })).to.deep.equal(given);
    for (const wrong of ['a', 'a/', '/b', 'a/b/c', 'A/b', 'a.b/c', 'a/b-', '', 3, null, { a: 'b' }])
      expect(complaintsOf({ configMap: wrong }))
        .to.deep.include({ value: undefined })
        .and.have.property('complaints')
        .with.length(1);
    expect(complaintsOf({ ...given, metricsTTL: '1h' })).to.deep.equal({
      value: undefined,
      complaints: ['error FIELD_UNKNOWN metricsConfig.metricsTTL There is only configMap.'],
    });
  });

  it('is refused where the compiler of metrics would say that it is wrong', () => {
    expect(complaintsOf({ metricsTTL: 'soon', modifiers: { a: { histogramBuckets: ['x'] } } })).to.deep.equal(
      {
        value: undefined,
        complaints: [
          'error CONFIG_INVALID metricsConfig.metricsTTL ',
          'error CONFIG_INVALID metricsConfig.modifiers.a.histogramBuckets ',
        ],
      },
    );
    for (const wrong of ['', 'a\0b', 3, [], null]) expect(complaintsOf(wrong).complaints).to.have.length(1);
  });

  it('warns of what has an effect in the controller only, and refuses what has none anywhere', () => {
    expect(complaintsOf({ port: 9090 }).complaints).to.deep.equal([
      'warning CONFIG_UNSUPPORTED metricsConfig.port Give it to the endpoint.',
    ]);
    expect(complaintsOf({ port: 9090 }).value).to.deep.equal({ inline: { port: 9090 } });
    expect(complaintsOf({ metricTTL: '1m', modifiers: { a: { disable: true } } })).to.deep.equal({
      value: undefined,
      complaints: [
        "error FIELD_UNKNOWN metricsConfig.metricTTL Did you mean 'metricsTTL'?",
        "error FIELD_UNKNOWN metricsConfig.modifiers.a.disable Did you mean 'disabled'?",
      ],
    });
  });
});
