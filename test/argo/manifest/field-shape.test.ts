import { expect } from 'chai';
import { OBJECT_OF_KIND } from '../../../lib/argo/manifest/field-shape.js';

function isText(kind: string, ...path: readonly (string | number)[]): boolean {
  let shape = OBJECT_OF_KIND.get(kind);
  for (const step of path) shape = typeof step === 'number' ? shape?.item : shape?.field?.(step);
  return shape?.isText === true;
}

describe('field shapes', () => {
  it('should know the texts of metrics wherever they stand', () => {
    const value = ['metrics', 'prometheus', 0, 'gauge', 'value'];
    expect(isText('Workflow', 'spec', ...value)).to.equal(true);
    expect(isText('CronWorkflow', 'spec', 'workflowSpec', 'templateDefaults', ...value)).to.equal(true);
    expect(
      isText('WorkflowTemplate', 'spec', 'templates', 0, 'dag', 'tasks', 1, 'inline', ...value),
    ).to.equal(true);
  });

  it('should leave numbers and booleans what they are', () => {
    const metric = ['spec', 'metrics', 'prometheus', 0];
    expect(isText('Workflow', ...metric, 'gauge', 'realtime')).to.equal(false);
    expect(isText('Workflow', ...metric, 'histogram', 'buckets', 0)).to.equal(false);
    expect(isText('ConfigMap', ...metric, 'name')).to.equal(false);
  });
});
