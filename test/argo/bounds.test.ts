// Goal: no input holds a thread for long. What bounds it is counted in steps; the times here are only to notice a hang.
import { expect } from 'chai';
import fc from 'fast-check';
import { DoubleBufferedMetricReader } from '../../lib/index.js';
import type { Diagnostic, MetricScope } from '../../lib/index.js';
import { compileMetrics } from '../../lib/argo/spec/compile.js';
import { renderTemplate } from '../../lib/argo/template/render-template.js';
import { WorkflowObserver } from '../../lib/argo/observe/workflow-observer.js';
import { CustomStore, metricsOf } from './custom-store.js';
import { finished, workflowOf } from './workflow-fixture.js';

/** Of this process' time: far above what any of this takes, and far below the minute that it took without bounds. */
const HANG_MILLIS = 10_000;

function busyMillis(body: () => void): number {
  const start = process.cpuUsage();
  body();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function counter(name: string, label: string): Record<string, unknown> {
  return { name, help: 'H', labels: [{ key: 'k', value: label }], counter: { value: '1' } };
}

/** One event with a node of the template for each number, and these metrics. */
function observeNodes(count: number, metrics: readonly unknown[], fields = {}) {
  const told: Diagnostic[] = [];
  const store = new CustomStore({ onDiagnostic: diagnostic => told.push(diagnostic) });
  const observer = new WorkflowObserver({ customMetrics: store.customMetrics });
  const object = workflowOf({
    nodes: Array.from({ length: count }, (_, index) => finished(`n${index}`, fields)),
    spec: { templates: [{ name: 'main', container: {}, metrics: metricsOf(...metrics) }] },
  });
  let diagnostics: readonly Diagnostic[] = [];
  const millis = busyMillis(() => {
    diagnostics = observer.observe({ type: 'ADDED', object });
  });
  return { store, diagnostics, told, millis };
}

describe('faults: jsonpath-loop-not-budgeted', () => {
  const numbers = `[${'1,'.repeat(900)}1]`;
  for (const [name, expression] of Object.entries({
    'a list that the expression makes': `len(filter(1..2000, {jsonpath("[" + sprig.repeat(2000, "1,") + "1]", "$..*") != nil}))`,
    'a constant list': `len(filter(1..100000, {jsonpath("${numbers}", "$..*") != nil}))`,
    'nested wildcards': `count(1..90000, jsonpath('[[[1,2],[3,4]],[[5,6],[7,8]]]', '$..*..*..*..*..*') != nil)`,
    'filters in filters': `count(1..90000, jsonpath('[[1,2,3,4],[5,6,7,8]]', '$..[?(@..*)]..[?(@..*)]..*') != nil)`,
    'sums of comparisons': `count(1..90000, jsonpath('[1,2,3]', '$[?(@==1==@==2==@)]') == nil)`,
    'a swallowed error': `count(1..90000, sprig.fromJson('{') == nil)`,
    'zones of time': `count(1..90000, sprig.dateInZone('MST', 0, 'Asia/Kolkata') != '')`,
    'patterns that are computed': `count(1..90000, 'a' matches ('${'\\\\pL'.repeat(200)}' + string(#)))`,
    'one pattern with many states': `count(1..90000, repeat('ab', 5000) matches '(a|b)*a(a|b){30}$')`,
  }))
    it(`jsonpath-loop-not-budgeted: should bound a loop around ${name}, and name the limit`, () => {
      const { customMetrics } = new CustomStore();
      const compiled = customMetrics.compile(metricsOf(counter('m', `{{=${expression}}}`)));
      expect(compiled.diagnostics).to.deep.equal([]);
      let emitted: readonly Diagnostic[] = [];
      const millis = busyMillis(() => {
        emitted = compiled.emit({ variables: {} }, { owner: 'o' });
      });
      expect(emitted.map(({ code }) => code)).to.deep.equal(['LIMIT_EXCEEDED']);
      expect(emitted[0]?.message).to.match(/takes more than 250000 steps/);
      expect(millis).to.be.lessThan(HANG_MILLIS);
    });

  it('should charge one emission for all its texts, and each metric for itself', () => {
    const third = '{{=count(1..15000, # > 0)}}';
    const { customMetrics } = new CustomStore();
    const labels = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ key: `k${i}`, value: `{{=${i} + ${third.slice(3)}` }));
    const metric = (name: string, count: number) => ({ ...counter(name, ''), labels: labels(count) });
    const compiled = customMetrics.compile(
      metricsOf(metric('two', 2), metric('three', 3), metric('dear', 9)),
    );
    const emitted = compiled.emit({ variables: {} }, { owner: 'o' });
    expect(emitted.map(({ code, metric: name }) => `${code} ${name}`)).to.deep.equal(['LIMIT_EXCEEDED dear']);
  });

  it('should answer whatever is nested in whatever, in steps', () => {
    const text = fc.constantFrom('big', "'a'", "'$..*'", "'(a|b)*'", "repeat('ab', 9000)", 'json', "'2006'");
    const call = fc.oneof(
      fc
        .tuple(
          fc.constantFrom('jsonpath', 'split', 'indexOf', 'sprig.splitList', 'sprig.regexFind'),
          text,
          text,
        )
        .map(([name, left, right]) => `${name}(${left}, ${right})`),
      fc
        .tuple(
          fc.constantFrom(
            'upper',
            'toJSON',
            'fromJSON',
            'sprig.swapcase',
            'sprig.snakecase',
            'sprig.b64dec',
            'len',
          ),
          text,
        )
        .map(([name, argument]) => `${name}(${argument})`),
    );
    const nested = fc.tuple(
      fc.constantFrom('count(1..90000,', 'map(1..500,', 'filter(1..9000,'),
      call,
      fc.boolean(),
    );
    const variables = { big: 'aB '.repeat(300_000), json: `[${'[1],'.repeat(5000)}1]` };
    fc.assert(
      fc.property(nested, ([loop, body, isNested]) => {
        const source = isNested ? `${loop} ${loop} (${body}) != nil) != nil)` : `${loop} (${body}) != nil)`;
        const millis = busyMillis(() => {
          const result = renderTemplate(`{{=len(string(${source}))}}`, variables);
          if ('error' in result)
            expect(result.error.message).to.match(/more than|too long|failed to evaluate/);
        });
        expect(millis, source).to.be.lessThan(HANG_MILLIS);
      }),
      { numRuns: 60 },
    );
  }).timeout(300_000);
});

