import { expect } from 'chai';
import {
  isArgoVariable,
  isInArgoNamespace,
  isVariableMap,
  similarVariable,
  sourceOf,
  variableNames,
} from '../../../lib/argo/variables/argo-variables.js';
import type { VariableSource } from '../../../lib/argo/variables/argo-variables.js';
import { Budget } from '../../../lib/argo/budget/budget.js';
import { namesOf } from '../../../lib/argo/expression/run/layered-variables.js';
import type { VariableLayer } from '../../../lib/argo/expression/run/layered-variables.js';
import { WorkflowScope } from '../../../lib/argo/variables/scope.js';
import { readWorkflow } from '../../../lib/argo/workflow/workflow-object.js';
import type { WorkflowNode } from '../../../lib/argo/workflow/workflow-node.js';
import { finished, START, workflowOf } from '../workflow-fixture.js';

const path = '/tmp/x';
const parameters = [{ name: 'p', value: 'v' }];

/** A workflow that has all there is, with an attempt in a loop. */
function fullWorkflow(): NonNullable<ReturnType<typeof readWorkflow>> {
  const outputs = {
    parameters: [{ ...parameters[0], valueFrom: { path } }],
    artifacts: [{ name: 'a', path }],
  };
  const template = { name: 'main', container: {}, inputs: { artifacts: [{ name: 'a', path }] }, outputs };
  const whole = {
    templateName: '',
    boundaryID: 'wf',
    inputs: { parameters },
    outputs: { ...outputs, result: 'r', exitCode: '0' },
    resourcesDuration: { cpu: 1, memory: 2, gpu: 3 },
  };
  const call = { name: 'each', withItems: [{ k: 'v' }], inline: template };
  const workflow = readWorkflow(
    workflowOf({
      phase: 'Succeeded',
      metadata: {
        labels: { 'a.b/c': '1' },
        annotations: { 'workflows.argoproj.io/scheduled-time': START },
      },
      spec: { priority: 1, arguments: { parameters }, templates: [{ name: 'main', dag: { tasks: [call] } }] },
      status: { outputs: { parameters } },
      nodes: [
        finished('wf', { type: 'DAG', children: ['r'] }),
        finished('r', { ...whole, type: 'Retry', name: 'wf.each(0:k:v)', children: ['r0'] }),
        finished('r0', { ...whole, name: 'wf.each(0:k:v)(0)' }),
        finished('s', { type: 'Steps', boundaryID: 'wf', name: 'wf.s' }),
        finished('t', { boundaryID: 's', name: 's[0].t' }),
      ],
    }),
  );
  if (!workflow) throw new Error('no workflow');
  return workflow;
}

/** What the observer gives, by where a metric stands. */
function givenBy(): {
  workflow: ReadonlySet<string>;
  template: ReadonlySet<string>;
  loop: ReadonlySet<string>;
} {
  const workflow = fullWorkflow();
  const scopes = new WorkflowScope(workflow, { nowUnixMillis: Date.parse(START), budget: new Budget() });
  const node = (id: string): WorkflowNode => workflow.nodes.get(id) as WorkflowNode;
  const [main] = workflow.spec['templates'] as { dag: { tasks: { inline: Record<string, unknown> }[] } }[];
  const [task] = main?.dag.tasks ?? [];
  const template = task?.inline ?? {};
  const retry = { parent: node('r'), attempt: node('r0'), before: undefined };
  const loop = { call: task as never, callName: 'each(0:k:v)', boundary: node('wf') };
  const names = (variables: VariableLayer): readonly string[] => namesOf(variables).flat();
  return {
    workflow: new Set([scopes.atStart(), scopes.atEnd()].flatMap(({ variables }) => names(variables))),
    template: new Set([
      ...names(scopes.of(node('r'), { node: node('r'), template, retry }).variables),
      ...names(scopes.of(node('t'), { node: node('t'), template }).variables),
    ]),
    loop: new Set(names(scopes.of(node('r'), { node: node('r'), template, retry, loop }).variables)),
  };
}

describe('variables of Argo', () => {
  it('should be all that the observer gives, where it gives them', () => {
    const given = givenBy();
    const sources = (names: ReadonlySet<string>): (VariableSource | undefined)[] =>
      [...new Set([...names].map(sourceOf))].sort();
    expect(sources(given.workflow)).to.deep.equal(['node', 'workflow']);
    expect(sources(given.template)).to.deep.equal(['call', 'node', 'workflow']);
    expect(sources(given.loop)).to.deep.equal(['call', 'loop', 'node', 'workflow']);
  });

  it('should be no others than the observer gives', () => {
    const { workflow, template, loop } = givenBy();
    const all = [...workflow, ...template, ...loop];
    const missing = [...variableNames()].filter(name =>
      name.endsWith('.') ? !all.some(each => each.startsWith(name)) : !all.includes(name),
    );
    expect(missing).to.deep.equal([]);
  });

  it('should be maps in expressions where others go on with their names', () => {
    const maps = ['inputs', 'workflow.labels', 'outputs.parameters', 'resourcesDuration', 'item', 'pod'];
    expect(maps.filter(name => !isVariableMap(name))).to.deep.equal([]);
    expect(['status', 'workflow.name', 'outputs.result', '', 'x'].filter(isVariableMap)).to.deep.equal([]);
  });

  it('should not be what only begins like one', () => {
    const others = [
      'workflow.nmae',
      'inputs.parameters.',
      'inputs.artifacts.a',
      'steps.a.status',
      'pod.ip',
      'queue',
    ];
    expect(others.filter(isArgoVariable)).to.deep.equal([]);
    expect(['item.', 'item', 'item.k', 'items'].map(sourceOf)).to.deep.equal([
      undefined,
      'loop',
      'loop',
      undefined,
    ]);
    expect(others.filter(isInArgoNamespace)).to.deep.equal(others.slice(0, -1));
    expect(isArgoVariable('inputs.artifacts.a.path')).to.equal(true);
    expect(similarVariable('exitcode')).to.equal('exitCode');
  });
});
