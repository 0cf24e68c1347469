// One test for each row of docs/deviations.md, named after it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { CustomMetrics, createStore } from '../../lib/index.js';
import { resolveMetricsConfig } from '../../lib/argo/emit/metrics-config.js';
import { ROOT } from '../support/source-tree.js';
import { Cluster } from './cluster.js';
import type { Collected } from './cluster.js';
import { CustomStore, exposed, metricsOf } from './custom-store.js';
import { finished, running } from './workflow-fixture.js';
import type { NodeFields, WorkflowFields } from './workflow-fixture.js';

const TEXT = readFileSync(join(ROOT, 'docs/deviations.md'), 'utf8');

/** Rows whose test is a recording of the real controller, or stands with the code that they are about. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'limits of evaluation': 'bounds.test.ts',
  '#13265 histograms never expire': 'recording metrics-ttl',
  'comparisons in expressions': 'recording expression-with-less-than',
  'realtime of retries': 'recording realtime-of-retries',
  'manual retry': 'recording manual-retry-of-a-dag',
  'HTTP and Plugin nodes': 'recordings http-templates and plugin-templates',
  deadlines: 'recording pod-spec-patch, exact-emissions.test.ts',
  'hooks in a DAG': 'recording hooks-on-steps-and-tasks',
  'retried daemons': 'recording daemon-that-fails',
  mutex: 'recording mutex-in-template',
  'memoised behind a mutex': 'recording memoized-behind-a-mutex',
  'whole seconds': 'recordings of durations, value-outcomes.test.ts',
  'timed suspend': 'exact-emissions.test.ts, workflow-tracker.test.ts',
};

const exact = { argoCompatibility: 'exact' } as const;
const counter = (name: string, value = '1', more = {}): unknown => ({
  ...{ name, help: 'H', counter: { value } },
  ...more,
});
const realtime = (value: string, more = {}): unknown => ({
  name: 'age',
  help: 'Age',
  gauge: { realtime: true, value },
  ...more,
});
const label = (key: string, value: string): Record<string, unknown> => ({ labels: [{ key, value }] });
const inTemplate = (...metrics: unknown[]): Record<string, unknown> => ({
  templates: [{ name: 'main', metrics: metricsOf(...metrics), container: {} }],
});
const inWorkflow = (...metrics: unknown[]): Record<string, unknown> => ({ metrics: metricsOf(...metrics) });

/** What was collected with the default, and with 'exact'. */
async function both(play: (cluster: Cluster) => unknown): Promise<Record<string, number | string>[]> {
  const clusters = [new Cluster(), new Cluster(exact)];
  return Promise.all(
    clusters.map(async cluster => {
      await play(cluster);
      return cluster.collect();
    }),
  );
}

function emit(
  metric: unknown,
  variables: Record<string, string>,
  options = {},
): { store: CustomStore; codes: string[] } {
  const store = new CustomStore(options);
  const emitted = store.customMetrics.compile(metricsOf(metric)).emit({ variables }, { owner: 'o' });
  return { store, codes: emitted.map(({ code }) => code) };
}