describe('faults: heavy-event', () => {
  const dear = `{{=len(sprig.regexReplaceAll("(a)", sprig.repeat(10000, "a"), sprig.repeat(10000, "$1")))}}`;
  const costly = '{{=count(1..40000, # > 0)}}';

  it('heavy-event: should not emit a metric again that hit its limit, and go on with the others', async () => {
    const { store, diagnostics, millis } = observeNodes(1000, [
      ...Array.from({ length: 10 }, (_, index) => counter(`dear${index}`, dear)),
      counter('cheap', '{{status}}'),
    ]);
    expect(millis).to.be.lessThan(HANG_MILLIS);
    expect(diagnostics.map(({ code, metric }) => `${code} ${metric}`)).to.deep.equal(
      Array.from({ length: 10 }, (_, index) => `LIMIT_EXCEEDED dear${index}`),
    );
    expect(diagnostics[0]?.hint).to.contain('not emitted again for this object');
    expect(store.customMetrics.skippedEmissions).to.equal(9990);
    expect(await store.collect()).to.deep.equal({ 'argo_workflows_cheap{k=Succeeded}': 1000 });
  });

  it('heavy-event: should bound what all metrics of all nodes take together', async () => {
    const { store, diagnostics, millis } = observeNodes(1000, [
      counter('costly', costly),
      counter('cheap', '{{status}}'),
      counter('other', costly),
    ]);
    expect(millis).to.be.lessThan(HANG_MILLIS);
    expect(diagnostics.map(({ code, metric }) => `${code} ${metric}`)).to.deep.equal([
      'LIMIT_EXCEEDED costly',
      'LIMIT_EXCEEDED other',
    ]);
    expect(diagnostics[0]?.message).to.match(/metrics of one object takes more than \d+ steps/);
    expect(await store.collect()).to.include({ 'argo_workflows_cheap{k=Succeeded}': 1000 });
  });

  it('heavy-event: should not ask thousands of metrics for each of thousands of nodes when nothing is left', () => {
    const metrics = Array.from({ length: 3000 }, (_, index) => counter(`m${index}`, '{{no.such}}'));
    const { store, diagnostics, millis } = observeNodes(3000, metrics);
    const limits = diagnostics.filter(({ code }) => code === 'LIMIT_EXCEEDED');
    expect(limits.length).to.be.within(1, 3000);
    expect(diagnostics.length).to.be.lessThan(30_000);
    expect(store.customMetrics.skippedEmissions).to.be.greaterThan(8_000_000);
    expect(millis).to.be.lessThan(HANG_MILLIS);
  });

  it('heavy-event: should tell of a thousand mistakes of one object, and of the others how many there are', () => {
    const metrics = Array.from({ length: 20 }, (_, index) => counter(`m${index}`, '{{no.such}}'));
    const { diagnostics, told } = observeNodes(100, metrics);
    expect(diagnostics).to.have.length(1001);
    expect(diagnostics.at(-1)?.message).to.equal(
      '1000 more diagnostics of one object are left out; the first 1000 were told',
    );
    expect(told).to.deep.equal(diagnostics);
  });

  it('heavy-event: should tell of a thousand nodes without template, and how many more there are', () => {
    const { diagnostics } = observeNodes(1500, [], { templateName: 'gone' });
    expect(diagnostics.map(({ code }) => code)).to.have.length(1001);
    expect(diagnostics.at(-1)?.message).to.match(/^500 more diagnostics/);
  });

  it('heavy-event: should tell of a thousand mistakes of one emission or declaration, and how many more there are', () => {
    const { customMetrics } = new CustomStore();
    const names = Array.from({ length: 1500 }, (_, index) => `m${index}`);
    const compiled = customMetrics.compile(metricsOf(...names.map(name => counter(name, '{{no.such}}'))));
    const emitted = compiled.emit({ variables: {} }, { owner: 'o' });
    expect(emitted).to.have.length(1001);
    expect(emitted.at(-1)?.message).to.match(/^500 more diagnostics/);
    const wrong = customMetrics.compile(metricsOf(...names.map(name => ({ name, help: 'H' }))));
    expect(wrong.diagnostics).to.have.length(1001);
    expect(wrong.diagnostics.at(-1)?.message).to.match(/^501 more diagnostics/);
  });

  it('heavy-event: should read a list of metrics that has more mistakes than a call can have arguments', () => {
    const labels = Array.from({ length: 1000 }, () => ({ value: 'v' }));
    const metric = { name: 'm', help: 'H', labels, counter: { value: '1' } };
    for (const wrong of [0, {}, metric]) {
      const store = new CustomStore();
      const list = Array.from({ length: wrong === metric ? 250 : 200_000 }, () => wrong);
      const spec = { templates: [{ name: 'main', container: {}, metrics: { prometheus: list } }] };
      const object = workflowOf({ nodes: [finished('n')], spec });
      const diagnostics = new WorkflowObserver({ customMetrics: store.customMetrics }).observe({
        type: 'ADDED',
        object,
      });
      expect(diagnostics).to.have.length(1001);
      expect(diagnostics.at(-1)?.message).to.match(/^\d+ more diagnostics/);
    }
  });

  it('heavy-event: should not ask realtime gauges that are stopped for each of very many nodes', async () => {
    const metrics = Array.from({ length: 3000 }, (_, index) => ({
      name: `m${index}`,
      help: 'H',
      gauge: { realtime: true, value: '{{duration}}' },
    }));
    const { store, diagnostics } = observeNodes(3000, metrics, { phase: 'Running', finishedAt: null });
    expect(diagnostics).to.have.length(1001);
    expect(store.customMetrics.skippedEmissions).to.be.greaterThan(8_000_000);
    expect(Object.keys(await store.collect()).length).to.be.greaterThan(0);
  });

  it('heavy-event: should compile as many wrong metrics as an object may cost, and say where it stopped', () => {
    const wrong = { name: '-', counter: {} };
    const { diagnostics } = compileMetrics(metricsOf(...Array.from({ length: 90_000 }, () => wrong)), 'spec');
    expect(diagnostics.length).to.be.within(1000, 40_000);
    const [broken, ignored, ...others] = diagnostics.filter(({ code }) => code === 'LIMIT_EXCEEDED');
    expect(others).to.deep.equal([]);
    expect(broken?.message).to.equal('evaluation of the metrics of one object takes more than 2000000 steps');
    expect(ignored?.message).to.equal(
      'metrics from here on are ignored: compiling takes more than 2000000 steps',
    );
    expect(ignored?.path).to.match(/^spec\.prometheus\[\d+\]$/);
  });

  it('should not take a metric for too dear because fields of others are misspelled', () => {
    const { customMetrics } = new CustomStore();
    const metrics = Array.from({ length: 1500 }, (_, index) => ({ ...counter(`m${index}`, 'v'), valeu: 1 }));
    const { diagnostics } = customMetrics.compile(metricsOf(...metrics));
    expect(new Set(diagnostics.map(({ severity }) => severity))).to.deep.equal(new Set(['warning']));
  });

  it('should begin anew with the next object', () => {
    const { customMetrics } = new CustomStore();
    const compiled = customMetrics.compile(metricsOf(counter('m', '{{=count(1..asInt(n), # > 0)}}')));
    const emit = (n: string) => compiled.emit({ variables: { n } }, { owner: 'o' }).map(({ code }) => code);
    expect(emit('99999')).to.deep.equal(['LIMIT_EXCEEDED']);
    expect(emit('10')).to.deep.equal([]);
    expect(customMetrics.skippedEmissions).to.equal(0);
  });
});

