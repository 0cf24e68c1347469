import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { isFinal, readWorkflow } from '../../lib/argo/workflow-object.js';
import { finished, running, workflowOf } from './workflow-fixture.js';

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
    expect(workflow?.hidesNodes).to.equal(false);
  });

  it('should say when nodes cannot be read', () => {
    for (const status of [{ compressedNodes: 'broken' }, { offloadNodeStatusVersion: 'fnv:1' }]) {
      expect(readWorkflow(workflowOf({ status }))?.hidesNodes).to.equal(true);
    }
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
