import { expect } from 'chai';
import { attemptNodesOf, attemptsOf, lastAttemptOf } from '../../../lib/argo/workflow/node-attempts.js';
import { readWorkflow } from '../../../lib/argo/workflow/workflow-object.js';
import { finished, running, workflowOf } from '../workflow-fixture.js';

describe('attemptsOf', () => {
  it('should number attempts and know the one before, without hooks and what is gone', () => {
    const nodes = [
      running('r', { type: 'Retry', children: ['r(0)', 'gone', 'r(1)', 'r.onExit'] }),
      finished('r(0)', { phase: 'Failed' }),
      running('r(1)'),
      running('r.onExit', { nodeFlag: { hooked: true } }),
      finished('s', { type: 'Steps', children: ['r'] }),
    ];
    const workflow = readWorkflow(workflowOf({ nodes }));
    if (!workflow) throw new Error('no workflow');
    const found = [...attemptsOf(workflow.nodes)].map(([id, { parent, before, isLast }]) => [
      id,
      parent.id,
      before?.id,
      isLast,
    ]);
    expect(found).to.deep.equal([
      ['r(0)', 'r', undefined, false],
      ['r(1)', 'r', 'r(0)', true],
    ]);
    const retry = workflow.nodes.get('r');
    expect(retry && lastAttemptOf(retry, workflow.nodes)?.id).to.equal('r(1)');
    const steps = workflow.nodes.get('s');
    expect(steps && lastAttemptOf(steps, workflow.nodes)).to.equal(undefined);
    expect(retry && attemptNodesOf(retry, workflow.nodes).map(({ id }) => id)).to.deep.equal([
      'r(0)',
      'r(1)',
    ]);
  });
});
