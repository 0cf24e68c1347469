import { expect } from 'chai';
import type { Diagnostic } from '../../../lib/argo/diagnostic/diagnostic.js';
import { MetricsCache } from '../../../lib/argo/observe/metrics-cache.js';
import { readWorkflow } from '../../../lib/argo/workflow/workflow-object.js';
import { WorkflowTracker } from '../../../lib/argo/observe/workflow-tracker.js';
import { CustomStore, metricsOf } from '../custom-store.js';
import { END, finished, running, START, workflowOf } from '../workflow-fixture.js';
import type { NodeFields, WorkflowFields } from '../workflow-fixture.js';

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
    if (workflow) this.tracker.look(workflow, undefined, this.diagnostics);
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

  it('should fill inputs of the templates around into inline ones, the outermost first', async () => {
    const labels = ['outer', 'middle', 'own', 'both'].map(key => ({
      key,
      value: `{{inputs.parameters.${key}}}`,
    }));
    const inputs = (...names: string[]): object => ({
      inputs: { parameters: names.map(name => ({ name, value: `${name} of ${names[0]}` })) },
    });
    const innermost = { container: {}, metrics: metricsOf({ ...count, labels }) };
    const middle = { dag: { tasks: [{ name: 'y', inline: innermost }] } };
    const templates = [{ name: 'main', steps: [[{ name: 'x', inline: middle }]] }];
    const inline = { templateName: '' };
    const nodes = [
      finished('wf', { type: 'Steps', ...inputs('outer', 'both') }),
      finished('x', {
        type: 'DAG',
        name: 'wf[0].x',
        boundaryID: 'wf',
        ...inline,
        ...inputs('middle', 'both'),
      }),
      finished('y', { name: 'wf[0].x.y', boundaryID: 'x', ...inline, ...inputs('own', 'both') }),
    ];
    const tracked = new Tracked().look({ spec: { templates }, nodes });
    expect(tracked.diagnostics).to.deep.equal([]);
    expect(await tracked.store.collect()).to.deep.equal({
      'argo_workflows_n{both=both of outer,middle=middle of middle,outer=outer of outer,own=own of own}': 1,
    });
  });

  it('should take a node that runs again, or comes back, for a new attempt', async () => {
    const tracked = new Tracked().nodes(finished('a')).nodes(running('a')).nodes(finished('a'));
    tracked.nodes().nodes(finished('a'));
    expect(await tracked.store.collect()).to.deep.equal({ 'argo_workflows_n{s=Succeeded}': 3 });
  });

  it('should see by its times that a node, or the workflow, ran again while nobody watched', async () => {
    const total = { name: 'total', help: 'T', counter: { value: '1' } };
    const spec2 = { ...spec, metrics: metricsOf(total) };
    const over = (startedAt: string, finishedAt: string): WorkflowFields => ({
      phase: 'Succeeded',
      spec: spec2,
      status: { startedAt, finishedAt },
      nodes: [finished('wf', { startedAt, finishedAt })],
    });
    const tracked = new Tracked().look(over(START, END)).look(over(START, '2026-01-01T00:00:07Z'));
    expect(await tracked.store.collect()).to.deep.equal({
      'argo_workflows_n{s=Succeeded}': 1,
      'argo_workflows_total{}': 1,
    });
    const again = over('2026-01-01T00:01:00Z', '2026-01-01T00:01:05Z');
    tracked.look(again).look(again);
    expect(await tracked.store.collect()).to.deep.equal({
      'argo_workflows_n{s=Succeeded}': 2,
      'argo_workflows_total{}': 2,
    });
  });

  it('should not emit groups, suspensions, skipped and memoised nodes', async () => {
    const types = ['StepGroup', 'TaskGroup', 'Container', 'Skipped', 'Suspend'];
    const tracked = new Tracked().nodes(
      ...types.map(type => finished(type, { type })),
      finished('memo', { memoizationStatus: { hit: true } }),
    );
    expect(await tracked.store.collect()).to.deep.equal({});
  });

  it('should emit hooks of what is retried like other nodes, and not take them for attempts', async () => {
    const hook = finished('r.hooks.x', { nodeFlag: { hooked: true } });
    const last = finished('r(0)', { phase: 'Failed' });
    const retry = { type: 'Retry', children: ['r(0)', 'r.hooks.x'] };
    const tracked = new Tracked().nodes(running('r', retry), last, hook);
    expect(await tracked.store.collect()).to.deep.equal({ 'argo_workflows_n{s=Succeeded}': 1 });
    tracked.nodes(finished('r', { ...retry, phase: 'Failed' }), last, hook);
    expect(await tracked.store.collect()).to.deep.equal({
      'argo_workflows_n{s=Failed}': 1,
      'argo_workflows_n{s=Succeeded}': 1,
    });
  });

  it('should emit the last attempt of a hook or an exit handler once, although all of it is hooked', async () => {
    for (const name of ['wf.onExit', 'wf[0].a.hooks.x', 'wf.a(0:x).onExit']) {
      const nodeFlag = { hooked: true, retried: true };
      const node = (id: string, more: object): NodeFields => finished(id, { nodeFlag, ...more });
      const failed = node(`${name}(0)`, { phase: 'Failed' });
      const retry = { type: 'Retry', children: [`${name}(0)`, `${name}(1)`] };
      const tracked = new Tracked()
        .nodes(running(name, { ...retry, nodeFlag }), failed, running(`${name}(1)`, { nodeFlag }))
        .nodes(node(name, retry), failed, node(`${name}(1)`, {}));
      expect(await tracked.store.collect(), name).to.deep.equal({
        'argo_workflows_n{s=Failed}': 1,
        'argo_workflows_n{s=Succeeded}': 1,
      });
    }
  });

  it('should emit a hook that is retried beside what is retried', async () => {
    const hooked = { hooked: true, retried: true };
    const tracked = new Tracked().nodes(
      finished('r', { type: 'Retry', children: ['r(0)', 'r.onExit'] }),
      finished('r(0)', { nodeFlag: { retried: true } }),
      finished('r.onExit', { type: 'Retry', children: ['r.onExit(0)'], nodeFlag: hooked, phase: 'Failed' }),
      finished('r.onExit(0)', { nodeFlag: hooked, phase: 'Failed' }),
    );
    expect(await tracked.store.collect()).to.deep.equal({
      'argo_workflows_n{s=Failed}': 1,
      'argo_workflows_n{s=Succeeded}': 1,
    });
  });

  it('should run a realtime gauge of what is retried by the clock of the Retry node', async () => {
    const age = {
      name: 'age',
      help: 'A',
      labels: [{ key: 'try', value: '{{retries}}' }],
      gauge: { realtime: true, value: '{{duration}}' },
    };
    const later = { startedAt: '2026-01-01T00:00:03Z' };
    const tracked = new Tracked();
    const look = (...nodes: NodeFields[]): Promise<unknown> =>
      tracked
        .look({ spec: { templates: [{ name: 'main', metrics: metricsOf(age) }] }, nodes })
        .store.collect();
    tracked.store.now = Date.parse(START) + 4000;
    const retry = { type: 'Retry', children: ['r(0)'] };
    expect(await look(running('r', retry), running('r(0)', later))).to.deep.equal({
      'argo_workflows_age{try=0}': 4,
    });
    const two = { type: 'Retry', children: ['r(0)', 'r(1)'] };
    const failed = finished('r(0)', { ...later, phase: 'Failed' });
    expect(await look(running('r', two), failed, running('r(1)', later))).to.deep.equal({
      'argo_workflows_age{try=1}': 4,
    });
    tracked.store.now += 60_000;
    expect(await look(finished('r', two), failed, finished('r(1)', later))).to.deep.equal({
      'argo_workflows_age{try=1}': 5,
    });
  });

  it('should end the realtime gauge of a suspension that a person ended, and not count it', async () => {
    const age = { name: 'age', help: 'A', gauge: { realtime: true, value: '{{duration}}' } };
    const spec2 = { templates: [{ name: 'main', suspend: {}, metrics: metricsOf(age, count) }] };
    const tracked = new Tracked();
    tracked.store.now = Date.parse(START) + 60_000;
    tracked
      .look({ spec: spec2, nodes: [running('s', { type: 'Suspend' })] })
      .look({ spec: spec2, nodes: [finished('s', { type: 'Suspend' })] });
    expect(await tracked.store.collect()).to.deep.equal({ 'argo_workflows_age{}': 5 });
  });

  it('should end a realtime gauge with its node, by whatever way the node ends', async () => {
    const age = { name: 'age', help: 'A', gauge: { realtime: true, value: '{{duration}}' } };
    const withMetrics = (...metrics: unknown[]): Record<string, unknown> => ({
      templates: [{ name: 'main', metrics: metricsOf(...metrics) }],
    });
    const tooMuch = "{{=status == 'Running' ? 'r' : string(count(map(1..500000, #), # > 3))}}";
    const dear = { ...age, labels: [{ key: 's', value: tooMuch }] };
    const ways: Record<string, readonly [first: WorkflowFields, last: WorkflowFields]> = {
      'from a cache': [
        { spec: withMetrics(age), nodes: [running('a', { phase: 'Pending' })] },
        { spec: withMetrics(age), nodes: [finished('a', { memoizationStatus: { hit: true } })] },
      ],
      'a daemon': [
        { spec: withMetrics(age), nodes: [running('a', { daemoned: true })] },
        { spec: withMetrics(age), nodes: [finished('a')] },
      ],
      'without its metrics': [
        { spec: withMetrics(age), nodes: [running('a')] },
        { spec: withMetrics(), nodes: [finished('a')] },
      ],
      'without its template': [
        { spec: withMetrics(age), nodes: [running('a')] },
        { spec: { templates: [] }, nodes: [finished('a')] },
      ],
      'with a metric that was given up': [
        { spec: withMetrics(dear), nodes: [running('b'), running('a')] },
        { spec: withMetrics(dear), nodes: [finished('b'), finished('a')] },
      ],
    };
    for (const [way, [first, last]] of Object.entries(ways)) {
      const tracked = new Tracked();
      tracked.store.now = Date.parse(START) + 1000;
      tracked.look(first).look(last);
      tracked.store.now += 60_000;
      expect(Object.values(await tracked.store.collect()), way).to.deep.equal([5]);
    }
  });

  it('should end the realtime gauge of a node that vanishes, and begin again when it comes back', async () => {
    const age = { name: 'age', help: 'A', gauge: { realtime: true, value: '{{duration}}' } };
    const spec2 = { templates: [{ name: 'main', metrics: metricsOf(age) }] };
    const tracked = new Tracked();
    const after = (seconds: number): Tracked => {
      tracked.store.now = Date.parse(START) + seconds * 1000;
      return tracked;
    };
    after(1).look({ spec: spec2, nodes: [running('a'), running('b', { type: 'DAG', templateName: 'x' })] });
    for (const seconds of [3, 9])
      after(seconds).look({ spec: spec2, nodes: [running('b', { type: 'DAG', templateName: 'x' })] });
    expect(await after(60).store.collect()).to.deep.equal({ 'argo_workflows_age{}': 3 });
    tracked.look({ spec: spec2, nodes: [running('a')] });
    expect(await after(70).store.collect()).to.deep.equal({ 'argo_workflows_age{}': 70 });
  });

  it('should count an attempt that is a suspension, whoever ended it', async () => {
    const nodes = (retry: NodeFields): NodeFields[] => [
      retry,
      finished('r(0)', { type: 'Suspend', phase: 'Failed' }),
      finished('r(1)', { type: 'Suspend' }),
    ];
    const retry = { type: 'Retry', children: ['r(0)', 'r(1)'] };
    const tracked = new Tracked().nodes(...nodes(running('r', retry))).nodes(...nodes(finished('r', retry)));
    expect(await tracked.store.collect()).to.deep.equal({
      'argo_workflows_n{s=Failed}': 1,
      'argo_workflows_n{s=Succeeded}': 1,
    });
  });

  it('should emit what is run again by hand with the texts from before the first end', async () => {
    const total = (status: string): object => ({
      ...count,
      name: 'total',
      labels: [{ key: 's', value: status }],
    });
    const tracked = new Tracked();
    const look = (phase: string, status: string): unknown =>
      tracked.look({
        phase,
        spec: { metrics: metricsOf(total(status)) },
        nodes: [finished('wf', { type: 'DAG', phase })].map(node =>
          phase === 'Running' ? running('wf', { type: 'DAG' }) : node,
        ),
      });
    for (const [phase, status] of [
      ['Running', '{{workflow.status}}'],
      ['Failed', 'Failed'],
      ['Running', 'Failed'],
      ['Error', 'Failed'],
      ['Running', 'Failed'],
      ['Running', 'mine'],
      ['Succeeded', 'mine'],
    ] as const)
      look(phase, status);
    expect(await tracked.store.collect()).to.deep.equal({
      'argo_workflows_total{s=Failed}': 1,
      'argo_workflows_total{s=Error}': 1,
      'argo_workflows_total{s=mine}': 1,
    });
  });

  it('should undo what an end wrote that nobody saw', async () => {
    const total = (status: string): object => ({
      ...count,
      name: 'total',
      labels: [
        { key: 's', value: status },
        { key: 'literal', value: 'Failed' },
      ],
    });
    const tracked = new Tracked();
    const look = (phase: string, status: string, startedAt: string): unknown =>
      tracked.look({
        phase,
        spec: { metrics: metricsOf(total(status)) },
        status: { startedAt },
        nodes: [
          phase === 'Running'
            ? running('wf', { type: 'DAG', startedAt })
            : finished('wf', { type: 'DAG', phase, startedAt }),
        ],
      });
    look('Running', '{{status}}', START);
    look('Running', 'Failed', '2026-01-01T00:00:01Z');
    look('Running', 'Failed', '2026-01-01T00:00:02Z');
    look('Succeeded', 'Failed', '2026-01-01T00:00:02Z');
    expect(await tracked.store.collect()).to.deep.equal({
      'argo_workflows_total{literal=Failed,s=Succeeded}': 1,
    });
  });

  it('should emit what runs without a pod, and a daemon once, when it is ready', async () => {
    const daemon = { daemoned: true };
    const tracked = new Tracked()
      .nodes(
        finished('h', { type: 'HTTP' }),
        finished('p', { type: 'Plugin' }),
        running('d', { phase: 'Pending', ...daemon }),
      )
      .nodes(finished('h', { type: 'HTTP' }), finished('p', { type: 'Plugin' }), running('d', daemon))
      .nodes(finished('h', { type: 'HTTP' }), finished('p', { type: 'Plugin' }), finished('d'));
    expect(await tracked.store.collect()).to.deep.equal({
      'argo_workflows_n{s=Running}': 1,
      'argo_workflows_n{s=Succeeded}': 2,
    });
  });

  it('should emit metrics of the workflow only where the controller comes to them', async () => {
    const total = { name: 'total', help: 'T', counter: { value: '1' } };
    const over = (message: string, entry: NodeFields[]): Promise<unknown> =>
      new Tracked()
        .look({ phase: 'Error', spec: { metrics: metricsOf(total) }, status: { message }, nodes: entry })
        .store.collect();
    const recorded = { 'argo_workflows_total{}': 1 };
    expect(await over('', [finished('wf', { type: 'Suspend', phase: 'Error' })])).to.deep.equal(recorded);
    expect(await over('', [])).to.deep.equal({});
    expect(await over('', [running('wf', { type: 'Suspend' })])).to.deep.equal({});
    const failed = [finished('wf', { type: 'Skipped', phase: 'Error' })];
    expect(await over('error in entry template execution: no template', failed)).to.deep.equal({});
    expect(await over('error in exit template execution : no template', failed)).to.deep.equal({});
  });

  it('should count a workflow that is run again by hand once more', async () => {
    const total = { name: 'total', help: 'T', counter: { value: '1' } };
    const spec2 = { metrics: metricsOf(total) };
    const over = { phase: 'Failed', spec: spec2, nodes: [finished('wf', { type: 'DAG', phase: 'Failed' })] };
    const tracked = new Tracked().look(over).look(over);
    expect(await tracked.store.collect()).to.deep.equal({ 'argo_workflows_total{}': 1 });
    tracked.look({ spec: spec2, nodes: [running('wf', { type: 'DAG' })] }).look(over);
    expect(await tracked.store.collect()).to.deep.equal({ 'argo_workflows_total{}': 2 });
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
