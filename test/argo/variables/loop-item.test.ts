import { expect } from 'chai';
import { WorkflowObserver } from '../../../lib/argo/observe/workflow-observer.js';
import { CustomStore, metricsOf } from '../custom-store.js';
import { finished, workflowOf } from '../workflow-fixture.js';
import type { NodeFields, WorkflowFields } from '../workflow-fixture.js';

const inside = { templateName: '', boundaryID: 'wf' };

/** What one emission of each of these nodes shows in the labels, and what is said. */
async function seen(
  call: Readonly<Record<string, unknown>>,
  labels: Readonly<Record<string, string>>,
  names: readonly string[],
  fields: WorkflowFields = {},
): Promise<string[]> {
  const store = new CustomStore();
  const observer = new WorkflowObserver({ customMetrics: store.customMetrics });
  const metric = {
    name: 'm',
    help: 'M',
    labels: Object.entries(labels).map(([key, value]) => ({ key, value })),
    counter: { value: '1' },
  };
  const inline = { container: {}, metrics: metricsOf(metric) };
  const spec = {
    templates: [{ name: 'main', steps: [[{ name: 'each', inline, ...call }]] }],
    ...fields.spec,
  };
  const nodes = names.map((name, index) => finished(`n${index}`, { name: `wf[0].${name}`, ...inside }));
  const said = observer.observe({
    type: 'ADDED',
    object: workflowOf({
      ...fields,
      spec,
      nodes: [finished('wf', { type: 'Steps' }), ...nodes, ...(fields.nodes ?? [])],
    }),
  });
  const recorded = Object.keys(await store.collect()).map(key => key.slice('argo_workflows_m{'.length, -1));
  return [...recorded.sort(), ...said.map(({ message }) => message.replace(/^.*: /, ''))];
}

const UNRESOLVED = 'failed to resolve {{item}}';

