// Goal: a View of the store reaches a custom metric by the name that it is exposed under: limit, policies of labels and `drop` apply, and of
// what cannot apply somebody is told. Method: Views of all sorts around metrics of all types.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { diag } from '@opentelemetry/api';
import { AggregationType, type ViewOptions } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { cardinalityLimitedView, createStore, CustomMetrics, type MetricStore } from '../lib/index.js';
import { captureDiag, namesOf, OVERFLOW, valuesOf } from './support/collected.js';

const TYPES: Record<string, object> = {
  counter: { counter: { value: '1' } },
  gauge: { gauge: { value: '1' } },
  histogram: { histogram: { value: '1', buckets: [1, 2] } },
  realtime: { gauge: { realtime: true, value: '{{duration}}' } },
};

const newStore = (views: ViewOptions[]): MetricStore =>
  createStore({ shared: false, maxBytes: 2 ** 24, cardinalityLimit: 1000, views });

function emit(
  store: MetricStore,
  type: string,
  values: readonly string[],
  {
    name = 'op',
    ...options
  }: { name?: string } & Partial<ConstructorParameters<typeof CustomMetrics>[0]> = {},
): string[] {
  const custom = new CustomMetrics({ store, ...options });
  const compiled = custom.compile({
    prometheus: [{ name, help: 'h', labels: [{ key: 'p', value: '{{v}}' }], ...TYPES[type] }],
  });
  return values.flatMap(v =>
    compiled
      .emit({ variables: { v }, realtime: { duration: { start: 0, end: 5000 } } }, { owner: v })
      .map(({ code }) => code),
  );
}

const FIVE = ['a', 'b', 'c', 'd', 'e'];
const drop = { type: AggregationType.DROP } as const;

