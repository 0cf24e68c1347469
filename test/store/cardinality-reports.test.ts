// Goal: the report says of each metric that is shown what a plain count says, of none that is hidden, and holds nobody up.
import { expect } from 'chai';
import fc from 'fast-check';
import { Worker } from 'node:worker_threads';
import {
  cardinalityLimitedView,
  CustomMetrics,
  createStore,
  type CardinalityReport,
  type CardinalitySummary,
  type MetricStore,
} from '../../lib/index.js';
import { CardinalityReports } from '../../lib/store/cardinality-reports.js';
import { coreOf } from '../../lib/store/store-core.js';

const CLOCK = { now: () => 1_764_090_000_000 };

describe('store.cardinalityReport()', () => {
  let store: MetricStore;
  afterEach(() => store.shutdown());

  it('should say of a metric how full it is and which label makes it so', async () => {
    store = createStore({ cardinalityLimit: 100, maxSeries: 1000, clock: CLOCK });
    const counter = store.getMeter('controller').createCounter('jobs');
    for (let index = 0; index < 130; index++)
      counter.add(1, { pod: `p${index}`, phase: index % 2 ? 'ok' : 'bad' });
    store.getMeter('other').createHistogram('seconds').record(1);
    const report = await store.cardinalityReport({ top: 1 });
    expect(report).to.deep.include({ version: 1, at: CLOCK.now(), series: 101, maxSeries: 1000, sampled: 1 });
    const [jobs, seconds] = report.metrics;
    expect(jobs).to.deep.include({
      ...{
        name: 'jobs',
        scope: 'controller',
        kind: 'COUNTER',
        series: 100,
        limit: 100,
        headroom: 0,
        overflowed: 30,
      },
      labels: jobs?.labels,
      demand: { sets: 130, exact: false, atMost: false },
    });
    expect(jobs?.labels.map(({ key }) => key)).to.deep.equal(['pod', 'phase']);
    expect(seconds).to.deep.include({
      ...{
        name: 'seconds',
        scope: 'other',
        kind: 'HISTOGRAM',
        series: 1,
        limit: 100,
        headroom: 99,
        overflowed: 0,
      },
      ...{ demand: { sets: 1, exact: true, atMost: false }, labels: [] },
    });
    expect(JSON.parse(JSON.stringify(report))).to.deep.equal(report);
  });

  const value = fc.constantFrom('a', 'b', '1', 1, true, 'ä"\\');
  const set = fc.dictionary(fc.constantFrom('x', 'y', 'z'), value);

  it('should say what a plain count says, and be a summary with more in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(set, { maxLength: 30 }), async sets => {
        const own = createStore({ maxBytes: 2 ** 22, maxSeries: 100 });
        const gauge = own.getMeter('m').createGauge('g');
        for (const attributes of sets) gauge.record(1, attributes);
        const report: CardinalityReport = await own.cardinalityReport({ top: 100 });
        const summary: CardinalitySummary = report;
        const plain = own.cardinality();
        expect(
          summary.metrics.map(({ name, series, limit, overflowed }) => [name, series, limit, overflowed]),
        ).to.deep.equal(
          plain.metrics.map(({ name, series, limit, overflowed }) => [name, series, limit, overflowed]),
        );
        const textOf = (attributes: object): string => JSON.stringify(Object.entries(attributes).sort());
        for (const { key, distinct, exact, seriesWithout, top } of report.metrics[0]?.labels ?? []) {
          const having = [...new Map(sets.map(each => [textOf(each), each])).values()].filter(
            each => key in each,
          );
          expect([distinct, exact]).to.deep.equal([new Set(having.map(each => each[key])).size, true]);
          expect(seriesWithout).to.equal(new Set(sets.map(({ [key]: _, ...rest }) => textOf(rest))).size);
          expect(top.reduce((sum, { series }) => sum + series, 0)).to.equal(having.length);
        }
        await own.shutdown();
      }),
      { numRuns: 40 },
    );
    store = createStore();
  });

  it('should say of a label what a View says about it, and how many of its values have a place', async () => {
    const labels = {
      pod: { maxValues: 5, overflowValue: 'more' },
      path: { map: (path: string) => path.slice(0, 1), maxValues: 9 },
      trace: { drop: true },
    } as const;
    const views = [
      cardinalityLimitedView({ instrumentName: 'jobs', limit: 50, labels }),
      cardinalityLimitedView({ instrumentName: 'others', limit: 50, labels: { pod: { maxValues: 2 } } }),
    ];
    store = createStore({ views, clock: CLOCK });
    for (let pod = 0; pod < 3; pod++)
      store
        .getMeter('m')
        .createCounter('jobs')
        .add(1, { pod, path: `/${pod}`, trace: pod, phase: 'ok' });
    store.getMeter('m').createCounter('others').add(1, { pod: 1 });
    const { metrics } = await store.cardinalityReport();
    const first = { rule: 'maxValues', choose: 'first', refused: { values: 0, atLeast: false } };
    expect(
      metrics.map(({ name, labels }) => [name, labels.map(({ key, policy }) => [key, policy])]),
    ).to.deep.equal([
      [
        'jobs',
        [
          ['pod', { ...first, maxValues: 5, used: 3, overflowValue: 'more' }],
          ['path', { ...first, maxValues: 9, used: 1, overflowValue: '_OTHER' }],
          ['phase', undefined],
        ],
      ],
      ['others', [['pod', { ...first, maxValues: 2, used: 1, overflowValue: '_OTHER' }]]],
    ]);
    expect(store.statistics()).to.include({ series: 4, policyValues: 5 });
  });

  it('should say of each metric how many values of its own have a place', async () => {
    const view = (instrumentName: string, maxValues: number) =>
      cardinalityLimitedView({ instrumentName, limit: 50, labels: { pod: { maxValues } } });
    store = createStore({ views: [view('jobs', 5), view('steps', 7)], clock: CLOCK });
    for (const [name, pods] of [
      ['jobs', 3],
      ['steps', 2],
    ] as const)
      for (let pod = 0; pod < pods; pod++) store.getMeter('m').createCounter(name).add(1, { pod });
    const { metrics } = await store.cardinalityReport();
    expect(
      metrics.map(({ name, labels: [pod] }) => [name, pod?.policy?.used, pod?.policy?.maxValues]),
    ).to.deep.equal([
      ['jobs', 3, 5],
      ['steps', 2, 7],
    ]);
  });

  it('should advise nothing about a label that has a policy', async () => {
    const views = ['pod', 'zone'].map(label =>
      cardinalityLimitedView({
        ...{ instrumentName: `jobs_by_${label}`, limit: 100, labels: { [label]: { maxValues: 90 } } },
      }),
    );
    store = createStore({ views, clock: CLOCK });
    for (let pod = 0; pod < 150; pod++)
      for (const name of ['jobs_by_pod', 'jobs_by_zone'])
        store.getMeter('m').createCounter(name).add(1, { pod, zone: 'z' });
    const { metrics } = await store.cardinalityReport();
    const of = (wanted: string) => metrics.find(({ name }) => name === wanted);
    expect([of('jobs_by_pod')?.series, of('jobs_by_pod')?.advice]).to.deep.equal([91, undefined]);
    expect(of('jobs_by_zone')?.advice?.code).to.contain('labels: { pod: { drop: true } }');
  });

  it('should hold custom metrics, observables and what other threads record', async () => {
    store = createStore();
    new CustomMetrics({ store })
      .compile({
        prometheus: [
          { name: 'op', help: 'h', labels: [{ key: 'k', value: '{{v}}' }], counter: { value: '1' } },
        ],
      })
      .emit({ variables: { v: 'Failed' } }, { owner: 'w' });
    store
      .getMeter('m')
      .createObservableGauge('depth')
      .addCallback(result => result.observe(1, { queue: 'q' }));
    await store.metricProducer().collect();
    const worker = new Worker(
      `const { workerData } = require('node:worker_threads');
       import(workerData.module).then(({ attachStore }) =>
         attachStore(workerData.handle).getMeter('m').createCounter('theirs').add(1, { thread: 'w' }));`,
      {
        eval: true,
        workerData: { handle: store.handle, module: new URL('../../dist/index.js', import.meta.url).href },
      },
    );
    await new Promise(resolve => worker.once('exit', resolve));
    const { metrics: found } = await store.cardinalityReport();
    const shown = Object.fromEntries(
      found.map(({ name, scope, series, labels }) => [
        name,
        { scope, series, keys: labels.map(({ key }) => key) },
      ]),
    );
    expect(shown).to.deep.equal({
      argo_workflows_op: { scope: 'otel-argo-metrics', series: 1, keys: ['k'] },
      depth: { scope: 'm', series: 1, keys: ['queue'] },
      theirs: { scope: 'm', series: 1, keys: ['thread'] },
    });
  });

  it('should give only the metrics and values that were asked for', async () => {
    store = createStore();
    for (const name of ['http.requests', 'http.errors', 'jobs']) {
      const counter = store.getMeter('m').createCounter(name);
      for (let index = 0; index < 20; index++) counter.add(1, { index });
    }
    const namesOf = async (metric: string): Promise<string[]> =>
      (await store.cardinalityReport({ metric })).metrics.map(({ name }) => name).sort();
    expect(await namesOf('HTTP.*')).to.deep.equal(['http.errors', 'http.requests']);
    expect(await namesOf('job?')).to.deep.equal(['jobs']);
    expect(await namesOf('http')).to.deep.equal([]);
    const topOf = async (top?: number): Promise<number | undefined> =>
      (await store.cardinalityReport({ ...(top !== undefined && { top }) })).metrics[0]?.labels[0]?.top
        .length;
    expect([await topOf(3), await topOf(), await topOf(100)]).to.deep.equal([3, 10, 20]);
  });

  it('should refuse options that mean nothing', async () => {
    store = createStore();
    for (const options of [{ top: 0 }, { top: 101 }, { top: 1.5 }, { metric: 1 }, { tops: 1 }, null, []]) {
      const error: unknown = await store
        .cardinalityReport(options as never)
        .catch((caught: unknown) => caught);
      expect(error).to.include({ code: 'INVALID_OPTION' });
    }
  });

  it('should make one report for all who ask at a time, and keep it for a while', async () => {
    store = createStore();
    const counter = store.getMeter('m').createCounter('c');
    counter.add(1, { a: 'x' });
    const [first, second] = await Promise.all([store.cardinalityReport(), store.cardinalityReport()]);
    counter.add(1, { a: 'y' });
    const third = await store.cardinalityReport();
    expect([first, second, third].map(({ series }) => series)).to.deep.equal([1, 1, 1]);
    expect((await new CardinalityReports(coreOf(store)).get({})).series).to.equal(2);
  });

  it('should let others have their turn while it is made, and be made beside collections', async () => {
    store = createStore({ maxBytes: 2 ** 28, maxSeries: 60_000, cardinalityLimit: 60_000 });
    const counter = store.getMeter('m').createCounter('c');
    for (let index = 0; index < 60_000; index++) counter.add(1, { index });
    let [turns, isDone] = [0, false];
    let collected: Promise<unknown> | undefined;
    const report = store.cardinalityReport().finally(() => (isDone = true));
    const producer = store.metricProducer();
    while (!isDone) {
      turns++;
      // Not waited for: the report may be done before it.
      if (turns === 2) collected = producer.collect();
      await new Promise(setImmediate);
    }
    expect(turns).to.be.greaterThan(3);
    await collected;
    const [metric] = (await report).metrics;
    expect(metric?.labels[0]?.distinct).to.be.closeTo(60_000, 3600);
    await producer.shutdown();
  });

  it('should be given after the end of the store too', async () => {
    store = createStore();
    store.getMeter('m').createCounter('c').add(1, { a: 'x' });
    await store.shutdown();
    expect((await store.cardinalityReport()).series).to.equal(1);
  });
});
