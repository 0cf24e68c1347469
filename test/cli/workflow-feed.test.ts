import { expect } from 'chai';
import { CustomMetrics } from '../../lib/argo/emit/custom-metrics.js';
import { WatchLog } from '../../lib/cli/watch-log.js';
import { WatchMetrics } from '../../lib/cli/watch-metrics.js';
import { WorkflowFeed } from '../../lib/cli/workflow-feed.js';
import { unreadObject } from '../../lib/kubernetes/listed-object.js';
import { createStore } from '../../lib/otel/metric-store.js';
import { coreOf } from '../../lib/store/store-core.js';
import { pointsIn } from '../support/points.js';
import { recordingStream } from './recording-stream.js';

const broken = { prometheus: [{ name: 'runs', help: 'Runs', counter: { value: 'many' } }] };
const good = { prometheus: [{ name: 'runs', help: 'Runs', counter: { value: '1' } }] };

function workflow(name: string, metadata: object = {}, spec: object = {}): object {
  const time = { startedAt: '2026-11-23T04:00:00Z', finishedAt: '2026-11-23T04:00:10Z' };
  const node = { id: name, name, type: 'Pod', phase: 'Succeeded', templateName: 'main', ...time };
  return {
    kind: 'Workflow',
    metadata: { name, namespace: 'argo', uid: `uid-${name}`, resourceVersion: '5', ...metadata },
    spec: { entrypoint: 'main', templates: [{ name: 'main', container: {} }], metrics: broken, ...spec },
    status: { phase: 'Succeeded', ...time, nodes: { [name]: node } },
  };
}

async function* listOf(...objects: unknown[]): AsyncGenerator<unknown> {
  for (const object of objects) yield await Promise.resolve(object);
}

describe(WorkflowFeed.name, () => {
  const store = createStore({ shared: false });
  const written: string[] = [];
  const log = new WatchLog(
    { stderr: recordingStream(written), clock: { now: () => 0 } },
    { format: 'text', level: 'info' },
  );
  const metrics = new WatchMetrics();
  const feed = (): WorkflowFeed => new WorkflowFeed(new CustomMetrics({ store }), 'argo', log, metrics);
  const said = (): string => written.splice(0).join('');
  const counted = async (): Promise<unknown> => {
    const reader = coreOf(store).openReader(() => 'cumulative');
    const { streams } = await reader.collect();
    reader.close();
    return streams.flatMap(({ points }) => pointsIn(points).map(({ value }) => value));
  };

  after(async () => {
    await store.shutdown();
    await metrics.close();
  });

  it('should count what comes after the first list, and say what is wrong by its template', async () => {
    const watched = feed();
    await watched.list(listOf(workflow('before', {}, { metrics: good })));
    watched.listed('1');
    expect(said()).to.contain('all workflows of namespace argo are known');
    watched.event({ type: 'ADDED', object: workflow('new', {}, { metrics: good }) });
    expect(said()).to.equal('');
    expect(await counted()).to.deep.equal([1]);
  });

  const templates: readonly (readonly [string, object, object])[] = [
    ['etl', {}, { workflowTemplateRef: { name: 'etl' } }],
    ['nightly', { labels: { 'workflows.argoproj.io/cron-workflow': 'nightly' } }, {}],
    ['batch-*', { generateName: 'batch-' }, {}],
    ['alone', {}, {}],
  ];
  for (const [template, metadata, spec] of templates)
    it(`should name ${template}`, () => {
      const name = template === 'alone' ? 'alone' : `of-${template.replace('*', '')}`;
      feed().event({ type: 'ADDED', object: workflow(name, metadata, spec) });
      expect(said()).to.contain(` error namespace argo: ${template}: spec.metrics`);
    });

  it('should look at all of it again when the data of the server are older', async () => {
    const watched = feed();
    const versioned = (resourceVersion: string): object =>
      workflow('restored', { resourceVersion }, { metrics: good });
    await watched.list(listOf());
    const before = await counted();
    watched.event({ type: 'ADDED', object: versioned('900') }, '900');
    watched.rolledBack();
    expect(said()).to.match(
      / warning namespace argo: the versions of its objects are older .* what was counted stays counted\n$/,
    );
    await watched.list(listOf(versioned('500')));
    watched.listed('500');
    watched.event({ type: 'MODIFIED', object: versioned('501') }, '501');
    expect(await counted()).to.not.deep.equal(before);
    expect(Number(((await counted()) as number[])[0])).to.equal(Number((before as number[])[0]) + 1);
    said();
  });

  it('should say what cannot be read', async () => {
    const watched = feed();
    watched.event({ type: 'ADDED', object: unreadObject('it is too long') });
    expect(said()).to.match(
      /error namespace argo: a workflow: the event cannot be read: .*too long \[OBJECT_INVALID\]/,
    );
    await watched.list(listOf(unreadObject('it has no uid')));
    expect(said()).to.match(
      /error namespace argo: an object of the list cannot be read: .*no uid \[OBJECT_INVALID\]/,
    );
  });

  it('should leave it to who reads a list to say that it broke off', async () => {
    async function* breaking(): AsyncGenerator<unknown> {
      yield await Promise.resolve(workflow('first', {}, { metrics: good }));
      throw new Error('the connection is gone');
    }
    // Of a place of its own, of which nothing was said.
    await new WorkflowFeed(new CustomMetrics({ store }), 'namespace other', log, metrics).list(breaking());
    expect(said()).to.equal('');
  });
});
