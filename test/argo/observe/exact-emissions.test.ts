import { expect } from 'chai';
import { emissionsInArgo, isReportedByArgo } from '../../../lib/argo/observe/exact-emissions.js';
import type { NodeFacts } from '../../../lib/argo/observe/exact-emissions.js';
import { attemptsOf } from '../../../lib/argo/workflow/node-attempts.js';
import { readWorkflow } from '../../../lib/argo/workflow/workflow-object.js';
import type { WorkflowObject } from '../../../lib/argo/workflow/workflow-object.js';
import { finished, running, workflowOf } from '../workflow-fixture.js';
import type { NodeFields } from '../workflow-fixture.js';

function workflowWith(...nodes: NodeFields[]): WorkflowObject {
  const workflow = readWorkflow(workflowOf({ nodes }));
  if (!workflow) throw new Error('no workflow');
  return workflow;
}

/** How often the first of these nodes is emitted. */
function times(facts: Partial<NodeFacts>, ...nodes: NodeFields[]): number {
  const workflow = workflowWith(...nodes);
  const node = workflow.nodes.get(nodes[0]?.id ?? '');
  if (!node) throw new Error('no node');
  return emissionsInArgo(node, workflow, { isAttempt: false, isAnswered: false, wasRunning: true, ...facts });
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

describe('isReportedByArgo', () => {
  it('should leave out attempts and what waits for a lock', () => {
    const waiting = running('w', { synchronizationStatus: { waiting: 'argo/Mutex/m' } });
    const { nodes } = workflowWith(
      running('r', { type: 'Retry', children: ['r(0)'] }),
      running('r(0)'),
      waiting,
    );
    const reported = [...nodes.values()].filter(node => isReportedByArgo(node, attemptsOf(nodes)));
    expect(reported.map(({ id }) => id)).to.deep.equal(['r']);
  });
});
