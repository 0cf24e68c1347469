import { expect } from 'chai';
import { WorkflowScope } from '../../lib/argo/scope.js';
import { readWorkflow } from '../../lib/argo/workflow-object.js';
import { END, finished, running, START, workflowOf } from './workflow-fixture.js';
import type { WorkflowFields } from './workflow-fixture.js';
import type { MetricScope } from '../../lib/argo/metric-scope.js';

const start = Date.parse(START);

function scopeOf(fields: WorkflowFields, id?: string): MetricScope {
  const workflow = readWorkflow(workflowOf(fields));
  if (!workflow) throw new Error('no workflow');
  const node = id === undefined ? undefined : workflow.nodes.get(id);
  return new WorkflowScope(workflow, start + 2500).scopeOf(node, 'Running');
}

describe('WorkflowScope', () => {
  it('should offer the workflow, with Argo’s values while there is no node', () => {
    const parameters = [
      { name: '__proto__', value: 'p' },
      { name: 'n', value: 7 },
      { name: 'later', valueFrom: {} },
    ];
    const { variables, realtime } = scopeOf({ spec: { arguments: { parameters }, priority: 3 } });
    expect({ ...variables }).to.include({
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
    expect(variables).to.not.have.property('workflow.parameters.later');
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
    expect({ ...variables }).to.include({
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
    expect(variables['duration']).to.equal('2.500000');
    expect(realtime?.['duration']).to.equal(start);
    expect(variables).to.not.have.any.keys('exitCode', 'retries', 'outputs.result');
  });
});
