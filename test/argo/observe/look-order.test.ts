import { expect } from 'chai';
import fc from 'fast-check';
import { lookOrder } from '../../../lib/argo/observe/look-order.js';
import { orderNodes } from '../../../lib/argo/workflow/node-order.js';
import { readWorkflow } from '../../../lib/argo/workflow/workflow-object.js';
import { Cluster } from '../cluster.js';
import { metricsOf } from '../custom-store.js';
import { finished, running, workflowOf } from '../workflow-fixture.js';
import type { NodeFields } from '../workflow-fixture.js';

interface Orders {
  /** IDs in the order in which they are looked at. */
  readonly looked: readonly string[];
  /** The same in the order of the controller. */
  readonly inArgo: readonly string[];
}

function ordersOf(spec: Record<string, unknown>, nodes: readonly NodeFields[]): Orders {
  const workflow = readWorkflow(workflowOf({ spec, nodes }));
  if (!workflow) throw new Error('no workflow');
  const all = [...workflow.nodes.values()];
  const [looked, inArgo] = [lookOrder(workflow, all), orderNodes(workflow, all)];
  return { looked: looked.map(({ id }) => id), inArgo: inArgo.map(({ id }) => id) };
}

const counter = (name: string): object => ({ name, help: 'H', counter: { value: '1' } });
const histogram = (name: string): object => ({ name, help: 'H', histogram: { buckets: [1], value: '1' } });
const gauge = (name: string): object => ({ name, help: 'H', gauge: { value: '1' } });

function specOf(templates: Readonly<Record<string, readonly object[] | undefined>>): Record<string, unknown> {
  const all = Object.entries(templates);
  return {
    templates: all.map(([name, metrics]) => ({ name, ...(metrics && { metrics: metricsOf(...metrics) }) })),
  };
}

/** Nodes of templates, in the opposite order of that of the controller, which takes tasks by their names. */
function tasks(...templates: readonly string[]): NodeFields[] {
  const nodes = templates.map((templateName, index) =>
    finished(`${templateName}${9 - index}`, { displayName: `t${9 - index}`, templateName, boundaryID: 'wf' }),
  );
  return [finished('wf', { type: 'DAG', templateName: 'main' }), ...nodes];
}

