import { runInNewContext, runInThisContext } from 'node:vm';
import { expect } from 'chai';
import type { Diagnostic } from '../../../lib/argo/diagnostic/diagnostic.js';
import { resolveModifiers } from '../../../lib/argo/emit/metric-modifiers.js';
import { boundedText, policyText, viewText } from '../../../lib/argo/lint/label-mending.js';
import { labelVerdicts } from '../../../lib/argo/lint/label-verdict.js';
import { isEndless } from '../../../lib/argo/lint/value-spread.js';
import { cardinalityLimitedView, createStore, CustomMetrics } from '../../../lib/index.js';
import { readManifests } from '../../../lib/argo/manifest/read-manifests.js';
import { compileAlone } from '../../../lib/argo/spec/compile.js';
import { metricsOf } from '../custom-store.js';
import { valuesOf } from '../../support/collected.js';
import { scopeIn } from './manifest-findings.js';

function mended(value: string, kind = 'Workflow'): string | undefined {
  const metric = { name: 'm', help: 'M', labels: [{ key: 'k', value }], counter: { value: '1' } };
  const [compiled] = compileAlone(metricsOf(metric), '').metrics;
  const scope = scopeIn({}, { name: 'build', container: {} }, kind);
  const [verdict] = compiled ? labelVerdicts(compiled, scope) : [];
  return verdict && isEndless(verdict.spread) ? boundedText(verdict, verdict.spread, scope) : undefined;
}

describe('boundedText', () => {
  it('should put what has no end into steps, lists, days and names', () => {
    expect(mended('{{workflow.duration}}')).to.equal('{{=min(int(asFloat(workflow.duration) / 60), 10)}}');
    expect(mended('{{=upper(outputs.result)}}')).to.equal(
      "{{=outputs.result in ['a', 'b'] ? outputs.result : 'other'}}",
    );
    expect(mended('{{workflow.creationTimestamp.s}}')).to.equal('{{workflow.creationTimestamp.A}}');
    expect(mended('{{=now()}}')).to.equal('{{workflow.creationTimestamp.A}}');
    expect(mended('{{workflow.uid}}')).to.equal('{{workflow.mainEntrypoint}}');
    expect(mended('{{workflow.uid}}', 'CronWorkflow')).to.equal(
      '{{workflow.labels.workflows.argoproj.io/cron-workflow}}',
    );
    expect(mended('{{pod.name}}')).to.equal('build');
  });

  it('should have nothing for what nothing takes the place of', () => {
    for (const text of ['{{=sprig.uuidv4()}}', '{{resourcesDuration.cpu}}', '{{workflow.labels}}'])
      expect(mended(text), text).to.equal(undefined);
  });
});

describe('policyText', () => {
  it('should be an entry of the configuration', () => {
    expect(policyText('runs_total', ['run', 'pod'])).to.equal(
      "modifiers: { runs_total: { disabledAttributes: ['run', 'pod'] } }",
    );
    expect(policyText('runs_{{status}}', ['run'])).to.equal(
      "modifiers: { 'runs_*': { disabledAttributes: ['run'] } }",
    );
    expect(policyText('{{status}}', ['run'])).to.equal("modifiers: { '*': { disabledAttributes: ['run'] } }");
    for (const [metric, keys] of [
      ['a b', ['k']],
      ['m', ['a-b']],
      ['__proto__', ['k']],
    ] as const)
      expect(policyText(metric, keys)).to.equal(undefined);
  });

  it('should be read by YAML, JSON of JavaScript and the configuration alike, whatever the names are', () => {
    const words = ['runs_total', 'on', 'No', 'y', 'null', 'true', '_1', '7', '1e3', '0x1F', 'runs_*'];
    for (const metric of words)
      for (const key of words.filter(word => !word.includes('*'))) {
        const text = policyText(metric, [key, 'other']) ?? '';
        const inYaml = readManifests(text, false).documents[0]?.value as { modifiers: unknown };
        const inScript = runInNewContext(`({ ${text} })`) as { modifiers: unknown };
        for (const { modifiers } of [inYaml, structuredClone(inScript)]) {
          const diagnostics: Diagnostic[] = [];
          const modifier = resolveModifiers(modifiers, '', diagnostics).get(metric.replace('*', 'x'));
          expect(diagnostics, text).to.deep.equal([]);
          expect([...(modifier?.disabledLabels ?? [])], text).to.deep.equal([key, 'other']);
        }
      }
  });
});

describe('viewText', () => {
  it('should be a View that leaves the labels out of what is recorded', async () => {
    const text = viewText('runs_total', ['run', 'default']) ?? '';
    expect(text).to.equal(
      "cardinalityLimitedView({ instrumentName: 'argo_workflows_runs_total', limit: 2000, labels: { run: { drop: true }, default: { drop: true } } })",
    );
    const paste = runInThisContext(`cardinalityLimitedView => ${text}`) as (
      of: typeof cardinalityLimitedView,
    ) => ReturnType<typeof cardinalityLimitedView>;
    const store = createStore({ shared: false, maxBytes: 2 ** 24, views: [paste(cardinalityLimitedView)] });
    const labels = ['run', 'default', 'status'].map(key => ({ key, value: `{{${key}}}` }));
    const metrics = new CustomMetrics({ store }).compile({
      prometheus: [{ name: 'runs_total', help: 'R', labels, counter: { value: '1' } }],
    });
    for (const run of ['a', 'b', 'c'])
      expect(metrics.emit({ variables: { run, default: run, status: 'ok' } }, { owner: run })).to.deep.equal(
        [],
      );
    const values = valuesOf(await store.metricProducer().collect(), 'argo_workflows_runs_total');
    expect(values).to.deep.equal({ '{"status":"ok"}': 3 });
    await store.shutdown();
  });

  it('should be none where it could not be pasted', () => {
    for (const [metric, keys] of [
      ['a b', ['k']],
      ['runs_{{status}}', ['k']],
      ['m', ['a-b']],
      ['m', ['__proto__']],
      ['m', []],
      ['m', ['k'.repeat(400)]],
    ] as const)
      expect(viewText(metric, keys), metric).to.equal(undefined);
  });
});
