import { expect } from 'chai';
import { controllerConfigsIn } from '../../../lib/argo/lint/controller-config.js';
import { readManifests } from '../../../lib/argo/manifest/read-manifests.js';

function said(text: string): string[] {
  const [document] = readManifests(text).documents;
  if (!document) throw new Error('no document');
  return controllerConfigsIn(document).configs.flatMap(({ defaults, diagnostics }) => [
    ...(defaults ? [`defaults ${defaults.path}`] : []),
    ...diagnostics.map(({ severity, code, path }) => `${severity} ${code} ${path}`),
  ]);
}

const configMap = (...data: string[]): string =>
  ['kind: ConfigMap', 'data:', ...data.map(line => `  ${line}`), ''].join('\n');

describe('controllerConfigsIn', () => {
  it('should read each key of the ConfigMap, or all from one text', () => {
    expect(
      said(configMap('workflowDefaults: |', '  spec: {}', 'metricsConfig: "{enabled: true}"')),
    ).to.deep.equal(['defaults spec']);
    expect(
      said(configMap('config: |', '  workflowDefaults: {spec: {}}', '  metricsConfig: {port: http}')),
    ).to.deep.equal(['defaults workflowDefaults.spec', 'error CONFIG_INVALID metricsConfig.port']);
    expect(said(configMap('config: |', '  metricsConfig: {}', 'sso: x'))).to.deep.equal([
      'error CONFIG_INVALID data.config',
    ]);
    expect(said(configMap('config: |', '  database: x'))).to.deep.equal([]);
  });

  it("should read the values of the controller's chart, also inside of another chart's", () => {
    const controller = 'controller: {metricsConfig: {enabled: true, portName: x, metricsTTL: 5x}}\n';
    expect(said(controller)).to.deep.equal(['error CONFIG_INVALID controller.metricsConfig.metricsTTL']);
    expect(said(`argo-workflows:\n  ${controller}`)).to.deep.equal([
      'error CONFIG_INVALID argo-workflows.controller.metricsConfig.metricsTTL',
    ]);
    expect(said(`kind: Thing\n${controller}`)).to.deep.equal([]);
  });

  it('should read more documents in a text than a call can have arguments', () => {
    const text = Array.from({ length: 130_000 }, () => '    a\n    ...').join('\n');
    const [document] = readManifests(configMap('workflowDefaults: |', text.slice(2))).documents;
    if (!document) throw new Error('no document');
    expect(controllerConfigsIn(document).configs).to.have.length(130_000);
  });

  it('should refuse what the controller refuses, and no more', () => {
    const config = (text: string): string[] => said(configMap(`metricsConfig: "${text}"`));
    expect(
      config('{metricsTTL: 10m, path: /m, port: 1, secure: true, ignoreErrors: false, temporality: Delta}'),
    ).to.deep.equal([]);
    expect(config('{metricsTtl: 10m}')).to.deep.equal(['error FIELD_UNKNOWN metricsTtl']);
    expect(config('{modifiers: {a: {ttl: 1m, disabled: true}}}')).to.deep.equal([
      'error FIELD_UNKNOWN modifiers.a.ttl',
    ]);
    const [document] = readManifests(
      configMap('metricsConfig: "{options: {a: {}}, metricsTtl: 1m}"'),
    ).documents;
    const hints = document && controllerConfigsIn(document).configs.flatMap(({ diagnostics }) => diagnostics);
    expect(hints?.map(({ hint }) => hint)).to.deep.equal([
      "Did you mean 'modifiers'? The controller refuses the whole configuration.",
      "Did you mean 'metricsTTL'? The controller refuses the whole configuration.",
    ]);
    for (const ttl of ['1h30m', '1.5h', '500ms'])
      expect(config(`{metricsTTL: ${ttl}}`), ttl).to.deep.equal(['error CONFIG_INVALID metricsTTL']);
    for (const ttl of ['90m', '2d', '30s', ''])
      expect(config(`{metricsTTL: '${ttl}'}`), ttl).to.deep.equal([]);
  });
});
