// Goal: a View that is only tried changes nothing, and the report says what it would leave. In a store, for custom metrics and
// observables, in threads that have no functions, and on a MeterProvider.
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import {
  cardinalityLimitedView,
  createStore,
  CustomMetrics,
  DoubleBufferedMetricReader,
  limitViews,
  type CardinalityReport,
  type MetricStore,
} from '../../lib/index.js';
import { coreOf } from '../../lib/store/store-core.js';
import { LabelWalk } from '../../lib/store/collect/label-walk.js';
import { DryRuns } from '../../lib/store/dry-runs.js';
import { viewDataOf, viewWithoutFunctions } from '../../lib/store/store-handle.js';

const labels = { pod: { maxValues: 3 }, zone: { map: (zone: string) => zone.slice(0, 1) } };

const tried = (instrumentName: string, limit = 3): ViewOptions =>
  cardinalityLimitedView({ instrumentName, limit, labels, seriesTtlMillis: 1, dryRun: true });

const resultsOf = ({ metrics }: CardinalityReport): unknown =>
  Object.fromEntries(metrics.map(({ name, series, dryRun }) => [name, [series, dryRun]]));

describe('Views that are only tried', () => {
  let store: MetricStore;
  let time = 1e12;
  const open = (views: readonly ViewOptions[]): void => {
    store = createStore({ views, clock: { now: () => time } });
    const meter = store.getMeter('m');
    for (let pod = 0; pod < 9; pod++) meter.createCounter('jobs').add(1, { pod, zone: `x${pod}` });
    meter
      .createObservableGauge('seen')
      .addCallback(result => ['a', 'b'].forEach(zone => result.observe(1, { pod: 1, zone })));
    const metric = {
      name: 'op',
      help: 'h',
      labels: [{ key: 'pod', value: '{{v}}' }],
      counter: { value: '1' },
    };
    const compiled = new CustomMetrics({ store }).compile({ prometheus: [metric] });
    for (const v of ['a', 'b', 'c', 'd', 'e']) compiled.emit({ variables: { v } }, { owner: v });
    meter.createCounter('others').add(1);
  };
  const VIEWS = [tried('jobs'), tried('seen', 1), tried('argo_workflows_op', 9)];
  afterEach(() => store.shutdown());

  it('should change nothing, and be told of in the report', async () => {
    open(VIEWS);
    const producer = store.metricProducer();
    await producer.collect();
    time += 1e6;
    await producer.collect();
    await producer.collect();
    expect(store.statistics()).to.include({ policyValues: 0, reclaimedSeries: 0 });
    expect(resultsOf(await store.cardinalityReport())).to.deep.equal({
      jobs: [9, { series: 3, overflowed: 1 }],
      seen: [2, { series: 1, overflowed: 1 }],
      argo_workflows_op: [5, { series: 4, overflowed: 0 }],
      others: [1, undefined],
    });
    await producer.shutdown();
  });

  it('should say nothing in a thread without the functions that it would need', () => {
    open(VIEWS);
    const { region, registry, options, views } = coreOf(store);
    const index = registry.visible()[0]!.index;
    const of = (own: typeof views): unknown => {
      const runs = new DryRuns({ registry, options, views: own });
      for (const _ of new LabelWalk(region, registry, runs).read());
      return runs.of(index);
    };
    expect(of(views)).to.deep.equal({ series: 3, overflowed: 1 });
    expect(of(views.map(view => viewWithoutFunctions(viewDataOf(view))))).to.equal(undefined);
    const plain = views.map(view => ({
      ...view,
      labels: view.labels!.filter(({ map }) => map === undefined),
    }));
    expect(of(plain.map(view => viewWithoutFunctions(viewDataOf(view))))).to.deep.equal({
      ...{ series: 3, overflowed: 6 },
    });
  });

  it('should stay so when limits are merged, unless a limit says otherwise', () => {
    open([]);
    const dryRuns = (dryRun?: boolean): unknown => {
      const limit = { instrumentName: 'jobs', limit: 7, ...(dryRun !== undefined && { dryRun }) };
      const { views } = coreOf(createStore({ shared: false, views: limitViews([tried('jobs')], [limit]) }));
      return views[0]?.dryRun;
    };
    expect([dryRuns(), dryRuns(true), dryRuns(false)]).to.deep.equal([true, true, undefined]);
    for (const bad of [1, 'true', null])
      expect(() => cardinalityLimitedView({ instrumentName: 'c', limit: 1, dryRun: bad as never })).to.throw(
        'dryRun',
      );
  });

  it('should leave the records of a MeterProvider alone, also beside a wildcard', async () => {
    open([]);
    const reader = new DoubleBufferedMetricReader({ store });
    const provider = new MeterProvider({ views: [tried('j*', 1)], readers: [reader] });
    const counter = provider.getMeter('m').createCounter('jobs2');
    for (let pod = 0; pod < 9; pod++) counter.add(1, { pod, zone: 'x' });
    const { resourceMetrics } = await reader.collect();
    const points = resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
      metrics
        .filter(({ descriptor }) => descriptor.name === 'jobs2')
        .flatMap(({ dataPoints }) => dataPoints.map(({ attributes }) => attributes)),
    );
    expect(points).to.have.length(9);
    await provider.shutdown();
  });
});