describe('lookOrder', () => {
  it('should take nodes as the object has them where their order does not show', () => {
    const spec = specOf({ main: undefined, a: [counter('a'), histogram('b')], b: [counter('c')] });
    const { looked, inArgo } = ordersOf(spec, tasks('a', 'b', 'a', 'b'));
    expect(looked).to.deep.equal(['wf', 'a9', 'b8', 'a7', 'b6']);
    expect(inArgo).to.deep.equal(['b6', 'a7', 'b8', 'a9', 'wf']);
  });

  it('should take those that set a gauge in the order of the controller, after the others', () => {
    const spec = specOf({ main: [counter('m')], a: [counter('a'), gauge('g')], b: [counter('c')] });
    expect(ordersOf(spec, tasks('a', 'b', 'a', 'b')).looked).to.deep.equal(['wf', 'b8', 'b6', 'a7', 'a9']);
    const defaults = {
      ...specOf({ main: [counter('m')], a: undefined }),
      templateDefaults: { metrics: metricsOf(gauge('g')) },
    };
    expect(ordersOf(defaults, tasks('a', 'a')).looked).to.deep.equal(['wf', 'a8', 'a9']);
  });

  it('should take those in the order of the controller that define one metric in two ways', () => {
    const spec = specOf({
      main: undefined,
      a: [counter('x')],
      b: [counter('y'), histogram('x')],
      c: [counter('z')],
    });
    expect(ordersOf(spec, tasks('a', 'b', 'c', 'a')).looked).to.deep.equal(['wf', 'c7', 'a6', 'b8', 'a9']);
  });

  it('should take all in the order of the controller where a metric may have any name, or help', () => {
    const tagged = [
      [{ ...counter('x_{{workflow.name}}') }],
      [{ ...counter('x'), help: 'H {{workflow.name}}' }],
      Array.from({ length: 10_001 }, (_, index) => counter(`x${index}`)),
    ];
    for (const metrics of tagged) {
      const { looked, inArgo } = ordersOf(
        specOf({ main: undefined, a: metrics, b: [counter('y')] }),
        tasks('b', 'a', 'b'),
      );
      expect(looked).to.deep.equal(inArgo);
    }
  });

  it('should take names for one that are shown as one', () => {
    for (const name of ['x', 'x_total', 'x_sum', 'x_count', 'x_bucket']) {
      const spec = specOf({ main: undefined, a: [counter(name)], b: [histogram('x')], c: [counter('xx')] });
      expect(ordersOf(spec, tasks('a', 'b', 'c', 'a')).looked, name).to.deep.equal([
        'wf',
        'c7',
        'a6',
        'b8',
        'a9',
      ]);
    }
  });

  it('should survive metrics that throw, or pretend to be very many', async () => {
    const throwing = { name: 'wrong', help: 'W' };
    Object.defineProperty(throwing, 'gauge', {
      get: () => {
        throw new Error('no');
      },
    });
    const endless: object[] = [];
    endless.length = 2 ** 32 - 1;
    for (const odd of [[throwing], endless]) {
      const spec = {
        templates: [
          { name: 'main' },
          { name: 'a', metrics: metricsOf(counter('a')) },
          { name: 'b', metrics: { prometheus: odd } },
        ],
      };
      const cluster = new Cluster().see({ spec, nodes: tasks('a', 'b', 'a') });
      expect(await cluster.collect()).to.deep.equal({ 'argo_workflows_a{}': 2 });
      expect(cluster.diagnostics.map(({ code }) => code)).to.not.include('OBJECT_INVALID');
    }
  });

  it('should take each node once, and those whose order shows in that of the controller, whatever the tree is', () => {
    const id = fc.constantFrom('wf', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'gone');
    const templateName = fc.constantFrom('counts', 'sets', 'first', 'second', 'plain', 'gone', '');
    const node = fc.record({
      type: fc.constantFrom('Steps', 'DAG', 'Retry', 'Pod'),
      boundaryID: id,
      children: fc.array(id, { maxLength: 4 }),
      displayName: id,
      templateName,
    });
    const spec = specOf({
      counts: [counter('own')],
      sets: [gauge('set')],
      first: [counter('twice')],
      second: [histogram('twice')],
      plain: undefined,
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(id, node), { selector: ([each]) => each, maxLength: 8 }),
        fields => {
          const nodes = fields.map(([each, more]) => finished(each, more));
          const { looked, inArgo } = ordersOf(spec, nodes);
          expect(looked).to.have.members(inArgo);
          expect(looked).to.have.length(nodes.length);
          // Only those that are there together show an order.
          const kinds = new Map<string, string>(fields.map(([each, more]) => [each, more.templateName]));
          const both = ['first', 'second'].every(kind => [...kinds.values()].includes(kind));
          const shows = (each: string): boolean =>
            kinds.get(each) === 'sets' || (both && ['first', 'second'].includes(kinds.get(each) ?? ''));
          expect(looked.filter(shows)).to.deep.equal(inArgo.filter(shows));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('should let what the controller reports last speak for a gauge, in the first list and later', async () => {
    const age = { name: 'age', help: 'A', gauge: { realtime: true, value: '{{duration}}' } };
    const spec = specOf({ main: undefined, a: [age] });
    const task = { templateName: 'a', boundaryID: 'wf' };
    const [early, late] = ['2026-01-01T00:00:01Z', '2026-01-01T00:00:04Z'];
    for (const [displayNames, expected] of [
      [['x', 'y'], 1],
      [['y', 'x'], 4],
    ] as const) {
      const nodes = [
        running('wf', { type: 'DAG' }),
        running('n', { ...task, displayName: displayNames[0], startedAt: early }),
        running('o', { ...task, displayName: displayNames[1], startedAt: late }),
      ];
      for (const cluster of [new Cluster().list({ spec, nodes }), new Cluster().see({ spec, nodes })])
        expect(await cluster.collect(), displayNames[0]).to.deep.equal({ 'argo_workflows_age{}': expected });
    }
  });
});
