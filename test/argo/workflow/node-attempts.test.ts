import { expect } from 'chai';
import { attemptNodesOf, Attempts } from '../../../lib/argo/workflow/node-attempts.js';
import { readWorkflow } from '../../../lib/argo/workflow/workflow-object.js';
import { finished, running, workflowOf } from '../workflow-fixture.js';

describe('Attempts', () => {
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
    const attempts = new Attempts(workflow.nodes);
    const found = [...workflow.nodes.values()].flatMap(node => {
      const attempt = attempts.of(node);
      return attempt ? [[node.id, attempt.parent.id, attempt.before?.id, attempts.isLast(node)]] : [];
    });
    expect(found).to.deep.equal([
      ['r(0)', 'r', undefined, false],
      ['r(1)', 'r', 'r(0)', true],
    ]);
    const lasts = [...workflow.nodes.values()].map(node => attempts.lastOf(node)?.id);
    expect(lasts).to.deep.equal(['r(1)', undefined, undefined, undefined, undefined]);
    const retry = workflow.nodes.get('r');
    expect(retry && attemptNodesOf(retry, workflow.nodes).map(({ id }) => id)).to.deep.equal([
      'r(0)',
      'r(1)',
    ]);
  });

  it('should take for an attempt what has the name of its Retry node and a number in brackets', () => {
    const attempts = ['r(0)', 'r(10)', 'r(00)'];
    const others = [
      'r',
      'r()',
      'r(a)',
      'r(12',
      'r11)',
      'r(1',
      'r1)',
      'r(1)(2)',
      'x(0)',
      '(0)',
      'r(-1)',
      'r (0)',
      'r(1).hooks.a(0)',
    ];
    const children = [...attempts, ...others].sort();
    const nodes = [
      running('wf', { name: 'r', type: 'Retry', children }),
      ...children.map(id => finished(id, { name: id })),
    ];
    const workflow = readWorkflow(workflowOf({ nodes }));
    const retry = workflow?.nodes.get('wf');
    if (!workflow || !retry) throw new Error('no workflow');
    expect(attemptNodesOf(retry, workflow.nodes).map(({ id }) => id)).to.have.members(attempts);
  });
});
