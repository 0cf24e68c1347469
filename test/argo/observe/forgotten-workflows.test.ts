import { expect } from 'chai';
import type { LeftBehind, TrackerState } from '../../../lib/argo/observe/tracker-state.js';
import { WorkflowObserver } from '../../../lib/argo/observe/workflow-observer.js';
import { CustomStore, metricsOf } from '../custom-store.js';
import { finished, running, workflowOf, type WorkflowFields } from '../workflow-fixture.js';

const pods = { name: 'pods', help: 'Pods', counter: { value: '1' } };
const spec = {
  metrics: metricsOf({ ...pods, name: 'runs' }),
  templates: [{ name: 'main', metrics: metricsOf(pods) }],
};
const at = (second: number): string => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();

let version = 0;

/** One that ran from one second to the next. */
function over(uid: string, second: number, more: Partial<WorkflowFields> = {}): Record<string, unknown> {
  const times = { startedAt: at(second), finishedAt: at(second + 1) };
  const nodes = [finished('wf', times), finished('a', times)];
  const object = workflowOf({ spec, uid, phase: 'Succeeded', version: ++version, nodes, ...more });
  const status = { ...(object['status'] as object), ...times };
  return { ...object, status };
}

function observerOf(store: CustomStore): WorkflowObserver {
  store.now = Date.parse(at(100));
  const observer = new WorkflowObserver({ customMetrics: store.customMetrics });
  observer.keepFinished(2);
  return observer;
}

