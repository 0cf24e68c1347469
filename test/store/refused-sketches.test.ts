// Goal: what a report says of sets beyond the limit is what was asked for, whoever asked.
import { expect } from 'chai';
import { Worker } from 'node:worker_threads';
import {
  cardinalityLimitedView,
  createStore,
  type MetricCardinality,
  type MetricStore,
} from '../../lib/index.js';
import { refusedSketches } from '../../lib/store/refused-sketches.js';
import { coreOf } from '../../lib/store/store-core.js';

const MODULE = new URL('../../dist/index.js', import.meta.url).href;
const THREADS = 4;
const SETS = 1_000_000;

/** Asks for a quarter of the sets, and for some that another thread asks for too. */
const WRITER = `
  const { workerData: { module, handle, thread, threads, sets } } = require('node:worker_threads');
  import(module).then(({ attachStore }) => {
    const counter = attachStore(handle).getMeter('m').createCounter('jobs');
    const ask = index => counter.add(1, { pod: 'pod-' + index, phase: 'p' + (index % 5), zone: 'z' + (index % 8) });
    for (let index = thread; index < sets; index += threads) ask(index);
    for (let index = 0; index < 20_000; index++) ask(index);
  });`;

async function jobsOf(store: MetricStore): Promise<MetricCardinality> {
  const [jobs] = (await store.cardinalityReport({ metric: 'jobs' })).metrics;
  if (jobs === undefined) throw new Error('no jobs');
  return jobs;
}

const labelOf = ({ labels }: MetricCardinality, name: string) => labels.find(({ key }) => key === name);

describe('sets that were refused, in a report', () => {
  let store: MetricStore;
  afterEach(() => store.shutdown());

  it('should be counted over four threads within 5 %, with the label that makes them', async function () {
    this.timeout(300_000);
    store = createStore();
    const threads = Array.from(
      { length: THREADS },
      (_, thread) =>
        new Worker(WRITER, {
          eval: true,
          workerData: { module: MODULE, handle: store.handle, thread, threads: THREADS, sets: SETS },
        }),
    );
    await Promise.all(threads.map(worker => new Promise(resolve => worker.once('exit', resolve))));
    const jobs = await jobsOf(store);
    expect(jobs).to.include({ series: 2000, limit: 2000 });
    expect(jobs.overflowed, 'counts again').to.be.greaterThan(SETS);
    expect(jobs.demand).to.include({ exact: false, atMost: false });
    expect(jobs.demand.sets).to.be.closeTo(SETS, 0.05 * SETS);
    expect(labelOf(jobs, 'pod')).to.include({ exact: false, seriesWithout: 40 });
    expect(labelOf(jobs, 'pod')?.distinct).to.be.closeTo(SETS, 0.05 * SETS);
    expect(labelOf(jobs, 'phase')).to.include({ distinct: 5 });
    expect(labelOf(jobs, 'zone')?.seriesWithout).to.be.closeTo(SETS, 0.05 * SETS);
    expect(jobs.advice?.labels).to.deep.equal({ pod: { drop: true } });
  });

  it('should not have more values of a label than there are sets, whatever the estimates', async () => {
    store = createStore({ maxBytes: 2 ** 23, cardinalityLimit: 2000 });
    const counter = store.getMeter('m').createCounter('jobs');
    for (let index = 0; index < 5000; index++) counter.add(1, { pod: `import-${index}`, phase: index % 2 });
    const jobs = await jobsOf(store);
    // Of the sets the estimate is lower than 5000, of the values alone 5066.
    expect(jobs.demand.sets).to.be.closeTo(5000, 250).and.to.be.lessThan(5000);
    expect(labelOf(jobs, 'pod')).to.include({ distinct: jobs.demand.sets, seriesWithout: 2 });
    expect(labelOf(jobs, 'phase')).to.include({ distinct: 2, exact: false });
  });

  it('should be at most so many where there was no room to count them', async () => {
    store = createStore({ maxBytes: 2 ** 18, maxSeries: 10, maxStreams: 4, maxLabelBytes: 2048, stripes: 1 });
    const counter = store.getMeter('m').createCounter('jobs');
    for (let index = 0; index < 25; index++) counter.add(1, { pod: index });
    const jobs = await jobsOf(store);
    expect(refusedSketches(coreOf(store).region, 0)).to.equal(undefined);
    expect(jobs).to.deep.include({
      ...{ series: 10, overflowed: 15, demand: { sets: 25, exact: false, atMost: true } },
    });
    expect(labelOf(jobs, 'pod')).to.include({ distinct: 10, exact: true, seriesWithout: 1 });
  });

  it('should stay counted when they get a series, and count once', async () => {
    store = createStore({ maxBytes: 2 ** 23, cardinalityLimit: 10 });
    const counter = store.getMeter('m').createCounter('jobs');
    for (let index = 0; index < 15; index++) counter.add(1, { pod: index });
    counter.clear();
    await store.metricProducer().collect();
    for (let index = 10; index < 15; index++) counter.add(1, { pod: index });
    expect(await jobsOf(store)).to.deep.include({
      ...{ series: 5, overflowed: 5, demand: { sets: 5, exact: false, atMost: false } },
    });
    expect(labelOf(await jobsOf(store), 'pod')).to.include({ distinct: 5, exact: false });
  });

  it('should not have the values that policies refuse', async () => {
    const labels = { pod: { maxValues: 3 } };
    const views = [cardinalityLimitedView({ instrumentName: 'jobs', limit: 100, labels })];
    store = createStore({ maxBytes: 2 ** 23, views });
    const { region } = coreOf(store);
    const counter = store.getMeter('m').createCounter('jobs');
    for (let index = 0; index < 30; index++) counter.add(1, { pod: index });
    expect(refusedSketches(region, 0)).to.equal(undefined);
    expect((await jobsOf(store)).demand).to.deep.equal({ sets: 4, exact: true, atMost: false });
  });
});
