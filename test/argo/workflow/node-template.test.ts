import { expect } from 'chai';
import { pathOfRunningSpec, templateMetricsOf } from '../../../lib/argo/workflow/node-template.js';
import { readWorkflow } from '../../../lib/argo/workflow/workflow-object.js';
import { finished, workflowOf } from '../workflow-fixture.js';
import type { WorkflowFields } from '../workflow-fixture.js';

const metrics = { prometheus: [] };

function pathOf(id: string, fields: WorkflowFields): string | undefined {
  const workflow = readWorkflow(workflowOf(fields));
  const node = workflow?.nodes.get(id);
  if (!workflow || !node) throw new Error(`no node ${id}`);
  const found = templateMetricsOf(node, workflow);
  return typeof found === 'object' ? found.path : found;
}

describe('templateMetricsOf', () => {
  it('should find the template of the specification by name', () => {
    const spec = { templates: [{ name: 'other' }, { name: 'main', metrics }] };
    expect(pathOf('wf', { spec, nodes: [finished('wf')] })).to.equal('spec.templates[1].metrics');
  });

  it('should find stored templates by reference and by scope', () => {
    const status = { storedTemplates: { 'namespaced/lib/t': { metrics }, 'cluster/all/t': { metrics } } };
    const byReference = finished('a', {
      templateName: '',
      templateRef: { name: 'all', template: 't', clusterScope: true },
    });
    const byScope = finished('b', { templateName: 't', templateScope: 'namespaced/lib' });
    const fields = { status, nodes: [byReference, byScope] };
    expect(pathOf('a', fields)).to.equal('status.storedTemplates["cluster/all/t"].metrics');
    expect(pathOf('b', fields)).to.equal('status.storedTemplates["namespaced/lib/t"].metrics');
  });

  it('should find inline templates in the task of the node around', () => {
    const tasks = [{ name: 'x', inline: { metrics } }];
    const spec = { templates: [{ name: 'main', dag: { tasks } }] };
    const inline = finished('x', { displayName: 'x(0:a)', templateName: '', boundaryID: 'wf' });
    expect(pathOf('x', { spec, nodes: [finished('wf'), inline] })).to.equal(
      'spec.templates[0].dag.tasks[0].inline.metrics',
    );
  });

  it('should find inline templates inside inline ones, and inside what is referred to', () => {
    const inner = { dag: { tasks: [{ name: 'y', inline: { metrics } }] } };
    const outer = { steps: [[], [{ name: 'x', inline: inner }]] };
    const status = { storedTemplates: { 'namespaced/lib/t': outer, 'namespaced/lib/inline/z': { metrics } } };
    const templateRef = { name: 'lib', template: 't' };
    const inside = { templateName: '', templateScope: 'namespaced/lib' };
    const nodes = [
      finished('wf', { templateName: '', templateRef }),
      finished('x', { name: 'wf[1].x', boundaryID: 'wf', ...inside }),
      finished('y', { name: 'wf[1].x.y(0)', displayName: 'shown', boundaryID: 'x', ...inside }),
      finished('z', { name: 'wf[2].z(0:item)', boundaryID: 'wf', ...inside }),
      finished('self', { boundaryID: 'self', templateName: '' }),
    ];
    expect(pathOf('y', { status, nodes })).to.equal(
      'status.storedTemplates["namespaced/lib/t"].steps[1][0].inline.dag.tasks[0].inline.metrics',
    );
    expect(pathOf('z', { status, nodes })).to.equal(
      'status.storedTemplates["namespaced/lib/inline/z"].metrics',
    );
    expect(pathOf('self', { status, nodes })).to.equal('unknown');
  });

  it('should tell templates of one name apart by their scope, and each workflow by itself', () => {
    const status = { storedTemplates: { 'namespaced/lib/t': { metrics } } };
    const nodes = ['namespaced/lib', 'cluster/lib', 'local/wf', 'namespaced/lib'].map(
      (templateScope, index) => finished(`n${index}`, { templateName: 't', templateScope }),
    );
    const pathsIn = (spec: NonNullable<WorkflowFields['spec']>): (string | undefined)[] => {
      const workflow = readWorkflow(workflowOf({ spec, status, nodes }));
      return [...(workflow?.nodes.values() ?? [])].map(node => {
        const found = workflow && templateMetricsOf(node, workflow);
        return typeof found === 'object' ? found.path : found;
      });
    };
    const stored = 'status.storedTemplates["namespaced/lib/t"].metrics';
    const own = 'spec.templates[1].metrics';
    expect(pathsIn({ templates: [{ name: 'a' }, { name: 't', metrics }] })).to.deep.equal([
      stored,
      own,
      own,
      stored,
    ]);
    expect(pathsIn({ templates: [] })).to.deep.equal([stored, 'unknown', 'unknown', stored]);
    // Whatever stands in a name.
    for (const between of ['/', '\n', ' ', '"'])
      expect(
        ['c', `b${between}c`].map((templateName, index) => {
          const templateScope = index === 0 ? `local/a${between}b` : 'local/a';
          const others = [`b${between}c`, 'c'].map(name => ({ name, metrics }));
          const named = [
            finished('x', { templateName: `b${between}c`, templateScope: 'local/a' }),
            finished('y', { templateName, templateScope }),
          ];
          const workflow = readWorkflow(workflowOf({ spec: { templates: others }, nodes: named }));
          return [...(workflow?.nodes.values() ?? [])].map(node => {
            const found = workflow && templateMetricsOf(node, workflow);
            return typeof found === 'object' ? found.path : found;
          });
        }),
      ).to.deep.equal([
        ['spec.templates[0].metrics', 'spec.templates[1].metrics'],
        ['spec.templates[0].metrics', 'spec.templates[0].metrics'],
      ]);
  });

  it('should take the defaults where the template has no metrics', () => {
    const spec = { templates: [{ name: 'main' }], templateDefaults: { metrics } };
    expect(pathOf('wf', { spec, nodes: [finished('wf')] })).to.equal('spec.templateDefaults.metrics');
  });

  it('should tell a template without metrics from one that is not there', () => {
    const nodes = [finished('wf'), finished('x', { templateName: 'gone' })];
    const fields = { spec: { templates: [{ name: 'main' }] }, nodes };
    expect(pathOf('wf', fields)).to.equal(undefined);
    expect(pathOf('x', fields)).to.equal('unknown');
  });

  it('should say where the running specification stands', () => {
    const workflow = readWorkflow(workflowOf({ status: { storedWorkflowTemplateSpec: {} } }));
    expect(workflow && pathOfRunningSpec(workflow)).to.equal('status.storedWorkflowTemplateSpec');
  });
});
