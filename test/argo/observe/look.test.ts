import { expect } from 'chai';
import { Look, stateMarkOf } from '../../../lib/argo/observe/look.js';
import { RunLedger } from '../../../lib/argo/observe/run-ledger.js';
import { readWorkflow } from '../../../lib/argo/workflow/workflow-object.js';
import { finished, running, workflowOf } from '../workflow-fixture.js';
import type { NodeFields } from '../workflow-fixture.js';

function lookAt(nodes: readonly NodeFields[], knownUntil?: number): Look {
  const workflow = readWorkflow(workflowOf({ nodes }));
  if (!workflow) throw new Error('no workflow');
  const runs = new RunLedger().open();
  return new Look(workflow, {
    runs,
    nowUnixMillis: 0,
    previous: undefined,
    isExact: false,
    knownUntil,
    diagnostics: [],
  });
}

function stateOf(id: string, ...nodes: readonly NodeFields[]): number {
  const look = lookAt(nodes);
  const node = look.workflow.nodes.get(id);
  if (!node) throw new Error('no node');
  return look.stateOf(node);
}

describe('Look', () => {
  it('should tell whatever may change the labels of a realtime gauge', () => {
    const retry = { type: 'Retry', children: ['r(0)', 'r(1)'] };
    const states = [
      stateOf('r', running('r')),
      stateOf('r', running('r', { phase: 'Pending' })),
      stateOf('r', running('r', { startedAt: '2026-01-01T00:00:01Z' })),
      stateOf('r', finished('r', { phase: 'Running' })),
      stateOf('r', running('r', retry), running('r(0)')),
      stateOf('r', running('r', retry), finished('r(0)')),
      stateOf('r', running('r', retry), finished('r(0)'), running('r(1)')),
    ];
    expect(new Set(states).size).to.equal(states.length);
    expect(stateOf('r', running('r', { message: 'any' }))).to.equal(states[0]);
    expect(stateMarkOf('', undefined, undefined)).to.not.equal(0);
  });

  it('should know what was over before the observer began', () => {
    const times = { startedAt: 10, finishedAt: 20 };
    expect([undefined, 19, 20, Infinity].map(until => lookAt([], until).isKnown(times))).to.deep.equal([
      false,
      false,
      true,
      true,
    ]);
    expect(lookAt([], 10).isKnown({ startedAt: 10, finishedAt: undefined })).to.equal(true);
    expect(lookAt([], 10).isKnown({ startedAt: undefined, finishedAt: undefined })).to.equal(true);
  });

  it('should know the attempt that a node is, or speaks for', () => {
    const retry = running('r', { type: 'Retry', children: ['r(0)', 'r(1)'] });
    const look = lookAt([retry, finished('r(0)'), running('r(1)'), running('a')]);
    const found = ['r', 'r(0)', 'r(1)', 'a'].map(id => {
      const node = look.workflow.nodes.get(id);
      const call = node && look.retryOf(node);
      return call && [call.parent.id, call.attempt?.id, call.before?.id];
    });
    expect(found).to.deep.equal([
      ['r', 'r(1)', 'r(0)'],
      ['r', 'r(0)', undefined],
      ['r', 'r(1)', 'r(0)'],
      undefined,
    ]);
  });
});
