import { expect } from 'chai';
import fc from 'fast-check';
import type { Diagnostic } from '../../../lib/argo/diagnostic/diagnostic.js';
import { WorkflowObserver } from '../../../lib/argo/observe/workflow-observer.js';
import { CustomStore, metricsOf } from '../custom-store.js';
import { finished, running, START, workflowOf } from '../workflow-fixture.js';
import type { WorkflowFields } from '../workflow-fixture.js';

const runs = { name: 'runs', help: 'Runs', counter: { value: '1' } };
const age = { name: 'age', help: 'Age', gauge: { realtime: true, value: '{{workflow.duration}}' } };
const pods = {
  name: 'pods',
  help: 'Pods',
  labels: [{ key: 's', value: '{{status}}' }],
  counter: { value: '1' },
};
const spec = { metrics: metricsOf(runs, age), templates: [{ name: 'main', metrics: metricsOf(pods) }] };

function setUp(): {
  store: CustomStore;
  observer: WorkflowObserver;
  object: (fields: WorkflowFields) => unknown;
} {
  const store = new CustomStore();
  store.now = Date.parse('2026-01-01T00:00:03Z');
  const observer = new WorkflowObserver({ customMetrics: store.customMetrics });
  return { store, observer, object: fields => workflowOf({ spec, ...fields }) };
}

const over: WorkflowFields = { phase: 'Succeeded', version: 2, nodes: [finished('wf')] };
const all = { 'argo_workflows_runs{}': 1, 'argo_workflows_age{}': 5, 'argo_workflows_pods{s=Succeeded}': 1 };

