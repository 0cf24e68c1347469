import { expect } from 'chai';
import fc from 'fast-check';
import { orderNodes } from '../../../lib/argo/workflow/node-order.js';
import { readWorkflow } from '../../../lib/argo/workflow/workflow-object.js';
import type { WorkflowObject } from '../../../lib/argo/workflow/workflow-object.js';
import { finished, workflowOf } from '../workflow-fixture.js';
import type { NodeFields } from '../workflow-fixture.js';

function order(...nodes: NodeFields[]): string {
  const workflow = readWorkflow(workflowOf({ nodes }));
  return workflow ? ordered(workflow).join(' ') : 'no workflow';
}

/** IDs in their order; of all nodes unless given. */
function ordered(workflow: WorkflowObject, wanted = [...workflow.nodes.values()]): string[] {
  return orderNodes(workflow, wanted).map(({ id }) => id);
}

describe('orderNodes', () => {
  it('should take steps in their order, before the node around them', () => {
    const text = order(
      finished('s2', { boundaryID: 'wf' }),
      finished('g2', { boundaryID: 'wf', type: 'StepGroup', children: ['s2'] }),
      finished('wf', { type: 'Steps', children: ['g1'] }),
      finished('s1', { boundaryID: 'wf', children: ['g2'] }),
      finished('g1', { boundaryID: 'wf', type: 'StepGroup', children: ['s1'] }),
    );
    expect(text).to.equal('g1 s1 g2 s2 wf');
  });

  it('should take tasks by name and attempts before their Retry node', () => {
    const text = order(
      finished('b', { boundaryID: 'wf', type: 'Retry', children: ['b(0)', 'b(1)'] }),
      finished('b(1)', { boundaryID: 'wf' }),
      finished('b(0)', { boundaryID: 'wf' }),
      finished('a', { boundaryID: 'wf' }),
      finished('wf', { type: 'DAG' }),
      finished('hook', { startedAt: '2026-01-01T00:00:09Z' }),
    );
    expect(text).to.equal('a b(0) b(1) b wf hook');
  });

  it('should begin with the entry node, and take by start what is outside of it, the outermost first', () => {
    const at = (second: number): string => `2026-01-01T00:00:0${second}Z`;
    const text = order(
      finished('a', { startedAt: at(6) }),
      finished('x', { boundaryID: 'c', startedAt: at(1) }),
      finished('c', { startedAt: at(4) }),
      finished('b', { startedAt: at(2) }),
      finished('wf', { type: 'DAG', startedAt: at(5) }),
      finished('b2', { startedAt: at(2) }),
    );
    expect(text).to.equal('wf b b2 c a x');
  });

  it('should know the order of a few steps of many', () => {
    const ids = Array.from({ length: 9 }, (_, index) => `s${index}`);
    const steps = ids.map((id, index) =>
      finished(id, {
        boundaryID: 'wf',
        startedAt: `2026-01-01T00:00:0${9 - index}Z`,
        children: ids.slice(index + 1, index + 2),
      }),
    );
    const nodes = [finished('wf', { type: 'Steps', children: ['s0'] }), ...steps.toReversed()];
    const workflow = readWorkflow(workflowOf({ nodes }));
    if (!workflow) throw new Error('no workflow');
    const few = [...workflow.nodes.values()].filter(({ id }) => ['s5', 's7'].includes(id));
    expect(few.map(({ id }) => id)).to.deep.equal(['s7', 's5']);
    expect(ordered(workflow, few)).to.deep.equal(['s5', 's7']);
  });

  it('should come to an end where steps go round in a circle', () => {
    const inside = { boundaryID: 'wf' };
    const text = order(
      finished('wf', { type: 'Steps', children: ['a'] }),
      finished('a', { ...inside, children: ['b'] }),
      finished('b', { ...inside, children: ['a', 'wf'] }),
      finished('apart', inside),
    );
    expect(text).to.equal('a b wf apart');
  });

  it('should give every node once, cycles and deep nests included', () => {
    const nodes = Array.from({ length: 20_000 }, (_, index) =>
      finished(`n${index}`, { type: 'Retry', children: [`n${(index + 1) % 20_000}`] }),
    );
    expect(order(...nodes).split(' ')).to.have.length(20_000);
  });

  it('should give some nodes the order that they have among all, whatever the tree is', () => {
    const id = fc.constantFrom('wf', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'gone');
    const node = fc.record({
      type: fc.constantFrom('Steps', 'DAG', 'Retry', 'StepGroup', 'Pod'),
      boundaryID: id,
      children: fc.array(id, { maxLength: 4 }),
      displayName: id,
      startedAt: fc.constantFrom(undefined, '2026-01-01T00:00:01Z', '2026-01-01T00:00:02Z'),
    });
    const nodes = fc.uniqueArray(fc.tuple(id, node), { selector: ([each]) => each, maxLength: 8 });
    fc.assert(
      fc.property(nodes, fc.infiniteStream(fc.boolean()), (fields, choices) => {
        const workflow = readWorkflow(
          workflowOf({ nodes: fields.map(([each, more]) => finished(each, more)) }),
        );
        if (!workflow) throw new Error('no workflow');
        const wanted = [...workflow.nodes.values()].filter(() => choices.next().value);
        const ids = wanted.map(each => each.id);
        expect(ordered(workflow, wanted)).to.deep.equal(ordered(workflow).filter(each => ids.includes(each)));
      }),
      { numRuns: 500 },
    );
  });
});
