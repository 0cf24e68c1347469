import { expect } from 'chai';
import { emissionsInArgo, isReportedByArgo } from '../../../lib/argo/observe/exact-emissions.js';
import type { NodeFacts } from '../../../lib/argo/observe/exact-emissions.js';
import { Attempts } from '../../../lib/argo/workflow/node-attempts.js';
import { readWorkflow } from '../../../lib/argo/workflow/workflow-object.js';
import type { WorkflowObject } from '../../../lib/argo/workflow/workflow-object.js';
import { Cluster } from '../cluster.js';
import { metricsOf } from '../custom-store.js';
import { finished, running, workflowOf } from '../workflow-fixture.js';
import type { NodeFields } from '../workflow-fixture.js';

function workflowWith(nodes: readonly NodeFields[], spec = {}): WorkflowObject {
  const workflow = readWorkflow(workflowOf({ nodes, spec }));
  if (!workflow) throw new Error('no workflow');
  return workflow;
}

/** How often the first of these nodes is emitted. */
function times(facts: Partial<NodeFacts>, ...nodes: NodeFields[]): number {
  return timesIn({}, facts, nodes);
}

function timesIn(spec: object, facts: Partial<NodeFacts>, nodes: readonly NodeFields[]): number {
  const workflow = workflowWith(nodes, spec);
  const node = workflow.nodes.get(nodes[0]?.id ?? '');
  if (!node) throw new Error('no node');
  const lastAttempt = new Attempts(workflow.nodes).lastOf(node);
  const usual = { isAttempt: false, lastAttempt, isAnswered: false, wasRunning: true };
  return emissionsInArgo(node, workflow, { ...usual, ...facts });
}

describe('emissionsInArgo', () => {
  it('should forget what runs without a pod, unless it is retried', () => {
    for (const type of ['HTTP', 'Plugin']) {
      expect(times({}, finished('n', { type }))).to.equal(0);
      expect(times({ isAttempt: true }, finished('n', { type }))).to.equal(1);
      expect(times({}, finished('n', { type, message: "Stopped with strategy 'Stop'" }))).to.equal(1);
    }
  });

  it('should forget pods that never came to be, and those that were pending too long', () => {
    const error = finished('n', { phase: 'Error' });
    expect(times({ wasRunning: false }, error)).to.equal(0);
    expect(times({}, error)).to.equal(1);
    expect(times({}, finished('n', { phase: 'Failed', message: 'timeout' }))).to.equal(0);
    const cached = finished('n', { memoizationStatus: { hit: true } });
    expect([times({ wasRunning: false }, cached), times({}, cached)]).to.deep.equal([0, 1]);
    expect(times({ isAnswered: true }, finished('n', { type: 'Suspend' }))).to.equal(0);
  });

  it('should count twice what the controller comes to twice', () => {
    const retry = (type: string, more: object = {}): number =>
      times({}, finished('r', { type: 'Retry', children: ['r(0)'], ...more }), finished('r(0)', { type }));
    expect(['Pod', 'Steps', 'DAG', 'Suspend'].map(type => retry(type))).to.deep.equal([1, 2, 2, 2]);
    expect(retry('Pod', { daemoned: true })).to.equal(2);
    const around = running('d', { type: 'DAG' });
    const hook = (name: string): NodeFields =>
      finished(name, { nodeFlag: { hooked: true }, boundaryID: 'd' });
    expect(times({}, hook('d.a.hooks.running'), around)).to.equal(2);
    expect(times({}, hook('d.a.onExit'), around)).to.equal(1);
    expect(times({}, hook('d.a.hooks.running'), running('d', { type: 'Steps' }))).to.equal(1);
  });
});

describe('hooks with an expression in a DAG', () => {
  const around = running('d', { type: 'DAG' });
  const hook = (task: string): NodeFields =>
    finished(`d.${task}.hooks.running`, { nodeFlag: { hooked: true }, boundaryID: 'd' });
  const hookTimes = (dag: object, task: string): number =>
    timesIn({ templates: [{ name: 'main', dag }] }, {}, [hook(task), around]);

  it('should count twice on tasks that the DAG is there for', () => {
    const tasks = [
      { name: 'a' },
      { name: 'b', dependencies: ['a'] },
      { name: 'c-1', depends: '(b.Succeeded || b.Skipped) && !d' },
      { name: 'd' },
      { name: 'd1', depends: 'c.Failed' },
    ];
    const all = ['a', 'b', 'c-1', 'd', 'd1'];
    expect(all.map(task => hookTimes({ tasks }, task))).to.deep.equal([1, 1, 2, 1, 2]);
    expect(all.map(task => hookTimes({ tasks, target: 'a c-1' }, task))).to.deep.equal([2, 1, 2, 1, 1]);
  });

  it('should make the controller forget a task that ends before its hooks', () => {
    const hooked = { nodeFlag: { hooked: true }, boundaryID: 'd' };
    const task = (type: string, ...children: string[]): NodeFields =>
      finished('d.a', { type, boundaryID: 'd', children });
    const open = running('d.a.hooks.done', hooked);
    const over = finished('d.a.hooks.running', hooked);
    const exit = running('d.a.onExit', hooked);
    const all = [open, over, exit, around];
    expect(times({}, task('Pod', open.id, over.id), ...all)).to.equal(0);
    expect(times({}, task('Pod', over.id, exit.id), ...all)).to.equal(1);
    expect(times({}, task('Steps', open.id), ...all)).to.equal(1);
    expect(times({}, task('Pod', open.id), open, running('d', { type: 'Steps' }))).to.equal(1);
  });
});

describe('isReportedByArgo', () => {
  it('should leave out what waits for a lock', () => {
    const waiting = running('w', { synchronizationStatus: { waiting: 'argo/Mutex/m' } });
    const { nodes } = workflowWith([running('a'), waiting]);
    expect([...nodes.values()].filter(isReportedByArgo).map(({ id }) => id)).to.deep.equal(['a']);
  });
});

describe('realtime gauges of what is retried', () => {
  it('should be those of the Retry node, and not of its attempts', async () => {
    const label = { key: 'status', value: '{{status}}' };
    const age = { name: 'age', help: 'A', labels: [label], gauge: { realtime: true, value: '{{duration}}' } };
    const spec = { templates: [{ name: 'main', metrics: metricsOf(age) }] };
    const nodes = [
      running('r', { type: 'Retry', children: ['r(0)'] }),
      running('r(0)', { phase: 'Pending' }),
      running('a', { phase: 'Odd' }),
    ];
    for (const argoCompatibility of ['corrected', 'exact'] as const) {
      const series = Object.keys(await new Cluster({ argoCompatibility }).see({ spec, nodes }).collect());
      const ofBoth = ['argo_workflows_age{status=Odd}', 'argo_workflows_age{status=Running}'];
      expect(series, argoCompatibility).to.have.members(ofBoth);
    }
  });
});