describe('faults: api-realtime-nan', () => {
  const gauge = { name: 'rt', help: 'H', gauge: { realtime: true, value: '{{duration}}' } };
  const wrong: readonly unknown[] = [
    () => 3,
    '3',
    NaN,
    Infinity,
    null,
    3n,
    true,
    {},
    [],
    { start: 1 },
    { start: 1, end: NaN },
    { start: '1', end: 2 },
    { end: 2 },
  ];

  for (const [index, duration] of wrong.entries())
    it(`api-realtime-nan: should report what is no time, and record nothing (${index})`, async () => {
      const store = new CustomStore();
      const scope = { variables: {}, realtime: { duration } } as unknown as MetricScope;
      const emitted = store.customMetrics.compile(metricsOf(gauge)).emit(scope, { owner: 'o' });
      expect(emitted.map(({ code, metric }) => `${code} ${metric}`)).to.deep.equal(['EMISSION_INVALID rt']);
      expect(emitted[0]?.message).to.contain(
        "scope.realtime['duration'] must be a time in Unix milliseconds",
      );
      expect(await store.collect()).to.deep.equal({});
    });

  it('should show the seconds of a start, and of a start with its end', async () => {
    const store = new CustomStore();
    const compiled = store.customMetrics.compile(metricsOf(gauge));
    for (const duration of [store.now - 2000, { start: 1000, end: 3000 }]) {
      expect(compiled.emit({ variables: {}, realtime: { duration } }, { owner: 'o' })).to.deep.equal([]);
      expect(await store.collect()).to.deep.equal({ 'argo_workflows_rt{}': 2 });
    }
  });
});

