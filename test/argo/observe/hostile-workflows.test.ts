// Objects that nobody should trust: wrong types everywhere, circles, very many nodes, very deep nests.
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { WorkflowObserver } from '../../../lib/argo/observe/workflow-observer.js';
import { CustomStore, metricsOf } from '../custom-store.js';
import { finished, workflowOf } from '../workflow-fixture.js';
import type { NodeFields } from '../workflow-fixture.js';

const everything = [
  '{{status}}', '{{duration}}', '{{retries}}', '{{exitCode}}', '{{node.name}}', '{{pod.name}}', '{{workflow.failures}}',
  '{{workflow.parameters}}', '{{workflow.labels}}', '{{inputs.parameters}}', '{{lastRetry.duration}}',
]; // prettier-ignore
const metrics = metricsOf(
  ...everything.map((value, index) => ({
    name: `m${index}`,
    help: 'H',
    labels: [{ key: 'l', value }],
    counter: { value: '1' },
  })),
  { name: 'age', help: 'A', gauge: { realtime: true, value: '{{duration}}' } },
);
const spec = { metrics, templates: [{ name: 'main', metrics, container: {} }] };

/** One metric, where the number of nodes is what matters. */
const small = {
  templates: [{ name: 'main', metrics: metricsOf({ name: 'n', help: 'N', counter: { value: '1' } }) }],
};

const phase = fc.constantFrom(
  '',
  'Pending',
  'Running',
  'Succeeded',
  'Failed',
  'Error',
  'Skipped',
  'Omitted',
  'Odd',
);
const id = fc.constantFrom('wf', 'wf.onExit', 'a', 'b', '__proto__', 'constructor', '');
const time = fc.constantFrom('2026-01-01T00:00:00Z', '+275760-09-13T00:00:00Z', 'soon', '', null);
/** The right value most of the time, so that the wrong ones are reached behind it. */
const mostly = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: fc.jsonValue() });
const parameters = mostly(fc.array(fc.record({ name: mostly(id), value: fc.jsonValue() }), { maxLength: 3 }));
const node = fc.record(
  {
    id: mostly(id),
    name: mostly(id),
    displayName: mostly(id),
    type: mostly(fc.constantFrom('Pod', 'Steps', 'DAG', 'Retry', 'StepGroup', 'HTTP', 'Suspend')),
    phase: mostly(phase),
    boundaryID: mostly(id),
    children: mostly(fc.array(id, { maxLength: 4 })),
    templateName: mostly(fc.constantFrom('main', '', 'gone')),
    templateRef: fc.option(mostly(fc.record({ name: id, template: id }))),
    templateScope: mostly(fc.constantFrom('local/wf', 'namespaced/x')),
    startedAt: mostly(time),
    finishedAt: mostly(time),
    daemoned: mostly(fc.boolean()),
    nodeFlag: mostly(fc.record({ hooked: fc.boolean() })),
    inputs: mostly(fc.record({ parameters })),
    outputs: mostly(fc.record({ parameters, exitCode: fc.jsonValue(), result: fc.jsonValue() })),
    resourcesDuration: mostly(fc.dictionary(id, fc.jsonValue(), { maxKeys: 2 })),
  },
  { requiredKeys: ['name', 'type', 'phase'] },
);
const workflow = fc.record({
  kind: mostly(fc.constant('Workflow')),
  metadata: mostly(
    fc.record({
      name: mostly(fc.constant('wf')),
      uid: mostly(fc.constantFrom('u1', 'u2')),
      resourceVersion: mostly(fc.constantFrom('', 'x', '5', '6', '7')),
      labels: mostly(fc.dictionary(id, fc.jsonValue(), { maxKeys: 2 })),
    }),
  ),
  spec: mostly(
    fc.record({
      metrics: mostly(fc.constant(metrics)),
      templates: mostly(fc.constant(spec.templates)),
      templateDefaults: fc.jsonValue(),
      arguments: mostly(fc.record({ parameters })),
    }),
  ),
  status: mostly(
    fc.record({
      phase: mostly(phase),
      startedAt: mostly(time),
      finishedAt: mostly(time),
      nodes: mostly(
        fc.array(fc.tuple(id, node), { maxLength: 6 }).map(pairs => Object.fromEntries(pairs) as unknown),
      ),
    }),
  ),
});