describe('WorkflowObserver', () => {
  it('should count once, however often and late an event comes', async () => {
    const { store, observer, object } = setUp();
    const before = object({ version: 1, nodes: [running('wf')] });
    observer.observe({ type: 'ADDED', object: before });
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_age{}': 3 });
    for (const each of [object(over), before, object(over)])
      observer.observe({ type: 'MODIFIED', object: each });
    expect(await store.collect()).to.deep.equal(all);
  });

  it('should emit everything of a workflow that it sees for the first time', async () => {
    const { store, observer, object } = setUp();
    observer.observe({ type: 'MODIFIED', object: object(over) });
    expect(await store.collect()).to.deep.equal(all);
  });

  it('should remove realtime gauges of a deleted workflow, and ignore what comes after', async () => {
    const { store, observer, object } = setUp();
    observer.observe({ type: 'DELETED', object: object(over) });
    observer.observe({ type: 'ADDED', object: object({ ...over, version: 9 }) });
    const { 'argo_workflows_age{}': _, ...left } = all;
    expect(await store.collect()).to.deep.equal(left);
  });

  it('should go on with a cluster that was restored from a backup, and count nothing twice', async () => {
    const { store, observer, object } = setUp();
    const see = (fields: WorkflowFields): unknown =>
      observer.observe({ type: 'MODIFIED', object: object(fields) });
    const early = { startedAt: START, finishedAt: '2026-01-01T00:00:02Z' };
    const late = { startedAt: '2026-01-01T00:10:00Z', finishedAt: '2026-01-01T00:10:09Z' };
    see({ version: 100, nodes: [running('wf')] });
    see({ version: 200, nodes: [running('wf'), finished('a', early)] });
    const pods = async (): Promise<unknown> => (await store.collect())['argo_workflows_pods{s=Succeeded}'];
    // What the backup holds, and what others see again: older, and nothing in it is new.
    see({ version: 100, nodes: [running('wf')] });
    see({ version: 101, nodes: [running('wf'), finished('a', early)] });
    expect(await pods()).to.equal(1);
    see({
      version: 102,
      nodes: [running('wf'), finished('a', early), running('b', { startedAt: late.startedAt })],
    });
    see({ version: 103, nodes: [running('wf'), finished('a', early), finished('b', late)] });
    expect(await pods()).to.equal(2);
    // It ran again, because the backup did not know that it had run.
    see({
      version: 104,
      nodes: [running('wf'), running('a', { startedAt: '2026-01-01T00:10:10Z' }), finished('b', late)],
    });
    see({
      version: 105,
      nodes: [
        running('wf'),
        finished('a', { ...late, finishedAt: '2026-01-01T00:10:20Z' }),
        finished('b', late),
      ],
    });
    expect(await pods()).to.equal(3);
  });

  it('should find a list of older versions to be a restored cluster only by what is new in it', async () => {
    const { store, observer, object } = setUp();
    const late = { startedAt: START, finishedAt: '2026-01-01T00:10:00Z' };
    observer.sync([]);
    observer.sync([object({ version: 200, nodes: [running('wf'), finished('a')] })]);
    const pods = async (): Promise<unknown> => (await store.collect())['argo_workflows_pods{s=Succeeded}'];
    // A stale answer of an API server that lags behind.
    observer.sync([object({ version: 150, nodes: [running('wf'), running('a')] })]);
    observer.sync([object({ version: 200, nodes: [running('wf'), finished('a')] })]);
    expect(await pods()).to.equal(1);
    observer.sync([object({ version: 60, nodes: [running('wf'), finished('a'), finished('b', late)] })]);
    expect(await pods()).to.equal(2);
  });

  it('should go on with a workflow that was deleted and came back with the backup', async () => {
    const { store, observer, object } = setUp();
    observer.observe({
      type: 'DELETED',
      object: object({ version: 9, nodes: [running('wf'), finished('a')] }),
    });
    const late = { startedAt: START, finishedAt: '2026-01-01T00:10:00Z' };
    observer.observe({
      type: 'ADDED',
      object: object({ version: 5, nodes: [running('wf'), finished('a')] }),
    });
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_pods{s=Succeeded}': 1 });
    const nodes = [running('wf'), finished('a'), finished('b', late)];
    observer.observe({ type: 'MODIFIED', object: object({ version: 6, nodes }) });
    expect(await store.collect()).to.have.property('argo_workflows_pods{s=Succeeded}', 2);
  });

  it('should take the first list as a baseline, and find what was missed in a later one', async () => {
    const { store, observer, object } = setUp();
    observer.sync([object({ nodes: [running('wf'), finished('earlier')] })]);
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_age{}': 3 });
    observer.sync([object(over), object({ ...over, uid: 'uid-2' })]);
    expect(await store.collect()).to.deep.equal({
      'argo_workflows_runs{}': 2,
      'argo_workflows_age{}': 5,
      'argo_workflows_pods{s=Succeeded}': 2,
    });
    observer.sync([]);
    expect(await store.collect()).to.not.have.property('argo_workflows_age{}');
  });

  it('should take nothing for gone when a list breaks off, and stay at its baseline', async () => {
    const { store, observer, object } = setUp();
    function* broken(...objects: unknown[]): Generator<unknown> {
      yield* objects;
      throw new Error('connection reset');
    }
    const [first] = observer.sync(broken());
    expect(first?.message).to.contain('connection reset');
    observer.sync([object({ nodes: [running('wf'), finished('earlier')] })]);
    expect(observer.sync(broken()).map(({ code }) => code)).to.deep.equal(['OBJECT_INVALID']);
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_age{}': 3 });
  });

  it('should go on after an object that throws when it is looked at', async () => {
    const { store, observer, object } = setUp();
    const throwing = {
      get kind(): string {
        throw new Error('no');
      },
    };
    const diagnostics = observer.sync([throwing, object({ nodes: [running('wf')] })]);
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(['OBJECT_INVALID']);
    expect(diagnostics[0]?.message).to.contain('Error: no');
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_age{}': 3 });
  });

  it('should report what is no Workflow and no event', () => {
    const { observer, object } = setUp();
    const codes = [
      ...observer.sync([null, 5]),
      ...observer.observe(null as never),
      ...observer.observe({ type: 'BOOKMARK' as 'ADDED', object: object({}) }),
    ].map(({ code }) => code);
    expect(codes).to.deep.equal(Array(4).fill('OBJECT_INVALID'));
  });

  it('should give the listener all that it returns, once each, and what nobody can read too', () => {
    const said: Diagnostic[] = [];
    const listening = new CustomStore({ onDiagnostic: diagnostic => said.push(diagnostic) });
    const observer = new WorkflowObserver({ customMetrics: listening.customMetrics });
    const odd = {
      name: 'odd',
      help: 'Odd',
      labels: [{ key: 'l', value: '{{nothing}}' }],
      counter: { value: '1' },
    };
    const long = { templateName: 't'.repeat(3000), templateScope: 'namespaced/lib' };
    const spec = { metrics: metricsOf(odd, { name: 'no help' }), templates: [] };
    const storedTemplates = { [`namespaced/lib/${long.templateName}`]: { metrics: metricsOf(odd) } };
    const hidden = { offloadNodeStatusVersion: 'fnv:1', nodes: undefined };
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const returned = [
      ...observer.sync('no list' as never),
      ...observer.sync([null, revoked.proxy]),
      ...observer.observe(null as never),
      ...observer.observe(revoked.proxy as never),
      ...observer.observe({ type: 'BOOKMARK' as 'ADDED', object: workflowOf({}) }),
      ...observer.observe({
        type: 'ADDED',
        object: workflowOf({ spec, phase: 'Failed', nodes: [finished('wf'), finished('x'.repeat(3000))] }),
      }),
      ...observer.observe({ type: 'ADDED', object: workflowOf({ uid: 'uid-2', status: hidden }) }),
      ...observer.observe({
        type: 'ADDED',
        object: workflowOf({ uid: 'uid-3', nodes: [finished('wf', long)], status: { storedTemplates } }),
      }),
    ];
    expect(said).to.deep.equal(returned);
    expect(new Set(said.map(({ code }) => code))).to.include.members([
      ...['OBJECT_INVALID', 'TEMPLATE_NOT_FOUND', 'NODES_NOT_IN_OBJECT'],
      ...['NAME_INVALID', 'TAG_UNRESOLVED'],
    ]);
    expect(said.filter(({ code }) => code === 'OBJECT_INVALID')).to.have.length(6);
    expect(Math.max(...said.map(({ path }) => path.length))).to.be.below(700);
  });

  it('should survive a listener that throws, whatever it is told', () => {
    const { customMetrics } = new CustomStore({
      onDiagnostic: () => {
        throw new Error('listener');
      },
    });
    const observer = new WorkflowObserver({ customMetrics });
    expect(observer.observe(null as never).map(({ code }) => code)).to.deep.equal(['OBJECT_INVALID']);
  });

  it('should never throw on any object', () => {
    const { observer } = setUp();
    let version = 0;
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (metrics, node) => {
        version++;
        const nodes = { wf: node, x: { type: 'Pod', phase: 'Failed', templateName: 'main', inputs: node } };
        const odd = { metrics, templates: [{ name: 'main', metrics }] };
        observer.observe({ type: 'MODIFIED', object: workflowOf({ version, spec: odd, status: { nodes } }) });
      }),
    );
  });

  describe('sync of a list that comes in pages', () => {
    async function* pages(...all: readonly unknown[][]): AsyncGenerator<unknown, void, undefined> {
      for (const page of all) {
        await Promise.resolve();
        yield* page;
      }
    }

    it('should do what it does with a list that is there', async () => {
      const { store, observer, object } = setUp();
      const second = { ...over, uid: 'uid-2' };
      await observer.sync(pages([object(over)], [object({ ...second, phase: 'Running' })]));
      expect(await store.collect()).to.deep.equal({ 'argo_workflows_age{}': 3 });
      const later = await observer.sync(pages([], [object({ ...second, version: 3 })]));
      expect(later).to.deep.equal([]);
      expect(await store.collect()).to.deep.equal({ 'argo_workflows_age{}': 5, 'argo_workflows_runs{}': 1 });
    });

    it('should not miss a workflow that an event shows meanwhile', async () => {
      const { store, observer, object } = setUp();
      observer.observe({ type: 'ADDED', object: object({ nodes: [running('wf')] }) });
      const list = (async function* () {
        yield object({ uid: 'uid-2' });
        await Promise.resolve();
        observer.observe({ type: 'ADDED', object: object({ uid: 'uid-3' }) });
        observer.observe({ type: 'DELETED', object: object({ uid: 'uid-2', version: 2 }) });
        yield object({ version: 2, nodes: [running('wf')] });
      })();
      await observer.sync(list);
      // Of two that run, and none of what is gone.
      expect(await store.collect()).to.deep.equal({ 'argo_workflows_age{}': 3 });
      observer.observe({ type: 'DELETED', object: object({ version: 4 }) });
      expect(await store.collect()).to.deep.equal({ 'argo_workflows_age{}': 3 });
      observer.observe({ type: 'DELETED', object: object({ uid: 'uid-3', version: 4 }) });
      expect(await store.collect()).to.deep.equal({});
    });

    it('should be no baseline, and end nothing, when a page does not come', async () => {
      const { store, observer, object } = setUp();
      observer.observe({ type: 'ADDED', object: object({ uid: 'uid-2' }) });
      const broken = (async function* () {
        yield object({ nodes: [running('wf')] });
        await Promise.reject(new Error('504'));
      })();
      const found = await observer.sync(broken);
      expect(found.map(({ message }) => message)).to.deep.equal([
        'the list of workflows cannot be read: Error: 504',
      ]);
      expect(await store.collect()).to.deep.equal({ 'argo_workflows_age{}': 3 });
      await observer.sync(pages([object(over)]));
      expect(await store.collect()).to.deep.equal(all);
    });

    it('should report objects that are none, and lists that give no iterator', async () => {
      const { observer } = setUp();
      expect(await observer.sync(pages([5, null]))).to.have.length(2);
      const odd = { [Symbol.asyncIterator]: 5 } as unknown as AsyncIterable<unknown>;
      expect(await observer.sync(odd)).to.have.length(1);
    });
  });

  for (const place of ['the workflow', 'a template'])
    it(`should take what a listener hands in while it is told of a metric of ${place}`, async () => {
      const wrong = { name: 'wrong', help: 'W', counter: { value: '{{status}' } };
      const own = place === 'the workflow' ? { metrics: metricsOf(wrong) } : {};
      const inTemplate = place === 'the workflow' ? metricsOf(pods) : metricsOf(wrong, pods);
      const spec2 = { ...own, templates: [{ name: 'main', metrics: inTemplate }] };
      let isTold = false;
      const store = new CustomStore({
        onDiagnostic: () => {
          if (isTold) return;
          isTold = true;
          observer.observe({ type: 'MODIFIED', object: seen });
        },
      });
      const observer = new WorkflowObserver({ customMetrics: store.customMetrics });
      const seen = workflowOf({ spec: spec2, nodes: [finished('a'), finished('b')] });
      observer.observe({ type: 'ADDED', object: seen });
      expect(isTold).to.equal(true);
      expect(await store.collect()).to.deep.equal({ 'argo_workflows_pods{s=Succeeded}': 2 });
    });

  it('should not count what was over before the first list, whatever a listener hands in meanwhile', async () => {
    const wrong = { name: 'age', help: 'A', gauge: { realtime: true, value: '{{duration}}' } };
    const label = { key: 'x', value: '{{nope}}' };
    const templates = [
      { name: 'main', metrics: metricsOf(pods, { name: 'last', help: 'L', gauge: { value: '1' } }) },
      { name: 'wrong', metrics: metricsOf({ ...wrong, labels: [label] }) },
    ];
    const nodes = [running('a', { templateName: 'wrong' }), finished('b'), finished('c')];
    let isTold = false;
    const store = new CustomStore({
      onDiagnostic: ({ code }) => {
        if (isTold || code !== 'TAG_UNRESOLVED') return;
        isTold = true;
        observer.observe({
          type: 'MODIFIED',
          object: workflowOf({ version: 2, spec: { templates }, nodes }),
        });
      },
    });
    const observer = new WorkflowObserver({ customMetrics: store.customMetrics });
    observer.sync([workflowOf({ version: 1, spec: { templates }, nodes })]);
    expect(isTold).to.equal(true);
    expect(await store.collect()).to.deep.equal({});
  });
});
