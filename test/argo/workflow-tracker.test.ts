import { expect } from 'chai';
import type { Diagnostic } from '../../lib/argo/diagnostic.js';
import { MetricsCache } from '../../lib/argo/metrics-cache.js';
import { readWorkflow } from '../../lib/argo/workflow-object.js';
import { WorkflowTracker } from '../../lib/argo/workflow-tracker.js';
import { CustomStore, metricsOf } from './custom-store.js';
import { finished, running, workflowOf } from './workflow-fixture.js';
import type { NodeFields, WorkflowFields } from './workflow-fixture.js';

const count = { name: 'n', help: 'N', labels: [{ key: 's', value: '{{status}}' }], counter: { value: '1' } };
const spec = { templates: [{ name: 'main', metrics: metricsOf(count) }] };

class Tracked {
  readonly store = new CustomStore();
  readonly diagnostics: Diagnostic[] = [];
  readonly tracker = new WorkflowTracker(
    this.store.customMetrics,
    new MetricsCache(this.store.customMetrics),
  );

  look(fields: WorkflowFields): this {
    const workflow = readWorkflow(workflowOf({ spec, ...fields }));
    if (workflow) this.tracker.look(workflow, false, this.diagnostics);
    return this;
  }

  nodes(...nodes: NodeFields[]): this {
    return this.look({ nodes });
  }
}

describe('WorkflowTracker', () => {
  it('should emit a node once, when it is over', async () => {
    const tracked = new Tracked().nodes(running('a')).nodes(finished('a')).nodes(finished('a'));
    expect(await tracked.store.collect()).to.deep.equal({ 'argo_workflows_n{s=Succeeded}': 1 });
  });

  it('should emit each attempt once: earlier ones for themselves, the last through its Retry node', async () => {
    const failed = finished('r(0)', { phase: 'Failed' });
    const retry = { type: 'Retry', children: ['r(0)', 'r(1)'] };
    const tracked = new Tracked().nodes(running('r', { ...retry, children: ['r(0)'] }), failed);
    expect(await tracked.store.collect()).to.deep.equal({});
    tracked.nodes(running('r', retry), failed, running('r(1)'));
    expect(await tracked.store.collect()).to.deep.equal({ 'argo_workflows_n{s=Failed}': 1 });
    tracked.nodes(finished('r', retry), failed, finished('r(1)'));
    expect(await tracked.store.collect()).to.deep.equal({
      'argo_workflows_n{s=Failed}': 1,
      'argo_workflows_n{s=Succeeded}': 1,
    });
  });

  it('should take a node that runs again, or comes back, for a new attempt', async () => {
    const tracked = new Tracked().nodes(finished('a')).nodes(running('a')).nodes(finished('a'));
    tracked.nodes().nodes(finished('a'));
    expect(await tracked.store.collect()).to.deep.equal({ 'argo_workflows_n{s=Succeeded}': 3 });
  });

  it('should not emit groups, suspensions, skipped and memoised nodes', async () => {
    const types = ['StepGroup', 'TaskGroup', 'Container', 'Skipped', 'Suspend'];
    const tracked = new Tracked().nodes(
      ...types.map(type => finished(type, { type })),
      finished('memo', { memoizationStatus: { hit: true } }),
    );
    expect(await tracked.store.collect()).to.deep.equal({});
  });

  it('should say once that nodes or a template are not in the object', () => {
    const tracked = new Tracked().nodes(finished('a', { templateName: 'gone' }));
    const hidden = { status: { nodes: {}, offloadNodeStatusVersion: 'fnv:1' } };
    tracked.look(hidden).look(hidden);
    expect(tracked.diagnostics.map(({ code }) => code)).to.deep.equal([
      'TEMPLATE_NOT_FOUND',
      'NODES_NOT_IN_OBJECT',
    ]);
  });

  it('should know versions that it has seen', () => {
    const { tracker } = new Tracked().look({ version: 9 });
    const hasSeen = (version: number): boolean => {
      const workflow = readWorkflow(workflowOf({ version }));
      return workflow !== undefined && tracker.hasSeen(workflow);
    };
    expect([8, 9, 10].map(hasSeen)).to.deep.equal([true, true, false]);
  });
});
