import { expect } from 'chai';
import { compileAlone } from '../../../lib/argo/spec/compile.js';
import type { Diagnostic } from '../../../lib/argo/diagnostic/diagnostic.js';
import { BlockScope } from '../../../lib/argo/lint/block-scope.js';
import { reportManifestTags } from '../../../lib/argo/lint/manifest-tags.js';
import { reportFor } from '../../../lib/argo/diagnostic/metric-report.js';
import { metricsOf } from '../custom-store.js';

function said(value: string, template?: Record<string, unknown>, realtime = false): string[] {
  const metrics = metricsOf({ name: 'm', help: 'M', gauge: { value, realtime } });
  const scope = new BlockScope({
    metrics,
    path: '',
    level: template ? 'template' : 'workflow',
    ...(template && { template }),
  });
  const diagnostics: Diagnostic[] = [];
  for (const metric of compileAlone(metrics, '').metrics)
    reportManifestTags(metric, scope, reportFor('m', diagnostics));
  return diagnostics.map(({ severity, code, message, hint }) => `${severity} ${code}: ${message} | ${hint}`);
}

describe('reportManifestTags', () => {
  it('should refuse names that Argo does not have, with or without its prefixes', () => {
    expect(said('{{staus}}')).to.deep.equal([
      'error TAG_UNRESOLVED: failed to resolve {{staus}} | Did you mean {{status}}?',
    ]);
    expect(said('{{tasks.a.outputs.result}}')[0]).to.match(/^error TAG_UNRESOLVED/);
    expect(said('{{status}}{{workflow.parameters.x}}{{exitCode}}')).to.deep.equal([]);
  });

  it('should refuse parameters that the template does not declare', () => {
    const template = {
      inputs: { parameters: [{ name: 'tag' }] },
      outputs: { parameters: [{ name: 'out' }] },
    };
    expect(said('{{inputs.parameters.tag}}{{outputs.parameters.out}}', template)).to.deep.equal([]);
    expect(said('{{inputs.parameters.tga}}', template)).to.deep.equal([
      'error TAG_UNRESOLVED: failed to resolve {{inputs.parameters.tga}} | Did you mean {{inputs.parameters.tag}}?',
    ]);
    expect(said('{{outputs.parameters.nothing}}', template)[0]).to.match(/^error TAG_UNRESOLVED/);
    expect(said('{{outputs.parameters.nothing}}', { plugin: {} })).to.deep.equal([]);
    expect(said('{{inputs.parameters.tga}}')).to.deep.equal([]);
  });

  it('should refuse the exit code of what has no process', () => {
    expect(said('{{exitCode}}', { steps: [] })[0]).to.match(/^error TAG_UNRESOLVED.*no exit code/);
    expect(said('{{exitCode}}', { container: {} })).to.deep.equal([]);
  });

  it('should know the variables of realtime gauges, and where each of them can be shown', () => {
    expect(said('{{workflow.duration}}', undefined, true)).to.deep.equal([]);
    expect(said('{{duration}}', { container: {} }, true)).to.deep.equal([]);
    expect(said('{{status}}', undefined, true)[0]).to.match(
      /^error REALTIME_VARIABLE_UNKNOWN: 'status' is not available as a real time metric/,
    );
    expect(said('{{duration}}', undefined, true)[0]).to.match(/^warning REALTIME_VARIABLE_UNKNOWN/);
    expect(said('{{workflow.duration}}', { container: {} }, true)[0]).to.match(
      /^warning REALTIME_VALUE_INVALID/,
    );
  });

  it('should refuse a realtime gauge where the items of a loop are filled in', () => {
    const metrics = metricsOf({ name: 'm', help: 'M', gauge: { value: '{{duration}}', realtime: true } });
    const block = { metrics, path: '', level: 'template', template: { container: {} }, loop: {} } as const;
    const diagnostics: Diagnostic[] = [];
    for (const metric of compileAlone(metrics, '').metrics)
      reportManifestTags(metric, new BlockScope(block), reportFor('m', diagnostics));
    expect(diagnostics.map(({ code, path }) => `${code} ${path}`)).to.deep.equal([
      'TAG_UNRESOLVED prometheus[0].gauge.value',
    ]);
  });

  it('should refuse a key of an item as a tag, because Argo does in the inline template that it validates', () => {
    const hint = "In an inline template Argo's validation takes it in an expression only: {{=item.k}}.";
    const template = { container: {} };
    const specOf = (count: number): { templates: object[] } => ({
      templates: [{ dag: { tasks: Array(count).fill({ withParam: '[]', inline: template }) } }],
    });
    for (const [value, count, found] of [
      ['{{item}}', 1, []],
      ['{{=item.k}}', 1, []],
      ['{{ item.k }}', 1, [`error ${hint}`]],
      ['{{item.k}}', 2, [`warning ${hint}`]],
    ] as const) {
      const metrics = metricsOf({ name: 'm', help: 'M', gauge: { value, realtime: false } });
      const place = { path: '', level: 'template', template, spec: specOf(count) } as const;
      const scope = new BlockScope({ metrics, ...place, loop: { withParam: '[]' }, around: [{ dag: {} }] });
      const diagnostics: Diagnostic[] = [];
      for (const metric of compileAlone(metrics, '').metrics)
        reportManifestTags(metric, scope, reportFor('m', diagnostics));
      expect(diagnostics.map(each => `${each.severity} ${each.hint}`)).to.deep.equal(found);
    }
  });
});
