import { expect } from 'chai';
import { Budget } from '../../../lib/argo/budget/budget.js';
import { namesOf, variableOf } from '../../../lib/argo/expression/run/layered-variables.js';
import { WorkflowScope } from '../../../lib/argo/variables/scope.js';
import type { ScopeOptions } from '../../../lib/argo/variables/scope.js';
import { readWorkflow } from '../../../lib/argo/workflow/workflow-object.js';
import { END, finished, running, START, workflowOf } from '../workflow-fixture.js';
import type { WorkflowFields } from '../workflow-fixture.js';
import type { WorkflowMetricScope } from '../../../lib/argo/variables/metric-scope.js';

const start = Date.parse(START);

/** All that can be looked up, whatever it stands on. */
function listed(variables: WorkflowMetricScope['variables']): Record<string, unknown> {
  const all: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const name of namesOf(variables).flat()) all[name] = variableOf(variables, name);
  return all;
}

function scopesOf(fields: WorkflowFields, options: Partial<ScopeOptions> = {}): WorkflowScope {
  const workflow = readWorkflow(workflowOf(fields));
  if (!workflow) throw new Error('no workflow');
  return new WorkflowScope(workflow, { nowUnixMillis: start + 2500, budget: new Budget(), ...options });
}

function scopeOf(
  fields: WorkflowFields,
  id?: string,
  options: Partial<ScopeOptions> = {},
): WorkflowMetricScope {
  const scopes = scopesOf(fields, options);
  if (id === undefined) return scopes.atStart();
  const node = readWorkflow(workflowOf(fields))?.nodes.get(id);
  if (!node) throw new Error(`no node ${id}`);
  return scopes.of(node, { node, template: { name: 'main', container: {} } });
}

