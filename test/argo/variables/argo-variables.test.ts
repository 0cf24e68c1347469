import { expect } from 'chai';
import {
  isArgoVariable,
  isInArgoNamespace,
  similarVariable,
} from '../../../lib/argo/variables/argo-variables.js';
import { namesOf } from '../../../lib/argo/expression/layered-variables.js';
import { WorkflowScope } from '../../../lib/argo/variables/scope.js';
import { readWorkflow } from '../../../lib/argo/workflow/workflow-object.js';

describe('variables of Argo', () => {
  it('should be all that the observer gives', () => {
    const workflow = readWorkflow({
      metadata: {
        name: 'w',
        uid: 'u',
        creationTimestamp: '2026-01-01T00:00:00Z',
        labels: { 'a.b/c': '1' },
        annotations: { 'workflows.argoproj.io/scheduled-time': '2026-01-01T00:00:00Z' },
      },
      spec: { priority: 1, arguments: { parameters: [{ name: 'p', value: 'v' }] } },
      status: { phase: 'Succeeded', outputs: { parameters: [{ name: 'o', value: 'v' }] } },
    });
    const names =
      typeof workflow === 'object' && 'uid' in workflow
        ? namesOf(new WorkflowScope(workflow, { nowUnixMillis: 0 }).atStart().variables).flat()
        : [];
    expect(names.length).to.be.greaterThan(30);
    expect(names.filter(name => !isArgoVariable(name))).to.deep.equal([]);
  });

  it('should not be what only begins like one', () => {
    const others = [
      'workflow.nmae',
      'inputs.parameters.',
      'inputs.artifacts.a',
      'steps.a.status',
      'pod.ip',
      'queue',
    ];
    expect(others.filter(isArgoVariable)).to.deep.equal([]);
    expect(others.filter(isInArgoNamespace)).to.deep.equal(others.slice(0, -1));
    expect(isArgoVariable('inputs.artifacts.a.path')).to.equal(true);
    expect(similarVariable('exitcode')).to.equal('exitCode');
  });
});