describe('workflows that are over, when there are too many', () => {
  it('should be forgotten, the first one first, and not be counted again', async () => {
    const store = new CustomStore();
    const observer = observerOf(store);
    const objects = ['u', 'v', 'w', 'x'].map((uid, index) => over(uid, 10 * index));
    for (const object of objects) observer.observe({ type: 'ADDED', object });
    expect([observer.count(), observer.forgotten]).to.deep.equal([{ running: 0, finished: 2 }, 2]);
    const counts = { 'argo_workflows_runs{}': 4, 'argo_workflows_pods{}': 8 };
    expect(await store.collect()).to.deep.equal(counts);
    observer.sync(objects);
    for (const object of objects) observer.observe({ type: 'MODIFIED', object });
    expect(await store.collect()).to.deep.equal(counts);
    // What ends from now on is counted, and so is what runs again.
    observer.observe({ type: 'ADDED', object: over('y', 40) });
    const times = { startedAt: at(50), finishedAt: at(51) };
    const again = over('u', 0);
    const nodes = [
      finished('wf', { startedAt: at(0), finishedAt: at(51) }),
      finished('a', { startedAt: at(0), finishedAt: at(1) }),
    ];
    const retried = over('u', 0, { nodes: [...nodes, finished('b', times)] });
    retried['status'] = { ...(retried['status'] as object), finishedAt: at(51) };
    observer.observe({ type: 'MODIFIED', object: again });
    observer.observe({ type: 'MODIFIED', object: retried });
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_runs{}': 6, 'argo_workflows_pods{}': 12 });
  });

  it('should be forgotten some by some when fewer may be kept than there are, and none be counted twice', async () => {
    const store = new CustomStore();
    const observer = observerOf(store);
    observer.keepFinished(10_000);
    const objects = Array.from({ length: 1800 }, (_, index) => over(`u-${index}`, index / 100));
    for (const object of objects) observer.observe({ type: 'ADDED', object });
    observer.keepFinished(100);
    const forgotten: number[] = [];
    for (let index = 0; index < 5; index++) {
      // In between those that are forgotten and those that are not yet are seen again.
      for (const object of objects) observer.observe({ type: 'MODIFIED', object });
      const before = observer.forgotten;
      observer.observe({ type: 'ADDED', object: over(`r-${index}`, 50, { phase: 'Running', nodes: [] }) });
      forgotten.push(observer.forgotten - before);
    }
    expect(forgotten).to.deep.equal([500, 500, 500, 200, 0]);
    expect(observer.count()).to.deep.equal({ running: 5, finished: 100 });
    expect(await store.collect()).to.deep.equal({
      'argo_workflows_runs{}': 1800,
      'argo_workflows_pods{}': 3600,
    });
  });

  it('should not count as ended much later than now, whatever they say', async () => {
    const store = new CustomStore();
    const observer = observerOf(store);
    const year = 366 * 86_400;
    for (const [uid, second] of [
      ['far', 7000 * year],
      ['u', 10],
      ['v', 20],
    ] as const)
      observer.observe({ type: 'ADDED', object: over(uid, second) });
    expect(observer.save().forgottenUntil).to.equal(Date.parse(at(100 + 3600)));
    observer.observe({ type: 'ADDED', object: over('later', 101 + 3600) });
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_runs{}': 4, 'argo_workflows_pods{}': 8 });
  });

  it('should never be those that run', async () => {
    const store = new CustomStore();
    const observer = observerOf(store);
    const objects = Array.from({ length: 9 }, (_, index) =>
      over(`r-${index}`, index, { phase: 'Running', nodes: [running('wf'), finished('a')] }),
    );
    for (const object of objects) observer.observe({ type: 'ADDED', object });
    expect([observer.count(), observer.forgotten]).to.deep.equal([{ running: 9, finished: 0 }, 0]);
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_pods{}': 9 });
  });

  it('should be told to the log, with the time until which it is not known what was counted', () => {
    const observer = observerOf(new CustomStore());
    const told: [string, TrackerState | LeftBehind][] = [];
    observer.logTo({
      begin: () => undefined,
      end: () => undefined,
      before: () => undefined,
      after: (uid, change) => told.push([uid, change]),
      baseline: () => undefined,
    });
    for (const [index, uid] of ['u', 'v', 'w'].entries())
      observer.observe({ type: 'ADDED', object: over(uid, 10 * index) });
    expect(told.map(([uid]) => uid)).to.deep.equal(['u', 'v', 'w', 'u']);
    expect(told.at(-1)?.[1]).to.deep.equal({ forgottenUntil: Date.parse(at(1)) });
  });

  it('should be counted once by the one who goes on', async () => {
    const store = new CustomStore();
    const observer = observerOf(store);
    const objects = ['u', 'v', 'w'].map((uid, index) => over(uid, 10 * index));
    observer.sync([]);
    for (const object of objects) observer.observe({ type: 'ADDED', object });
    const next = new CustomStore();
    const later = observerOf(next);
    later.restore(observer.save());
    later.sync([...objects, over('new', 100)]);
    expect(await next.collect()).to.deep.equal({ 'argo_workflows_runs{}': 1, 'argo_workflows_pods{}': 2 });
    expect(later.count()).to.deep.equal({ running: 0, finished: 2 });
  });

  it('should be kept whole while a listener hands in the next object of the same', async () => {
    const store: CustomStore = new CustomStore({
      onDiagnostic: () => {
        if (version < 500) observer.observe({ type: 'MODIFIED', object: over('u', 10, { version: 500 }) });
      },
    });
    const observer = observerOf(store);
    const wrong = {
      ...spec,
      metrics: metricsOf({ ...pods, name: 'bad', counter: { value: '{{nothing}}' } }),
    };
    observer.observe({ type: 'ADDED', object: over('u', 10, { spec: wrong }) });
    version = 500;
    observer.observe({ type: 'MODIFIED', object: over('u', 10, { version: 501 }) });
    expect(observer.count()).to.deep.equal({ running: 0, finished: 1 });
    expect(await store.collect()).to.have.property('argo_workflows_pods{}', 2);
  });

  it('should be no loss when they are gone, and those that ran are', () => {
    const observer = observerOf(new CustomStore());
    const running1 = over('r', 1, { phase: 'Running', nodes: [running('wf')] });
    for (const object of [over('u', 0), running1]) observer.observe({ type: 'ADDED', object });
    observer.sync([running1]);
    expect(observer.lost).to.equal(0);
    observer.sync([]);
    expect(observer.lost).to.equal(1);
    observer.observe({ type: 'ADDED', object: over('s', 1, { phase: 'Running', nodes: [running('wf')] }) });
    observer.observe({ type: 'DELETED', object: over('s', 2, { phase: 'Running', nodes: [running('wf')] }) });
    observer.sync([]);
    expect(observer.lost).to.equal(1);
  });
});
