import { expect } from 'chai';
import { readWorkflow } from '../../../lib/argo/workflow/workflow-object.js';
import { newestTimeOf, writtenAfter } from '../../../lib/argo/workflow/workflow-times.js';
import { running, workflowOf } from '../workflow-fixture.js';
import type { WorkflowFields } from '../workflow-fixture.js';

function newest(fields: WorkflowFields, timeOf = newestTimeOf): string | undefined {
  const workflow = readWorkflow(workflowOf(fields));
  const time = workflow && timeOf(workflow);
  return time === undefined ? undefined : new Date(time).toISOString().slice(11, 19);
}

describe('newestTimeOf', () => {
  it('should look at the workflow and its nodes', () => {
    const time = (text: string): string => `2026-01-01T00:00:${text}Z`;
    expect(newest({})).to.equal('00:00:00');
    expect(newest({ phase: 'Succeeded' })).to.equal('00:00:05');
    expect(newest({ nodes: [running('a', { startedAt: time('03') }), running('b')] })).to.equal('00:00:03');
    expect(newest({ nodes: [running('a', { finishedAt: time('04') })] })).to.equal('00:00:04');
  });

  it('should tell what happened from what was only written', () => {
    const managedFields = [{ time: '2026-01-01T00:00:07Z' }, null, { time: '2026-01-01T00:00:06Z' }];
    expect(newest({ metadata: { managedFields } })).to.equal('00:00:00');
    expect(newest({ metadata: { managedFields } }, writtenAfter)).to.equal('00:00:07');
    expect(newest({ metadata: { managedFields: [] } }, writtenAfter)).to.equal('00:00:00');
  });

  it('should have no answer where there is none', () => {
    expect(newest({ metadata: { creationTimestamp: 'soon' }, status: { startedAt: null } })).to.equal(
      undefined,
    );
  });
});
