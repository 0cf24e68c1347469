// Goal: nobody's manifest or label value fills a log. Method: what a user may make long, long, in each stage.
import { expect } from 'chai';
import { CustomMetrics } from '../../lib/argo/emit/custom-metrics.js';
import type { Diagnostic } from '../../lib/argo/diagnostic/diagnostic.js';
import { ManifestLinter } from '../../lib/argo/lint/manifest-linter.js';
import { WorkflowObserver } from '../../lib/argo/observe/workflow-observer.js';
import { createStore } from '../../lib/otel/metric-store.js';

const LENGTH_MAX = 650;
const long = 'y'.repeat(20_000);
const words = 'so many words '.repeat(2000);

function expectBounded(
  diagnostics: readonly Pick<Diagnostic, 'message' | 'hint' | 'path' | 'metric'>[],
): void {
  expect(diagnostics).to.not.be.empty;
  for (const { message, hint = '', path, metric = '' } of diagnostics)
    for (const text of [message, hint, path, metric])
      expect(text.length, text.slice(0, 300)).to.be.below(LENGTH_MAX);
}

describe('faults: lint-message-unbounded', () => {
  const metric = (fields: string): string =>
    `kind: Workflow\nspec: {metrics: {prometheus: [{name: m, help: h, ${fields}}]}}\n`;
  const manifests: Readonly<Record<string, string>> = {
    'a document after a flow map': `{a: b}\nx: ${long}\n`,
    'a word in YAML that is none': `a: [\n${long} ${words}`,
    'a value': metric(`counter: {value: "${long}"}`),
    'a value of words': metric(`counter: {value: "${words}"}`),
    'a tag': metric(`counter: {value: "{{${long}}}"}`),
    'an expression': metric(`counter: {value: "{{=${long} +}}"}`),
    'a name': metric(`counter: {value: "1"}`).replace('name: m', `name: ${long}.x`),
    'an unknown field': metric(`${long}: 1, counter: {value: "1"}`),
    'a key': metric(`labels: [{key: "${words}", value: x}], counter: {value: "1"}`),
    'a when': metric(`when: "${words} == 1", counter: {value: "1"}`),
    'a number': metric(`labels: [{key: a, value: 1${'0'.repeat(300)}.5}], counter: {value: "1"}`),
    'an operation': metric(`gauge: {realtime: false, operation: ${long}, value: "1"}`),
    buckets: metric(
      `histogram: {value: "1", buckets: [${Array.from({ length: 900 }, (_, n) => -n).join(', ')}]}`,
    ),
    'an anchor': `a: *${long}\n`,
    'a key given twice': metric(`counter: {value: "1", "${long}": 1, "${long}": 2}`),
  };
  for (const [what, text] of Object.entries(manifests))
    it(`bounds what is said of ${what}`, () => {
      expectBounded(new ManifestLinter().lint('f.yaml', text).findings);
    });

  it('bounds what is said while metrics are recorded', async () => {
    const store = createStore({ shared: false });
    const said: Diagnostic[] = [];
    const metricsConfig = { [long]: 1, metricsTTL: long, modifiers: { [words]: { [long]: 1 } } };
    const customMetrics = new CustomMetrics({
      store,
      metricsConfig,
      onDiagnostic: diagnostic => said.push(diagnostic),
    });
    const compiled = customMetrics.compile({
      prometheus: [
        { name: `a{{text}}`, help: 'h', counter: { value: '1' } },
        { name: 'b', help: 'h', counter: { value: '{{text}}' } },
        { name: 'c', help: 'h', when: "'{{text}}' =~ '('", counter: { value: '1' } },
        { name: 'd', help: 'h', labels: [{ key: 'k{{text}}', value: 'v' }], counter: { value: '1' } },
        { name: 'e', help: 'h', counter: { value: `{{${long}}}` } },
      ],
    });
    for (const text of [long, words]) expectBounded(compiled.emit({ variables: { text } }, { owner: 'o' }));
    expect(said.length).to.be.greaterThan(10);
    expectBounded(said);
    await store.shutdown();
  });

  it('bounds what is said of objects', async () => {
    const store = createStore({ shared: false });
    const observer = new WorkflowObserver({ customMetrics: new CustomMetrics({ store }) });
    const node = {
      id: 'n',
      name: long,
      displayName: 'n',
      type: 'Pod',
      phase: 'Succeeded',
      templateName: long,
    };
    const object = {
      kind: 'Workflow',
      metadata: { name: long, namespace: 'n', uid: 'u', resourceVersion: '1' },
      spec: { metrics: { prometheus: [{ name: long, counter: { value: '1' } }] }, templates: [] },
      status: { phase: 'Succeeded', nodes: { n: node } },
    };
    const diagnostics = observer.observe({ type: 'ADDED', object });
    expectBounded(diagnostics);
    await store.shutdown();
  });
});