describe('Views and custom metrics', () => {
  let said: string[];
  beforeEach(() => (said = captureDiag()));
  afterEach(() => diag.disable());

  for (const type of Object.keys(TYPES))
    it(`policies of labels hold for a ${type}: what they make one is one series`, async () => {
      const labels = { p: { map: (value: string) => value.slice(0, 1), maxValues: 2 } };
      const store = newStore([
        cardinalityLimitedView({ instrumentName: 'argo_workflows_op', limit: 9, labels }),
      ]);
      expect(emit(store, type, ['a1', 'a2', 'b', 'c', 'd'])).to.deep.equal([]);
      const values = valuesOf(await store.metricProducer().collect(), 'argo_workflows_op');
      expect(Object.keys(values).sort()).to.deep.equal(['{"p":"_OTHER"}', '{"p":"a"}', '{"p":"b"}']);
      if (type === 'counter') expect(Object.values(values).sort()).to.deep.equal([1, 2, 2]);
      expect(said).to.deep.equal([]);
      await store.shutdown();
    });

  for (const type of Object.keys(TYPES)) {
    it(`a limit holds exactly for a ${type}`, async () => {
      const store = newStore([cardinalityLimitedView({ instrumentName: 'argo_workflows_op', limit: 2 })]);
      expect(emit(store, type, [...FIVE, ...FIVE])).to.deep.equal([]);
      expect(emit(store, type, FIVE, { name: 'other' })).to.deep.equal([]);
      const result = await store.metricProducer().collect();
      expect(Object.keys(valuesOf(result, 'argo_workflows_op')).sort()).to.deep.equal(
        [OVERFLOW, '{"p":"a"}', '{"p":"b"}'].sort(),
      );
      expect(Object.keys(valuesOf(result, 'argo_workflows_other'))).to.have.length(5);
      const [op, other] = store.cardinality().metrics;
      expect(op).to.deep.include({ name: 'argo_workflows_op', series: 2, limit: 2, overflowed: 3 });
      expect(op?.labels.map(({ key }) => key)).to.deep.equal(['p']);
      expect(other).to.deep.include({ series: 5, limit: 1000, overflowed: 0 });
      expect(said.filter(text => /View/.test(text))).to.deep.equal([]);
      await store.shutdown();
    });

    it(`drop leaves nothing of a ${type}: no series, no stream, no diagnostic, whatever its value`, async () => {
      const store = newStore([{ instrumentName: 'ARGO_*_op', aggregation: drop }]);
      for (const argoCompatibility of ['corrected', 'exact'] as const)
        expect(emit(store, type, FIVE, { argoCompatibility })).to.deep.equal([]);
      emit(store, type, ['a'], { name: 'other' });
      expect(namesOf(await store.metricProducer().collect())).to.deep.equal(['argo_workflows_other']);
      expect(store.statistics()).to.include({ streams: 1, series: 1 });
      expect(said).to.deep.equal([]);
      await store.shutdown();
    });
  }

  const selectors: [ViewOptions, boolean][] = [
    [{ instrumentName: 'argo_workflows_op' }, true],
    [{ instrumentName: 'Argo_Workflows_*' }, true],
    [{ instrumentName: '*' }, true],
    [{ meterName: 'otel-argo-metrics' }, true],
    [{ instrumentUnit: '{item}', instrumentType: 'COUNTER' as never }, true],
    [{ instrumentName: 'op' }, false],
    [{ instrumentName: 'argo_workflows_op', meterName: 'argo' }, false],
    [{ instrumentName: 'argo_workflows_op', instrumentType: 'GAUGE' as never }, false],
  ];
  for (const [selector, isMatch] of selectors)
    it(`${JSON.stringify(selector)} selects ${isMatch ? 'it' : 'something else'}`, async () => {
      const store = newStore([{ ...selector, aggregationCardinalityLimit: 3 }]);
      emit(store, 'counter', FIVE);
      expect(store.cardinality().metrics[0]).to.include({ limit: isMatch ? 3 : 1000 });
      await store.shutdown();
    });

  it('the prefix is a part of the name', async () => {
    const store = newStore([{ instrumentName: 'op', aggregationCardinalityLimit: 1 }]);
    emit(store, 'counter', FIVE, { prefix: '' });
    expect(store.cardinality().metrics[0]).to.include({ name: 'op', series: 1, limit: 1, overflowed: 4 });
    await store.shutdown();
  });

  it('the first View that matches applies, and the others are told that they do not', async () => {
    const store = newStore([
      { instrumentName: 'argo_workflows_op', aggregationCardinalityLimit: 2 },
      { instrumentName: 'argo_*', aggregationCardinalityLimit: 3 },
      { instrumentName: 'argo_*', aggregation: drop },
    ]);
    emit(store, 'counter', FIVE);
    emit(store, 'counter', FIVE);
    const { metrics } = store.cardinality();
    expect(metrics.map(({ name, limit }) => [name, limit])).to.deep.equal([['argo_workflows_op', 2]]);
    const views = said.filter(text => text.includes('matches the custom metric'));
    expect(views).to.have.length(2);
    expect(views[0]).to.contain('View 1 matches the custom metric argo_workflows_op, but View 0 does too');
    await store.shutdown();
  });

  const withoutEffect: [ViewOptions, string[]][] = [
    [{ instrumentName: 'argo_workflows_op', name: 'renamed' }, ['name']],
    [{ instrumentName: 'argo_workflows_op', description: 'other' }, ['description']],
    [{ instrumentName: '*', attributesProcessors: [{ process: () => ({}) }] }, ['attributesProcessors']],
    [
      {
        instrumentName: '*',
        description: 'other',
        aggregation: {
          type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
          options: { boundaries: [7], recordMinMax: false },
        },
      },
      ['description', 'boundaries', 'recordMinMax'],
    ],
    [{ instrumentName: '*', aggregation: { type: AggregationType.LAST_VALUE } }, ['aggregation']],
  ];
  for (const [view, names] of withoutEffect)
    it(`${names.join(' and ')} of a View: have no effect, and that is said once`, async () => {
      const store = newStore([{ ...view, aggregationCardinalityLimit: 2 }]);
      const types = Object.keys(TYPES).filter(type => type !== 'realtime');
      for (const type of types) for (let time = 0; time < 2; time++) emit(store, type, FIVE, { name: `op` });
      const result = await store.metricProducer().collect();
      const values = valuesOf(result, 'argo_workflows_op');
      expect(Object.keys(values).sort()).to.deep.equal([OVERFLOW, '{"p":"a"}', '{"p":"b"}'].sort());
      const views = said.filter(text => text.includes('matches the custom metric'));
      expect(views).to.have.length(1);
      expect(views[0]).to.contain(`not its ${names.join(', ')}`);
      await store.shutdown();
    });

  it('a limit counts over all threads', async () => {
    const store = createStore({
      maxBytes: 2 ** 24,
      views: [cardinalityLimitedView({ instrumentName: 'argo_workflows_op', limit: 2 })],
    });
    emit(store, 'counter', ['a', 'b']);
    // It brings p="x".
    const workerData = { handle: store.handle, value: 1 };
    const worker = new Worker(new URL('./faults/workers/own-attributes.mjs', import.meta.url), {
      workerData,
    });
    await once(worker, 'message');
    expect(valuesOf(await store.metricProducer().collect(), 'argo_workflows_op')).to.deep.equal({
      [OVERFLOW]: 1,
      '{"p":"a"}': 1,
      '{"p":"b"}': 1,
    });
    await worker.terminate();
    await store.shutdown();
  });
});