describe('WorkflowScope', () => {
  it('should offer the workflow, with Argo’s values while there is no node', () => {
    const parameters = [
      { name: '__proto__', value: 'p' },
      { name: 'n', value: 7 },
      { name: 'later', valueFrom: {} },
    ];
    const { variables, realtime } = scopeOf({ spec: { arguments: { parameters }, priority: 3 } });
    expect(listed(variables)).to.include({
      'workflow.name': 'wf',
      'workflow.status': 'Running',
      'workflow.duration': '2.500000',
      'workflow.parameters.n': '7',
      'workflow.parameters.__proto__': 'p',
      'workflow.priority': '3',
      status: 'Pending',
      duration: '0',
      'resourcesDuration.cpu': '0',
    });
    expect(listed(variables)).to.not.have.property('workflow.parameters.later');
    expect({ ...realtime }).to.deep.equal({ 'workflow.duration': start });
  });

  it('should add what a finished node has', () => {
    const node = finished('n', {
      phase: 'Failed',
      children: ['a', 'b'],
      resourcesDuration: { cpu: 33, 'nvidia.com/gpu': 2 },
      inputs: { parameters: [{ name: 'in', value: 'x' }, { name: 'none' }] },
      outputs: { result: 'r', exitCode: '2', parameters: [{ name: 'out', value: 'y' }] },
    });
    const { variables, realtime } = scopeOf({ nodes: [node] }, 'n');
    expect(listed(variables)).to.include({
      status: 'Failed',
      duration: '5.000000',
      retries: '1',
      'resourcesDuration.cpu': '33',
      'resourcesDuration.nvidia.com/gpu': '2',
      'inputs.parameters.in': 'x',
      'inputs.parameters.none': '',
      'outputs.parameters.out': 'y',
      'outputs.result': 'r',
      exitCode: '2',
    });
    expect(realtime?.['duration']).to.deep.equal({ start, end: Date.parse(END) });
  });

  it('should let what runs grow', () => {
    const { variables, realtime } = scopeOf({ nodes: [running('n')] }, 'n');
    expect(variableOf(variables, 'duration')).to.equal('2.500000');
    expect(realtime?.['duration']).to.equal(start);
    expect(listed(variables)).to.not.have.any.keys('exitCode', 'retries', 'outputs.result');
  });

  it('should give metadata and phase of the version before, as the controller had them', () => {
    const previous = { phase: 'Pending', metadata: { labels: { phase: 'old' }, annotations: { a: '<1>' } } };
    const { variables } = scopeOf({ metadata: { labels: { phase: 'new', added: 'x' } } }, undefined, {
      previous,
    });
    expect(listed(variables)).to.include({
      'workflow.status': 'Pending',
      'workflow.labels.phase': 'old',
      'workflow.labels.added': 'x',
      'workflow.labels': '{"phase":"old"}',
      'workflow.labels.json': '{"phase":"old"}',
      'workflow.annotations.json': '{"a":"\\u003c1\\u003e"}',
    });
  });

  it('should add the metadata that the specification asks for', () => {
    const workflowMetadata = { labels: { team: 'ops' }, annotations: { note: 'n' } };
    const { variables } = scopeOf({ spec: { workflowMetadata } });
    expect(listed(variables)).to.include({
      'workflow.labels.team': 'ops',
      'workflow.annotations.note': 'n',
      'workflow.labels.json': 'null',
      'workflow.parameters': 'null',
    });
  });

  it('should offer times, the schedule, and the outputs of the workflow', () => {
    const annotations = { 'workflows.argoproj.io/scheduled-time': '2026-01-01T00:00:00Z' };
    const outputs = {
      parameters: [{ name: 'o', value: 'v' }, { name: 'd', default: 'w' }, { name: 'none' }],
    };
    const { variables } = scopeOf({ metadata: { annotations }, status: { outputs } });
    expect(listed(variables)).to.include({
      'workflow.scheduledTime': '2026-01-01T00:00:00Z',
      'workflow.creationTimestamp': START,
      'workflow.creationTimestamp.s': '1767225600',
      'workflow.outputs.parameters.o': 'v',
      'workflow.outputs.parameters.d': 'w',
    });
    expect(listed(variables)).to.not.have.property('workflow.outputs.parameters.none');
  });

  it('should prefer the specification that runs', () => {
    const parameters = [
      { name: 'a', value: '2' },
      { name: 'b', value: '3' },
    ];
    const storedWorkflowTemplateSpec = { entrypoint: 'stored', priority: 2, arguments: { parameters } };
    const spec = { entrypoint: '', arguments: { parameters: [{ name: 'a', value: '2' }] } };
    const { variables } = scopeOf({ spec, status: { storedWorkflowTemplateSpec } });
    expect(listed(variables)).to.include({
      'workflow.mainEntrypoint': 'stored',
      'workflow.priority': '2',
      'workflow.parameters.b': '3',
      'workflow.parameters.json': '[{"name":"a","value":"2"},{"name":"b","value":"3"}]',
    });
  });

  it('should give the result by the entry node, to the workflow, its exit handler and its hooks', () => {
    const nodes = [
      finished('wf', { phase: 'Failed', message: 'no' }),
      finished('wf.onExit', {}),
      finished('wf.hooks.running', { type: 'Steps' }),
      finished('inner', { name: 'wf.hooks.running[0].inner', boundaryID: 'wf.hooks.running' }),
      finished('work', { name: 'wf.work', boundaryID: 'wf' }),
    ];
    const fields = { phase: 'Error', nodes };
    const previous = { phase: 'Running', metadata: {} };
    const statusOf = (id: string): unknown =>
      variableOf(scopeOf(fields, id, { previous }).variables, 'workflow.status');
    expect(['wf.onExit', 'wf.hooks.running', 'inner', 'work'].map(statusOf)).to.deep.equal([
      'Failed',
      'Failed',
      'Failed',
      'Running',
    ]);
    const end = scopesOf(fields, { previous }).atEnd();
    expect(variableOf(end.variables, 'workflow.status')).to.equal('Failed');
    expect(listed(end.variables)['workflow.failures']).to.include('no');
    expect(listed(scopeOf(fields, 'wf.onExit').variables)).to.have.property('workflow.failures');
    expect(listed(scopeOf(fields, 'work').variables)).to.not.have.property('workflow.failures');
    const omitted = scopesOf({ phase: 'Succeeded', nodes: [finished('wf', { phase: 'Omitted' })] });
    expect(variableOf(omitted.atEnd().variables, 'workflow.status')).to.equal('Succeeded');
  });

  it('should know nothing of a node that the object hides', () => {
    const status = { nodes: {}, offloadNodeStatusVersion: 'fnv:1' };
    const { variables } = scopesOf({ phase: 'Failed', status }).atEnd();
    expect(variableOf(variables, 'workflow.status')).to.equal('Failed');
    expect(listed(variables)).to.not.have.any.keys(
      'status',
      'duration',
      'workflow.failures',
      'resourcesDuration.cpu',
    );
  });

  it('should share what is the same for all nodes, and what is the same for all nodes of a template', () => {
    const many = Array.from({ length: 1000 }, (_, index) => `p${index}`);
    const parameters = many.map(name => ({ name, value: 'v' }));
    let reads = 0;
    const artifact = {
      name: 'a',
      get path(): string {
        reads++;
        return '/a';
      },
    };
    const template = { name: 'main', container: {}, outputs: { artifacts: [artifact] } };
    const nodes = many.map(name => finished(name));
    const fields = { spec: { arguments: { parameters } }, nodes };
    const scopes = scopesOf(fields);
    const own = [...(readWorkflow(workflowOf(fields))?.nodes.values() ?? [])].map(node => {
      const { variables } = scopes.of(node, { node, template });
      expect(variableOf(variables, 'workflow.parameters.p999')).to.equal('v');
      expect(variableOf(variables, 'outputs.artifacts.a.path')).to.equal('/a');
      return namesOf(variables)[0]?.length ?? 0;
    });
    expect(own).to.have.length(1000);
    expect(Math.max(...own)).to.be.lessThan(20);
    expect(reads).to.equal(1);
  });

  it('should leave out sums over other nodes when it is told to', () => {
    const resourcesDuration = { cpu: 9 };
    const nodes = [finished('r', { type: 'Retry', resourcesDuration }), finished('p', { resourcesDuration })];
    const cpuOf = (id: string, omitsSums: boolean): unknown =>
      variableOf(scopeOf({ nodes }, id, { omitsSums }).variables, 'resourcesDuration.cpu');
    expect([cpuOf('r', false), cpuOf('r', true), cpuOf('p', true)]).to.deep.equal(['9', '0', '9']);
  });
});
