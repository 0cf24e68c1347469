import { expect } from 'chai';
import { absenceOf } from '../../../lib/argo/lint/absent-variables.js';
import { BlockScope } from '../../../lib/argo/lint/block-scope.js';
import { findMetricsBlocks } from '../../../lib/argo/manifest/metrics-blocks.js';
import { scopeIn } from './manifest-findings.js';

const said = (name: string, scope: BlockScope): string => {
  const absence = absenceOf(name, scope);
  return absence ? `${absence.severity} ${absence.hint}` : '';
};

/** The place of a template that a step of another one has inline. */
function inlineIn(inline: object, call: object, around: object = {}): BlockScope {
  const outer = {
    name: 'outer',
    ...around,
    steps: [[{ name: 's', ...call, inline: { ...inline, metrics: {} } }]],
  };
  const [block] = findMetricsBlocks({ kind: 'WorkflowTemplate', spec: { templates: [outer] } });
  if (!block) throw new Error('no metrics');
  return new BlockScope(block);
}

describe('absenceOf', () => {
  const container = { name: 't', container: {} };

  it('should know what only nodes of templates have', () => {
    const workflow = scopeIn({ entrypoint: 't', templates: [container] });
    for (const name of [
      'pod.name',
      'node.name',
      'steps.name',
      'tasks.name',
      'inputs.parameters',
      'lastRetry.exitCode',
      'inputs.artifacts.a.path',
    ])
      expect(said(name, workflow), name).to.match(/^error Only metrics of templates/);
    for (const name of ['status', 'duration', 'exitCode', 'resourcesDuration.cpu', 'workflow.failures'])
      expect(said(name, workflow), name).to.equal('');
  });

  it('should know what kinds of templates have', () => {
    const lacking: Readonly<Record<string, readonly string[]>> = {
      exitCode: ['steps', 'dag', 'http', 'suspend'],
      'outputs.result': ['steps', 'dag', 'suspend', 'resource'],
      'pod.name': ['steps', 'dag', 'http', 'suspend', 'plugin'],
    };
    const kinds = [
      'container',
      'containerSet',
      'script',
      'resource',
      'data',
      'steps',
      'dag',
      'http',
      'suspend',
      'plugin',
    ];
    for (const [name, without] of Object.entries(lacking)) {
      const absent = kinds.filter(kind =>
        said(name, scopeIn({}, { [kind]: {} }, 'WorkflowTemplate')).startsWith('error'),
      );
      expect(absent, name).to.have.members(without);
    }
  });

  it('should know retries only where something is retried or has children', () => {
    expect(said('retries', scopeIn({}, container))).to.match(/^warning .*retryStrategy/);
    for (const template of [{ ...container, retryStrategy: {} }, { steps: [] }, { containerSet: {} }])
      expect(said('retries', scopeIn({}, template))).to.equal('');
    expect(said('lastRetry.status', scopeIn({}, { steps: [] }))).to.match(/^warning/);
    expect(said('lastRetry.status', scopeIn({ retryStrategy: {} }, container))).to.equal('');
  });

  it('should take parameters of the workflow for absent only where nothing else can bring them', () => {
    const spec = { arguments: { parameters: [{ name: 'region' }] }, templates: [] };
    expect(said('workflow.parameters.region', scopeIn(spec))).to.equal('');
    expect(said('workflow.parameters.regoin', scopeIn(spec, undefined, 'WorkflowTemplate'))).to.match(
      /^warning Did you mean \{\{workflow\.parameters\.region\}\}/,
    );
    expect(said('workflow.parameters.other', scopeIn(spec))).to.match(/^warning .*declares no parameter/);
    expect(said('workflow.parameters.other', scopeIn(spec, undefined, 'WorkflowTemplate'))).to.equal('');
    expect(said('workflow.parameters.other', scopeIn({ ...spec, workflowTemplateRef: {} }))).to.equal('');
    expect(said('workflow.parameters.json', scopeIn(spec))).to.equal('');
  });

  it('should doubt labels only when what is set is spelt nearly alike', () => {
    const spec = { workflowMetadata: { labels: { squadron: 'a' }, labelsFrom: { billing: {} } } };
    const scope = scopeIn(spec);
    expect(said('workflow.labels.squadrn', scope)).to.match(
      /^warning Did you mean \{\{workflow\.labels\.squadron\}\}/,
    );
    expect(said('workflow.labels.Billing', scope)).to.match(/\{\{workflow\.labels\.billing\}\}/);
    for (const name of ['squadron', 'billing', 'tenant', 'workflows.argoproj.io/cron-workflow', 'json'])
      expect(said(`workflow.labels.${name}`, scope), name).to.equal('');
  });

  it('should know the outputs that a workflow exports', () => {
    const exporting = { name: 't', outputs: { parameters: [{ name: 'a', globalName: 'total' }] } };
    const spec = { templates: [exporting] };
    expect(said('workflow.outputs.parameters.total', scopeIn(spec))).to.equal('');
    expect(said('workflow.outputs.parameters.totals', scopeIn(spec))).to.match(/Did you mean/);
    const referring = { templates: [exporting, { steps: [[{ templateRef: {} }]] }] };
    expect(said('workflow.outputs.parameters.totals', scopeIn(referring))).to.equal('');
  });

  it('should know what YAML makes of a name like n', () => {
    const template = { ...container, inputs: { parameters: [{ name: 'false' }] } };
    expect(said('inputs.parameters.n', scopeIn({}, template))).to.match(/^error YAML reads n as a boolean/);
  });

  it('should know paths of artifacts, and items of loops', () => {
    const template = { ...container, inputs: { artifacts: [{ name: 'a', path: '/a' }] } };
    expect(said('inputs.artifacts.a.path', scopeIn({}, template))).to.equal('');
    expect(said('inputs.artifacts.b.path', scopeIn({}, template))).to.match(/^error/);
    expect(said('item.name', scopeIn({}, template))).to.match(/^error Only the inline template of a step/);
  });

  it('should know the keys that all items of a loop have', () => {
    const key = (call: object): string =>
      said('item.k', inlineIn({ container: {} }, call)).replace(/ '?k'?\.$/, '');
    const lacking = 'error Not every item of the list is a map with the key';
    expect(key({ withItems: [{ k: 1 }, { k: null, j: 2 }] })).to.equal('');
    expect(key({ withParam: '{{inputs.parameters.list}}' })).to.equal('');
    for (const withItems of [[{ k: 1 }, { j: 1 }], ['k'], [{ k: 1 }, 'x'], [['k']]])
      expect(key({ withItems }), JSON.stringify(withItems)).to.equal(lacking);
    expect(key({ withSequence: { count: 2 } })).to.equal(lacking);
    expect(said('item', inlineIn({ container: {} }, { withSequence: { count: 2 } }))).to.equal('');
    // No items at all are no loop.
    expect(said('item', inlineIn({ container: {} }, { withItems: [] }))).to.match(/^error Only/);
  });

  it('should know what cannot be filled in before the steps of a loop run', () => {
    const inputs = { parameters: [{ name: 'own' }], artifacts: [{ name: 'a', path: '/a' }] };
    const around = { inputs: { parameters: [{ name: 'outer' }], artifacts: [{ name: 'b', path: '/b' }] } };
    const scope = inlineIn({ container: {}, inputs }, { withItems: [1] }, around);
    for (const name of [
      ...['status', 'duration', 'exitCode', 'retries', 'outputs.result', 'resourcesDuration.cpu', 'pod.name'],
      ...['lastRetry.status', 'inputs.parameters.own', 'inputs.artifacts.a.path', 'workflow.failures'],
    ])
      expect(said(name, scope), name).to.match(/^error The controller fills in the items before/);
    for (const name of [
      ...['item', 'workflow.name', 'workflow.status', 'workflow.duration', 'inputs.parameters'],
      ...['inputs.parameters.outer', 'inputs.artifacts.b.path', 'node.name', 'steps.name', 'tasks.name'],
    ])
      expect(said(name, scope), name).to.equal('');
    const retried = inlineIn({ container: {} }, { withItems: [1] }, { retryStrategy: {} });
    expect(said('lastRetry.status', retried) + said('retries', retried)).to.match(/^(?:warning .*)?$/);
  });

  it('should know what only a submission or a cron workflow gives', () => {
    const spec = { entrypoint: 't', templates: [container] };
    expect(said('workflow.priority', scopeIn(spec))).to.match(/^warning .*no priority/);
    expect(said('workflow.priority', scopeIn({ ...spec, priority: 0 }))).to.equal('');
    expect(said('workflow.priority', scopeIn(spec, undefined, 'WorkflowTemplate'))).to.equal('');
    expect(said('workflow.scheduledTime', scopeIn(spec))).to.match(/^warning .*CronWorkflow/);
    for (const kind of ['CronWorkflow', 'WorkflowTemplate'])
      expect(said('workflow.scheduledTime', scopeIn(spec, undefined, kind)), kind).to.equal('');
    const annotations = { 'workflows.argoproj.io/scheduled-time': '2026-03-04T05:06:07Z' };
    const block = { metrics: {}, path: 'spec.metrics', level: 'workflow', spec } as const;
    const scheduled = new BlockScope({ ...block, object: { kind: 'Workflow', metadata: { annotations } } });
    expect(said('workflow.scheduledTime', scheduled)).to.equal('');
  });

  it('should know that inputs of the template around are filled into an inline one', () => {
    const around = { inputs: { parameters: [{ name: 'outer' }], artifacts: [{ name: 'b', path: '/b' }] } };
    const scope = inlineIn({ container: {} }, {}, around);
    expect(said('inputs.parameters.outer', scope) + said('inputs.artifacts.b.path', scope)).to.equal('');
    expect(said('inputs.parameters.other', scope)).to.match(/^error/);
    expect(said('status', scope)).to.equal('');
  });
});