describe('the clock of expressions', () => {
  it("should be the store's, in every function that tells the time", async () => {
    const store = new CustomStore();
    store.now = Date.UTC(2026, 0, 2, 3, 4, 5);
    const labels = Object.entries({
      now: 'now().Format("2006-01-02T15:04:05Z07:00")',
      sprig: 'sprig.now().Unix()',
      ago: `sprig.ago(${Date.UTC(2026, 0, 2) / 1000})`,
      date: 'sprig.date("2006-01-02", "none")',
      since: '(now() - date("2026-01-02")).Hours() < 4',
    }).map(([key, value]) => ({ key, value: `{{=${value}}}` }));
    const compiled = store.customMetrics.compile(metricsOf({ ...counter('m', ''), labels }));
    expect(compiled.emit({ variables: {} }, { owner: 'o' })).to.deep.equal([]);
    const reader = new DoubleBufferedMetricReader({ store: store.store });
    const { resourceMetrics } = await reader.collect();
    const [point] = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics)[0]?.dataPoints ?? [];
    await reader.shutdown();
    expect(point?.attributes).to.deep.equal({
      now: '2026-01-02T03:04:05Z',
      sprig: String(store.now / 1000),
      ago: '3h4m5s',
      date: '2026-01-02',
      since: 'true',
    });
  });
});
