import { expect } from 'chai';
import { scopeIn } from './manifest-findings.js';
import { BlockScope } from '../../../lib/argo/lint/block-scope.js';

const container = { name: 'c', container: {} };
const dag = { name: 'd', dag: { tasks: [] } };

describe('BlockScope', () => {
  it('should be about the entry node at the workflow level, when that is in the document', () => {
    const spec = { entrypoint: 'd', templates: [container, dag] };
    expect(scopeIn(spec).templates?.map(({ kind }) => kind)).to.deep.equal(['dag']);
    expect(scopeIn(spec).hasNoPods).to.equal(true);
    expect(scopeIn({ ...spec, entrypoint: 'elsewhere' }).templates).to.equal(undefined);
    expect(scopeIn({ ...spec, workflowTemplateRef: { name: 'x' } }).isWholeWorkflow).to.equal(false);
    expect(scopeIn(spec, undefined, 'WorkflowTemplate').isWholeWorkflow).to.equal(false);
    expect(scopeIn(spec, undefined, 'CronWorkflow').isWholeWorkflow).to.equal(true);
  });

  it('should be about all templates without metrics of their own for the defaults', () => {
    const own = { name: 'own', script: {}, metrics: { prometheus: [] } };
    const spec = { templates: [container, own, dag] };
    const path = 'spec.templateDefaults.metrics';
    const scope = new BlockScope({
      metrics: {},
      path,
      level: 'template',
      spec,
      object: { kind: 'Workflow' },
    });
    expect(scope.isDefault).to.equal(true);
    expect(scope.templates?.map(({ json }) => json['name'])).to.deep.equal(['c', 'd']);
    expect([scope.hasPods, scope.hasNoPods, scope.hasOnly(['dag'])]).to.deep.equal([true, false, false]);
  });

  it('should know what a template declares, also by the defaults, and that a plugin declares nothing', () => {
    const defaults = { inputs: { parameters: [{ name: 'b' }] }, retryStrategy: {} };
    const template = { ...container, inputs: { parameters: [{ name: 'a' }] } };
    const scope = scopeIn({ templateDefaults: defaults }, template);
    expect(scope.parameters('inputs')).to.deep.equal(['a', 'b']);
    expect(scope.isNeverRetried).to.equal(false);
    expect(scopeIn({}, template).isNeverRetried).to.equal(true);
    expect(scopeIn({}, { plugin: {} }).parameters('outputs')).to.equal(undefined);
    expect(scopeIn({}, { name: 'unknown' }).hasOnly(['steps', 'dag'])).to.equal(false);
  });
});
