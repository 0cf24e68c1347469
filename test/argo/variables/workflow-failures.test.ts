import { expect } from 'chai';
import { failuresOf } from '../../../lib/argo/variables/workflow-failures.js';
import { readWorkflow } from '../../../lib/argo/workflow/workflow-object.js';
import { finished, workflowOf } from '../workflow-fixture.js';
import type { NodeFields } from '../workflow-fixture.js';

function failures(...nodes: NodeFields[]): string {
  const workflow = readWorkflow(workflowOf({ nodes }));
  if (!workflow) throw new Error('no workflow');
  return failuresOf(workflow);
}

describe('failuresOf', () => {
  it('should be JSON in quotes, with Argo’s fields in Argo’s order', () => {
    const text = failures(
      finished('wf', { type: 'Steps', phase: 'Failed', templateName: 'main' }),
      finished('ok'),
      finished('wf-1', {
        name: 'wf[0].a',
        displayName: 'a',
        phase: 'Error',
        message: 'exit <1>',
        finishedAt: null,
      }),
    );
    expect(text).to.include(String.raw`[{\"displayName\":`);
    expect(text).to.include(String.raw`exit \\u003c1\\u003e`);
    expect(JSON.parse(JSON.parse(text) as string)).to.deep.equal([
      {
        displayName: 'wf',
        message: '',
        templateName: 'main',
        phase: 'Failed',
        podName: 'wf',
        finishedAt: '2026-01-01T00:00:05Z',
      },
      {
        displayName: 'a',
        message: 'exit <1>',
        templateName: 'main',
        phase: 'Error',
        podName: 'wf-main-3986212215',
        finishedAt: null,
      },
    ]);
  });

  it('should have what failed in the order of the controller', () => {
    const task = { phase: 'Failed', boundaryID: 'wf' };
    const nodes = ['c', 'ok', 'a', 'b'].map(id => finished(id, id === 'ok' ? { boundaryID: 'wf' } : task));
    const text = failures(finished('wf', { type: 'DAG', phase: 'Failed' }), ...nodes);
    const names = (JSON.parse(JSON.parse(text) as string) as { displayName: string }[]).map(
      each => each.displayName,
    );
    expect(names).to.deep.equal(['a', 'b', 'c', 'wf']);
  });

  it('should be null in quotes when nothing failed', () => {
    expect(failures(finished('wf'))).to.equal('"null"');
  });
});
