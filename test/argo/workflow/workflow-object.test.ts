import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { isFinal, readWorkflow } from '../../../lib/argo/workflow/workflow-object.js';
import { finished, running, workflowOf } from '../workflow-fixture.js';

describe('readWorkflow', () => {
  it('should read the entry node and what is over', () => {
    const nodes = [
      finished('wf'),
      running('a'),
      finished('b', { taskResultSynced: false }),
      running('d', { daemoned: true }),
    ];
    const workflow = readWorkflow(workflowOf({ phase: 'Succeeded', nodes }));
    expect(workflow?.entryNode?.id).to.equal('wf');
    expect(workflow && isFinal(workflow)).to.equal(true);
    const fulfilled = [...(workflow?.nodes.values() ?? [])]
      .filter(node => node.isFulfilled)
      .map(({ id }) => id);
    expect(fulfilled).to.deep.equal(['wf', 'd']);
  });

  it('should unpack compressed nodes', () => {
    const nodes = JSON.stringify({ wf: { name: 'wf', phase: 'Succeeded' } });
    const compressedNodes = gzipSync(nodes).toString('base64');
    const workflow = readWorkflow(workflowOf({ status: { compressedNodes } }));
    expect(workflow?.entryNode?.phase).to.equal('Succeeded');
    expect(workflow?.hiddenNodes).to.equal(undefined);
  });

  it('should not unpack a bomb', () => {
    const bomb = gzipSync(`{"wf":{"name":"${'a'.repeat(80 * 1024 * 1024)}"}}`, { level: 9 });
    expect(bomb.length).to.be.lessThan(100_000);
    const workflow = readWorkflow(workflowOf({ status: { compressedNodes: bomb.toString('base64') } }));
    expect(workflow?.nodes.size).to.equal(0);
    expect(workflow?.hiddenNodes).to.equal('unreadable');
  });

  it('should ignore the end of an earlier run', () => {
    const finishedAt = '2026-01-01T00:00:05Z';
    expect(readWorkflow(workflowOf({ status: { finishedAt } }))?.finishedAt).to.equal(undefined);
    const over = readWorkflow(workflowOf({ phase: 'Failed', status: { finishedAt } }));
    expect(over?.finishedAt).to.equal(Date.parse(finishedAt));
  });

  it('should say when nodes cannot be read', () => {
    const whyOf = (status: Record<string, unknown>): unknown =>
      readWorkflow(workflowOf({ status }))?.hiddenNodes;
    expect(whyOf({ compressedNodes: 'broken' })).to.equal('unreadable');
    expect(whyOf({ compressedNodes: gzipSync('[1]').toString('base64') })).to.equal('unreadable');
    expect(whyOf({ offloadNodeStatusVersion: 'fnv:1' })).to.equal('offloaded');
    expect(whyOf({})).to.equal(undefined);
  });

  it('should refuse what is no Workflow, and never throw', () => {
    expect(readWorkflow({ kind: 'Pod', metadata: { uid: 'u', name: 'n' } })).to.equal(undefined);
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        expect(readWorkflow(value)).to.equal(undefined);
        readWorkflow({
          metadata: { uid: 'u', name: 'n' },
          spec: value,
          status: { nodes: value, phase: value },
        });
      }),
    );
  });
});