describe('LoopItems', () => {
  it('should give each node the item that it ran for, as it stands in the list', async () => {
    const withItems = ['os(lo)', 'a "b"\n', 7, 1.5, true, 'é<b>\u2028'];
    const names = ['oslo', 'a \\"b\\"\\n', '7', '1.50', 'true', 'é<b>\\u2028'];
    const placed = names.map((name, index) => `each(${index}:${name})`);
    expect(await seen({ withItems }, { i: '{{item}}' }, placed)).to.deep.equal(
      ['i=os(lo)', 'i=a "b"\n', 'i=7', 'i=1.50', 'i=true', 'i=é<b>\u2028'].sort(),
    );
  });

  it('should give the keys of a map, and maps and lists as JSON', async () => {
    const withItems = [
      { b: { z: 1, a: ['2'] }, a: 'say "hi" <b>', n: 3, on: false, none: null },
      [1, 'b <', { c: 2 }],
    ];
    const names = [
      'each(0:a:say \\"hi\\" <b>,b:{"z":1,"a":["2"]},n:3,none:null,on:false)',
      'each(1:[1 b < {"c":2}])',
    ];
    const keys = { a: '{{item.a}}', b: '{{ item.b }}', n: '{{=asInt(item.n) + 1}}', on: '{{item.on}}' };
    expect(await seen({ withItems }, keys, names.slice(0, 1))).to.deep.equal([
      'a=say \\"hi\\" <b>,b={"z":1,"a":["2"]},n=4,on=false',
    ]);
    expect(await seen({ withItems }, { i: '{{item}}' }, names)).to.deep.equal([
      'i=[1,"b \\u003c",{"c":2}]',
      'i={"a":"say \\"hi\\" \\u003cb\\u003e","b":{"z":1,"a":["2"]},"n":3,"none":null,"on":false}',
    ]);
  });

  it('should find the list in parameters and in outputs of what ran before', async () => {
    const list = JSON.stringify(['x', { k: 'y' }]);
    const parameters = [{ name: 'list', value: list }];
    const label = { i: '{{item}}' };
    const names = ['each(0:x)', 'each(1:k:y)'];
    const right = ['i=x', 'i={"k":"y"}'];
    const before = finished('b', {
      name: 'wf[0].before',
      boundaryID: 'wf',
      type: 'Skipped',
      outputs: { result: list, parameters },
    });
    for (const withParam of ['{{steps.before.outputs.result}}', '{{steps.before.outputs.parameters.list}}'])
      expect(await seen({ withParam }, label, names, { nodes: [before] }), withParam).to.deep.equal(right);
    const withParam = '{{workflow.parameters.list}}';
    expect(await seen({ withParam }, label, names, { spec: { arguments: { parameters } } })).to.deep.equal(
      right,
    );
    expect(await seen({ withParam: list }, label, names)).to.deep.equal(right);
    const withItems = ['{{workflow.name}}-{{workflow.namespace}}'];
    expect(await seen({ withItems }, label, ['each(0:wf-argo)'])).to.deep.equal(['i=wf-argo']);
  });

  it('should take the item of a sequence from the name', async () => {
    const withSequence = { start: '9', count: '2', format: 's%03d' };
    const names = ['each(0:s009)', 'each(1:s010)'];
    expect(await seen({ withSequence }, { i: '{{item}}' }, names)).to.deep.equal(['i=s009', 'i=s010']);
    expect(await seen({ withSequence: { count: 1 } }, { i: '{{item}}' }, ['each(0:0)'])).to.deep.equal([
      'i=0',
    ]);
    const odd = { withSequence: { ...withSequence, format: '(%d)' } };
    expect(await seen(odd, { i: '{{item}}' }, ['each(0:9)'])).to.deep.equal([UNRESOLVED]);
  });

  it('should never guess: a list that is not in the object, or that does not fit the name, has no items', async () => {
    const label = { i: '{{item}}' };
    const withParam = '{{steps.gone.outputs.result}}';
    expect(await seen({ withParam }, label, ['each(0:x)'])).to.deep.equal([UNRESOLVED]);
    for (const list of ['no json', '{}', 'null', '[', '"x"', '[]'])
      expect(await seen({ withParam: list }, label, ['each(0:x)']), list).to.deep.equal([UNRESOLVED]);
    for (const name of ['each(1:x)', 'each(0:y)', 'each(x)', 'each', 'each(0)', 'each(99999999999:x)'])
      expect(await seen({ withItems: ['x'] }, label, [name]), name).to.deep.equal([UNRESOLVED]);
    expect(await seen({ withItems: [7] }, label, ['each(0:8)'])).to.deep.equal([UNRESOLVED]);
    expect(await seen({ withItems: [] }, label, ['each'])).to.deep.equal([UNRESOLVED]);
    expect(await seen({}, label, ['each(0:x)'])).to.deep.equal([UNRESOLVED]);
    expect(await seen({ withItems: ['{{nothing}}'] }, label, ['each(0:{{nothing}})'])).to.deep.equal([
      UNRESOLVED,
    ]);
  });

  it('should give a metric that follows its attempts the item of the node that is retried', async () => {
    const store = new CustomStore();
    const observer = new WorkflowObserver({ customMetrics: store.customMetrics });
    const label = { key: 'i', value: '{{item}}' };
    const metric = { name: 'm', help: 'M', labels: [label], counter: { value: '1' } };
    const call = {
      name: 'each',
      withItems: ['x', 'y'],
      inline: { container: {}, metrics: metricsOf(metric) },
    };
    const attempt = (id: string, name: string): NodeFields => finished(id, { name, ...inside });
    const nodes = [
      finished('wf', { type: 'DAG' }),
      finished('r', { type: 'Retry', name: 'wf.each(1:y)', ...inside, children: ['r0', 'r1'] }),
      attempt('r0', 'wf.each(1:y)(0)'),
      attempt('r1', 'wf.each(1:y)(1)'),
    ];
    const spec = { templates: [{ name: 'main', dag: { tasks: [call] } }] };
    expect(observer.observe({ type: 'ADDED', object: workflowOf({ spec, nodes }) })).to.deep.equal([]);
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_m{i=y}': 2 });
  });

  it('should give what is inline in what is inline the item of the outer loop', async () => {
    const store = new CustomStore();
    const observer = new WorkflowObserver({ customMetrics: store.customMetrics });
    const label = { key: 'i', value: '{{item}}' };
    const metrics = metricsOf({ name: 'm', help: 'M', labels: [label], counter: { value: '1' } });
    const inner = { name: 'inner', withItems: [1, 2], inline: { container: {}, metrics } };
    const outer = { name: 'outer', withItems: ['x', 'y'], inline: { steps: [[inner]] } };
    const nodes = [
      finished('wf', { type: 'Steps' }),
      finished('o', { type: 'Steps', name: 'wf[0].outer(1:y)', ...inside }),
      finished('i', { name: 'wf[0].outer(1:y)[0].inner(0:1)', templateName: '', boundaryID: 'o' }),
    ];
    const spec = { templates: [{ name: 'main', steps: [[outer]] }] };
    expect(observer.observe({ type: 'ADDED', object: workflowOf({ spec, nodes }) })).to.deep.equal([]);
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_m{i=y}': 1 });
  });

  it('should take the text that the controller stored for the item', async () => {
    const store = new CustomStore();
    const observer = new WorkflowObserver({ customMetrics: store.customMetrics });
    const inlineWith = (value: string): object => ({
      container: {},
      metrics: metricsOf({ name: 'm', help: 'M', labels: [{ key: 'i', value }], counter: { value: '1' } }),
    });
    const raw = inlineWith('{{item}}');
    const storedTemplates = {
      'namespaced/lib/t': {
        steps: [[{ name: 'each', withParam: '{{inputs.parameters.gone}}', inline: raw }]],
      },
      'namespaced/lib/inline/each': raw,
      'namespaced/lib/inline/each(0:oslo)': inlineWith('os(lo)'),
    };
    const templateRef = { name: 'lib', template: 't' };
    const nodes = [
      finished('wf', { type: 'Steps', templateName: '', templateRef }),
      finished('a', { name: 'wf[0].each(0:oslo)', ...inside, templateScope: 'namespaced/lib' }),
    ];
    const object = workflowOf({ nodes, status: { storedTemplates } });
    expect(observer.observe({ type: 'ADDED', object })).to.deep.equal([]);
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_m{i=os(lo)}': 1 });
  });

  it('should read a list once for all nodes of a loop', async () => {
    const count = 3000;
    const items = Array.from({ length: count }, (_, index) => `${'x'.repeat(100)}${index}`);
    const names = items.map((item, index) => `each(${index}:${item})`);
    const spec = { arguments: { parameters: [{ name: 'list', value: JSON.stringify(items) }] } };
    const call = { withParam: '{{workflow.parameters.list}}' };
    const templates = [
      {
        name: 'main',
        steps: [
          [
            {
              name: 'each',
              ...call,
              inline: {
                container: {},
                metrics: metricsOf({ name: 'm', help: 'M', when: '{{item}} != y', counter: { value: '1' } }),
              },
            },
          ],
        ],
      },
    ];
    expect(await seen(call, {}, names, { spec: { ...spec, templates } })).to.deep.equal(['']);
  });
});