function observerOf(store: CustomStore): WorkflowObserver {
  return new WorkflowObserver({ customMetrics: store.customMetrics });
}

async function collectAfter(
  nodes: readonly NodeFields[],
  more = {},
): Promise<Record<string, number | string>> {
  const store = new CustomStore();
  observerOf(store).observe({
    type: 'ADDED',
    object: workflowOf({ spec, nodes, phase: 'Succeeded', ...more }),
  });
  return store.collect();
}

/** Node 26 writes JSON without recursion, older ones end at some thousand levels. */
function isWritten(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}

describe('hostile workflows', () => {
  it('should never throw, in any order, with either compatibility', () => {
    const type = mostly(fc.constantFrom('ADDED', 'MODIFIED', 'DELETED'));
    const event = fc.record({ type, object: mostly(workflow) });
    const steps = fc.array(fc.oneof(event, fc.array(workflow, { maxLength: 3 })), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(
        steps,
        fc.constantFrom('corrected' as const, 'exact' as const),
        (given, argoCompatibility) => {
          const observer = observerOf(new CustomStore({ argoCompatibility }));
          for (const step of given)
            if (Array.isArray(step)) observer.sync(step);
            else observer.observe(step as never);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('should report lists and types that are none', () => {
    const observer = observerOf(new CustomStore());
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    for (const list of [null, undefined, 5, 'text', {}])
      expect(observer.sync(list as never)).to.have.length(1);
    for (const type of [circle, 5n, 'x'.repeat(1_000_000)]) {
      const [diagnostic] = observer.observe({ type: type as never, object: workflowOf() });
      expect(diagnostic?.message.length).to.be.lessThan(150);
    }
  });

  const fail = (): never => {
    throw Object.create(null) as Error;
  };
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const failing = new Proxy({}, { get: fail, has: fail, ownKeys: fail, getOwnPropertyDescriptor: fail });
  const getter = (key: string, object: object = {}): object =>
    Object.defineProperty({ ...object }, key, { get: fail, enumerable: true });

  for (const [index, bad] of [
    revoked,
    failing,
    getter('metadata'),
    getter('spec', workflowOf()),
    getter('status', workflowOf()),
    { ...workflowOf(), spec: getter('metrics') },
    { ...workflowOf(), spec: { metrics: metricsOf(failing) } },
    { ...workflowOf(), status: { phase: 'Succeeded', nodes: { wf: getter('phase') } } },
  ].entries())
    it(`should report what cannot be read, and go on: ${index}`, async () => {
      const store = new CustomStore();
      const observer = observerOf(store);
      const good = workflowOf({ spec: small, nodes: [finished('wf')], phase: 'Succeeded', uid: 'good' });
      const types = ['ADDED', 'DELETED'] as const;
      expect(types.flatMap(type => observer.observe({ type, object: bad }))).to.not.be.empty;
      observer.observe(bad as never);
      observer.sync(bad as never);
      observer.observe({ type: 'ADDED', object: good });
      expect(await store.collect()).to.deep.equal({ 'argo_workflows_n{}': 1 });
    });

  it('should say that an object nests too deeply, and go on', async () => {
    let deep: unknown = 'x';
    for (let depth = 0; depth < 50_000; depth++) deep = [deep];
    const store = new CustomStore();
    const observer = observerOf(store);
    const said = (object: object): string[] =>
      observer.observe({ type: 'ADDED', object }).map(({ message }) => message);
    const each = { name: 'each', withItems: [deep], inline: { container: {}, metrics } };
    const nodes = [
      finished('wf', { type: 'Steps' }),
      finished('n', { name: 'wf[0].each(0:x)', templateName: '', boundaryID: 'wf' }),
    ];
    const loop = workflowOf({ spec: { templates: [{ name: 'main', steps: [[each]] }] }, nodes });
    expect(said(loop)).to.deep.equal(['the event cannot be read: it is nested too deeply']);
    // What no metric asks for is not looked at.
    const labels = { deep };
    const of = (value: string): object => {
      const main = metricsOf({
        name: 'l',
        help: 'L',
        labels: [{ key: 'l', value }],
        counter: { value: '1' },
      });
      const templates = [{ name: 'main', metrics: main, container: {} }];
      return workflowOf({ spec: { templates }, nodes: [finished('wf')], metadata: { labels }, uid: value });
    };
    expect(said(of('{{status}}'))).to.deep.equal([]);
    const broken = 'the emission failed with RangeError: Maximum call stack size exceeded';
    expect(said(of('{{workflow.labels}}'))).to.deep.equal(isWritten(deep) ? [] : [broken]);
    const good = workflowOf({ spec: small, nodes: [finished('wf')], phase: 'Succeeded', uid: 'good' });
    observer.observe({ type: 'ADDED', object: good });
    expect(await store.collect()).to.include({ 'argo_workflows_n{}': 1, 'argo_workflows_l{l=Succeeded}': 1 });
  });

  it('should not take a workflow for deleted because the list cannot be read', async () => {
    const realtime = {
      metrics: metricsOf({
        name: 'age',
        help: 'A',
        gauge: { realtime: true, value: '{{workflow.duration}}' },
      }),
    };
    const store = new CustomStore();
    const observer = observerOf(store);
    observer.observe({ type: 'ADDED', object: workflowOf({ spec: realtime, phase: 'Running' }) });
    expect(await store.collect()).to.have.keys('argo_workflows_age{}');
    const broken = (function* () {
      yield workflowOf({ uid: 'other' });
      fail();
    })();
    for (const list of [broken, [getter('metadata')]]) {
      expect(observer.sync(list)).to.have.length(1);
      expect(await store.collect()).to.have.keys('argo_workflows_age{}');
    }
    observer.sync([]);
    expect(await store.collect()).to.deep.equal({});
  });

  it('should take 100,000 nodes in one step, and count each once', async () => {
    const ids = Array.from({ length: 100_000 }, (_, index) => `n${index}`);
    const nodes = [
      finished('wf', { type: 'Steps', children: ids }),
      ...ids.map(each => finished(each, { boundaryID: 'wf' })),
    ];
    const collected = await collectAfter(nodes, { spec: small });
    expect(collected).to.deep.equal({ 'argo_workflows_n{}': 100_001 });
  });

  it('should take 20,000 nodes that are each inside the next, or inside each other', async () => {
    const nested = (next: (index: number) => number): NodeFields[] =>
      Array.from({ length: 20_000 }, (_, index) =>
        finished(`n${index}`, {
          type: ['Steps', 'DAG', 'Retry'][index % 3],
          boundaryID: `n${next(index)}`,
          children: [`n${next(index)}`],
          templateName: index % 2 === 0 ? 'main' : '',
        }),
      );
    for (const next of [(index: number) => index + 1, (index: number) => (index + 1) % 20_000, () => 0])
      expect(await collectAfter(nested(next), { spec: small })).to.not.be.empty;
  });

  it('should take compressed nodes that nest as deep as JSON can', async () => {
    const deep = `{"wf":{"name":"wf","type":"Pod","phase":"Failed","inputs":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`;
    const compressedNodes = gzipSync(deep).toString('base64');
    const store = new CustomStore();
    const object = workflowOf({ spec, phase: 'Failed', status: { compressedNodes } });
    expect(() => observerOf(store).observe({ type: 'ADDED', object })).to.not.throw();
    expect(await store.collect()).to.not.be.empty;
  });
});