describe('deviations', () => {
  it('should each have a test', () => {
    const rows = [...TEXT.matchAll(/^\| (?!Deviation|---)([^|]+) \|/gm)].map(([, name = '']) => name);
    const tests = readFileSync(join(ROOT, 'test/argo/deviations.test.ts'), 'utf8');
    expect(rows.length).to.be.greaterThan(25);
    expect(rows.filter(row => !tests.includes(`  it('${row}: `) && !(row in ELSEWHERE))).to.deep.equal([]);
    expect(Object.keys(ELSEWHERE).filter(row => !rows.includes(row))).to.deep.equal([]);
  });

  it('#12079 per-metric TTL: a metric may have its own', async () => {
    const modifiers = { long: { ttl: '1h' }, 'for_*': { ttl: '0s' } };
    const store = new CustomStore({ prefix: '', metricsConfig: { metricsTTL: '10s', modifiers } });
    const metrics = ['short', 'long', 'for_ever'].map(name => counter(name));
    store.customMetrics.compile(metricsOf(...metrics)).emit({ variables: {} }, { owner: 'o' });
    const seen: string[][] = [];
    for (const later of [0, 10_000, 3_600_000]) {
      store.now += later;
      seen.push(Object.keys(await store.collect()).sort());
    }
    expect(seen).to.deep.equal([
      ['for_ever{}', 'long{}', 'short{}'],
      ['for_ever{}', 'long{}'],
      ['for_ever{}'],
    ]);
  });

  it('#15526 double count: each attempt of a retried steps template counts once', async () => {
    const nodes = [finished('r', { type: 'Retry', children: ['r(0)'] }), finished('r(0)', { type: 'Steps' })];
    const play = (cluster: Cluster): unknown => cluster.see({ spec: inTemplate(counter('n')), nodes });
    expect(await both(play)).to.deep.equal([{ 'argo_workflows_n{}': 1 }, { 'argo_workflows_n{}': 2 }]);
  });

  it('#10629 shared key deletion: a series lives as long as one workflow reports it', async () => {
    const fields = (uid: string): WorkflowFields => ({
      uid,
      spec: inWorkflow(realtime('{{workflow.duration}}')),
    });
    const play = (cluster: Cluster): unknown =>
      cluster.see(fields('a')).see(fields('b')).see(fields('a'), 'DELETED');
    expect(await both(play)).to.deep.equal([{ 'argo_workflows_age{}': 5 }, {}]);
    const back = (cluster: Cluster): unknown => (play(cluster) as Cluster).see(fields('b'));
    expect(await both(back)).to.deep.equal([{ 'argo_workflows_age{}': 5 }, { 'argo_workflows_age{}': 5 }]);
  });

  it('#10222 resourcesDuration: a Retry node has that of its last attempt, others the sum', async () => {
    const cpu = (seconds: number): object => ({ resourcesDuration: { cpu: seconds } });
    const spec = {
      ...inTemplate(counter('cpu', '{{resourcesDuration.cpu}}')),
      ...inWorkflow(counter('all_cpu', '{{resourcesDuration.cpu}}')),
    };
    const nodes = [
      finished('wf', { type: 'Retry', children: ['wf(0)', 'wf(1)'], ...cpu(9) }),
      finished('wf(0)', { phase: 'Failed', ...cpu(5) }),
      finished('wf(1)', { type: 'Steps', ...cpu(4) }),
    ];
    const play = (cluster: Cluster): unknown => cluster.see({ spec, phase: 'Succeeded', nodes });
    expect(await both(play)).to.deep.equal([
      { 'argo_workflows_cpu{}': 9, 'argo_workflows_all_cpu{}': 9 },
      // Of an attempt that no sum is made for; and what is counted twice adds nothing.
      { 'argo_workflows_cpu{}': 5, 'argo_workflows_all_cpu{}': 0 },
    ]);
  });

  it('#7335 Pending gauge: a realtime series follows its labels', async () => {
    const spec = inTemplate(realtime('{{duration}}', label('status', '{{status}}')));
    const play = (cluster: Cluster): unknown =>
      cluster
        .see({ spec, nodes: [running('n', { phase: 'Pending' })] })
        .see({ spec, nodes: [running('n')] })
        .see({ spec, nodes: [running('n')] });
    expect(await both(play)).to.deep.equal([
      { 'argo_workflows_age{status=Running}': 5 },
      { 'argo_workflows_age{status=Pending}': 5 },
    ]);
    const end = (cluster: Cluster): unknown => {
      (play(cluster) as Cluster).see({ spec, phase: 'Succeeded', nodes: [finished('n')] });
      cluster.store.now += 3000;
      return cluster;
    };
    expect(await both(end)).to.deep.equal([
      { 'argo_workflows_age{status=Succeeded}': 5 },
      { 'argo_workflows_age{status=Pending}': 8, 'argo_workflows_age{status=Succeeded}': 5 },
    ]);
  });

  it('#13440 realtime when: is evaluated whenever the node changes its phase', async () => {
    const spec = inTemplate(realtime('{{duration}}', { when: '{{status}} == Running' }));
    const play = (cluster: Cluster): unknown =>
      cluster.see({ spec, nodes: [running('n', { phase: 'Pending' })] }).see({ spec, nodes: [running('n')] });
    expect(await both(play)).to.deep.equal([{ 'argo_workflows_age{}': 5 }, {}]);
  });

  it('#6814 realtime after a restart: gauges of running nodes come back with the first list', async () => {
    const fields = { spec: inTemplate(realtime('{{duration}}')), nodes: [running('n')] };
    expect(await both(cluster => cluster.list(fields))).to.deep.equal([{ 'argo_workflows_age{}': 5 }, {}]);
  });

  it('#3925 frozen realtime labels: when and labels are those of the first object', async () => {
    const when = (text: string): Record<string, unknown> =>
      inWorkflow(realtime('{{workflow.duration}}', { when: text }));
    const play = (cluster: Cluster): unknown =>
      cluster
        .see({ phase: '', spec: when('{{workflow.status}} == Running'), status: { startedAt: null } })
        .see({ spec: when('Pending == Running') });
    expect(await both(play)).to.deep.equal([{ 'argo_workflows_age{}': 5 }, {}]);
  });

  it('#12693 repeated conditions: a mistake is told once for each phase', () => {
    const spec = inWorkflow(realtime('{{status}}'));
    const [corrected, copied] = [{}, exact].map(options => {
      const cluster = new Cluster(options);
      for (let index = 0; index < 10; index++) cluster.see({ spec });
      return cluster.diagnostics.map(({ code }) => code);
    });
    expect(corrected).to.deep.equal(['REALTIME_VARIABLE_UNKNOWN']);
    expect(copied).to.deep.equal(Array(10).fill('REALTIME_VARIABLE_UNKNOWN'));
  });

  it('zero-valued series: a value that cannot be read leaves none', async () => {
    for (const metric of [counter('n', '{{v}}'), { name: 'n', help: 'H', gauge: { value: '{{v}}' } }]) {
      const corrected = emit(metric, { v: 'many' });
      const copied = emit(metric, { v: 'many' }, exact);
      expect([corrected.codes, copied.codes]).to.deep.equal([['VALUE_INVALID'], ['VALUE_INVALID']]);
      expect(await corrected.store.collect()).to.deep.equal({});
      expect(await copied.store.collect()).to.deep.equal({ 'argo_workflows_n{}': 0 });
    }
  });

  it('negative counters: are refused', async () => {
    const metric = counter('n', '{{v}}');
    for (const [v, copy] of [
      ['-5', -5],
      ['NaN', NaN],
      // A sum of the store stops at the largest number.
      ['+Inf', Number.MAX_VALUE],
    ] as const) {
      const corrected = emit(metric, { v });
      expect(corrected.codes).to.deep.equal(['COUNTER_VALUE_INVALID']);
      expect(await corrected.store.collect()).to.deep.equal({});
      expect(await emit(metric, { v }, exact).store.collect()).to.deep.equal({ 'argo_workflows_n{}': copy });
    }
  });

  it('NaN in histograms: is refused', async () => {
    const metric = { name: 'h', help: 'H', histogram: { value: '{{v}}', buckets: [1] } };
    for (const options of [{}, exact]) {
      const { codes, store } = emit(metric, { v: 'NaN' }, options);
      expect(codes).to.deep.equal(['HISTOGRAM_VALUE_INVALID']);
      expect(await store.collect()).to.deep.equal({});
    }
  });

  it('when after the value: when comes first', () => {
    const metric = counter('n', '{{outputs.parameters.size}}', { when: '{{status}} == Succeeded' });
    expect(emit(metric, { status: 'Failed' }).codes).to.deep.equal([]);
    expect(emit(metric, { status: 'Failed' }, exact).codes).to.deep.equal(['TAG_UNRESOLVED']);
  });

  it('TTL syntax: hours with minutes are read, a negative one is a diagnostic', () => {
    expect(resolveMetricsConfig({ metricsTTL: '1h30m' }).ttlMillis).to.equal(5_400_000);
    const negative = resolveMetricsConfig({ metricsTTL: '-1s' });
    expect([negative.ttlMillis, negative.diagnostics[0]?.code]).to.deep.equal([0, 'CONFIG_INVALID']);
  });

  it('#15512 invalid JSON: every character is recorded as it is', async () => {
    const flag = '\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}\x01"\\';
    const { store } = emit(counter('n', '1', label('l', '{{v}}')), { v: flag });
    expect(await store.collect()).to.deep.equal({ [`argo_workflows_n{l=${flag}}`]: 1 });
  });

  it('#14425 counter as gauge: a counter is a counter', async () => {
    const { store } = emit(counter('n'), {});
    const text = await exposed(store.store);
    expect(text).to.contain('# TYPE argo_workflows_n counter\nargo_workflows_n 1\n');
  });

  it('key collisions: labels that look like others are others', async () => {
    const store = new CustomStore();
    const labels = [{ key: 'a', value: '{{a}}' }];
    const one = store.customMetrics.compile(metricsOf(counter('n', '1', { labels })));
    const two = store.customMetrics.compile(
      metricsOf(counter('n', '1', { labels: [...labels, { key: 'b', value: '2' }] })),
    );
    one.emit({ variables: { a: '1,b=2' } }, { owner: 'o' });
    two.emit({ variables: { a: '1' } }, { owner: 'o' });
    const text = await exposed(store.store);
    expect(text).to.contain('argo_workflows_n{a="1,b=2"} 1\n');
    expect(text).to.contain('argo_workflows_n{a="1",b="2"} 1\n');
  });

  it('differing buckets: are ignored, with a warning', async () => {
    const histogram = (buckets: number[]): unknown => ({
      name: 'h',
      help: 'H',
      histogram: { value: '2', buckets },
    });
    const { customMetrics, store } = new CustomStore();
    const codes = [[1], [5]].flatMap(buckets => {
      const metrics = customMetrics.compile(metricsOf(histogram(buckets)));
      return [...metrics.diagnostics, ...metrics.emit({ variables: {} }, { owner: 'o' })].map(
        ({ code }) => code,
      );
    });
    expect(codes).to.deep.equal(['BUCKETS_DIFFER']);
    const text = await exposed(store);
    expect(text)
      .to.contain('_bucket{le="1"} 0\n')
      .and.contain('_bucket{le="+Inf"} 2\n')
      .and.not.contain('le="5"');
  });

  it('differing label keys: are recorded, with a warning', async () => {
    const { store, customMetrics } = new CustomStore();
    const codes = ['a', 'b'].flatMap(key => {
      const metrics = customMetrics.compile(metricsOf(counter('n', '1', label(key, 'v'))));
      return [...metrics.diagnostics, ...metrics.emit({ variables: {} }, { owner: 'o' })].map(
        ({ code }) => code,
      );
    });
    expect(codes).to.deep.equal(['LABELS_DIFFER']);
    const text = await exposed(store);
    expect(text).to.contain('n{a="v"} 1\n').and.contain('n{b="v"} 1\n');
  });

  it('1,999 series: all are exposed, and the same at each scrape', async () => {
    const store = createStore({ shared: false, cardinalityLimit: 3000 });
    const metrics = new CustomMetrics({ store }).compile(metricsOf(counter('n', '1', label('l', '{{v}}'))));
    for (let index = 0; index < 2500; index++)
      metrics.emit({ variables: { v: String(index) } }, { owner: 'o' });
    const scrape = async (): Promise<string[]> => {
      const text = await exposed(store);
      return text.split('\n').filter(line => line.startsWith('argo_workflows_n{'));
    };
    const [first, second] = [await scrape(), await scrape()];
    expect(new Set(first).size).to.equal(2500);
    expect(second.sort()).to.deep.equal(first.sort());
  });

  it('names under DAG: pod, node, task and the last retry are known to every node', async () => {
    const tags = ['{{node.name}}', '{{pod.name}}', '{{lastRetry.status}}', '{{lastRetry.exitCode}}'];
    const labels = tags.map((value, index) => ({ key: `l${index}`, value }));
    const play = (type: string, called: string): Collected => {
      const nodes: NodeFields[] = [
        running('wf', { type, templateName: 'main' }),
        running('r', { name: called, type: 'Retry', children: ['r0', 'r1'], boundaryID: 'wf' }),
        finished('r0', {
          name: `${called}(0)`,
          phase: 'Failed',
          boundaryID: 'wf',
          outputs: { exitCode: '7' },
        }),
        finished('r1', { name: `${called}(1)`, boundaryID: 'wf' }),
      ];
      const over = nodes.map(node =>
        node.id === 'r' ? finished('r', { ...node, phase: 'Succeeded' }) : node,
      );
      return new Cluster().see({ spec: inTemplate(counter('n', '1', { labels })), nodes: over }).collect();
    };
    for (const [type, called] of [
      ['Steps', 'wf[0].x'],
      ['DAG', 'wf.x'],
    ] as const) {
      const series = Object.keys(await play(type, called));
      const ends = series.map(each => each.replace(/^.*l0=wf.*x,l1=wf-main-\d+,/, ''));
      expect(ends, type).to.have.members(['l2=,l3=0}', 'l2=Failed,l3=7}']);
    }
    const labelled = inTemplate(counter('n', '1', label('t', '{{tasks.name}}')));
    const nodes = [
      running('wf', { type: 'DAG', templateName: '' }),
      finished('n', { name: 'wf.a', boundaryID: 'wf' }),
    ];
    expect(await new Cluster().see({ spec: labelled, nodes }).collect()).to.deep.equal({
      'argo_workflows_n{t=a}': 1,
    });
  });

  it('labelsFrom: such labels are known to metrics of templates', async () => {
    const spec = {
      ...inTemplate(counter('n', '1', label('team', '{{workflow.labels.team}}'))),
      workflowMetadata: { labelsFrom: { team: { expression: 'workflow.parameters.team' } } },
    };
    const cluster = new Cluster().see({ spec, nodes: [running('n')] });
    cluster.see({ spec, metadata: { labels: { team: 'ops' } }, nodes: [finished('n')] });
    expect(await cluster.collect()).to.deep.equal({ 'argo_workflows_n{team=ops}': 1 });
  });

  it('workflow.duration of a node: can be the value of a realtime gauge in a template', async () => {
    const cluster = new Cluster().see({
      spec: inTemplate(realtime('{{workflow.duration}}')),
      nodes: [running('n')],
    });
    expect(await cluster.collect()).to.deep.equal({ 'argo_workflows_age{}': 5 });
  });

  it('daemon duration: is the time since its start', async () => {
    const spec = inTemplate({ name: 'd', help: 'D', gauge: { value: '{{duration}}' } });
    const cluster = new Cluster().see({ spec, nodes: [running('n', { daemoned: true })] });
    expect(await cluster.collect()).to.deep.equal({ 'argo_workflows_d{}': 5 });
  });

  it('repeated persists: what is delivered twice counts once', async () => {
    const fields = { spec: inTemplate(counter('n')), nodes: [finished('n')] };
    const cluster = new Cluster()
      .see(fields)
      .see(fields)
      .see({ ...fields, version: 1 });
    expect(await cluster.collect()).to.deep.equal({ 'argo_workflows_n{}': 1 });
  });

  it('disabled attributes: counters and histograms are added up', async () => {
    const metricsConfig = { modifiers: { n: { disabledAttributes: ['node'] } } };
    const cluster = new Cluster({ metricsConfig });
    const spec = inTemplate(counter('n', '1', label('node', '{{node.name}}')));
    cluster.see({ spec, nodes: [finished('a'), finished('b')] });
    expect(await cluster.collect()).to.deep.equal({ 'argo_workflows_n{}': 2 });
  });

  it('bucket modifiers: are sorted in a copy', async () => {
    const histogramBuckets = [5, 1];
    const store = new CustomStore({ metricsConfig: { modifiers: { h: { histogramBuckets } } } });
    const metric = { name: 'h', help: 'H', histogram: { value: '2', buckets: [9] } };
    store.customMetrics.compile(metricsOf(metric)).emit({ variables: {} }, { owner: 'o' });
    const text = await exposed(store.store);
    expect(text).to.contain('le="1"} 0\n').and.contain('le="5"} 1\n').and.not.contain('le="9"');
    expect(histogramBuckets).to.deep.equal([5, 1]);
  });
});
