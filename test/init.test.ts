// Goal: a series that is made to exist is shown with 0 in both temporalities until something is recorded, and what it has
// is never changed by it. Method: whole stores; at the end, random operations against a model.
import { expect } from 'chai';
import { collectPrometheusText, createStore, type MetricStore } from '../lib/index.js';
import { coreOf } from '../lib/store/store-core.js';
import type { StoreReader } from '../lib/store/collect/store-reader.js';
import { OVERFLOW } from './support/collected.js';
import { pointsIn } from './support/points.js';

const BUCKETS = { advice: { explicitBucketBoundaries: [10] } };
const EMPTY = { count: 0, sum: 0, min: 0, max: 0, counts: [0, 0] };

async function shown(reader: StoreReader): Promise<Record<string, unknown>> {
  const { streams } = await reader.collect();
  return Object.fromEntries(
    streams.flatMap(({ definition: { name }, points }) =>
      pointsIn(points).map(({ attributes, value }) => [`${name}${JSON.stringify(attributes)}`, value]),
    ),
  );
}

for (const shared of [true, false])
  describe(`init, in a store of ${shared ? 'several threads' : 'one thread'}`, () => {
    let store: MetricStore;
    beforeEach(() => (store = createStore({ shared })));
    afterEach(() => store.shutdown());

    const open = () => ({
      counter: store.getMeter('m').createCounter('c'),
      upDown: store.getMeter('m').createUpDownCounter('u'),
      histogram: store.getMeter('m').createHistogram('h', BUCKETS),
      delta: coreOf(store).openReader(() => 'delta'),
      cumulative: coreOf(store).openReader(() => 'cumulative'),
    });

    it('should show 0 from the next collection on, and the first records as they are', async () => {
      const { counter, upDown, histogram, delta, cumulative } = open();
      await delta.collect();
      const bound = histogram.bind({ k: 'a' });
      for (let time = 0; time < 3; time++)
        for (const instrument of [counter, upDown, histogram]) instrument.init({ k: 'a' });
      const zeros = { 'c{"k":"a"}': 0, 'u{"k":"a"}': 0, 'h{"k":"a"}': EMPTY };
      expect(await shown(delta)).to.deep.equal(zeros);
      delta.acknowledge();
      for (let time = 0; time < 2; time++) expect(await shown(cumulative)).to.deep.equal(zeros);
      bound.record(0);
      bound.record(7);
      histogram.init({ k: 'a' });
      counter.add(2, { k: 'a' });
      counter.init({ k: 'a' });
      const some = { count: 2, sum: 7, min: 0, max: 7, counts: [2, 0] };
      expect(await shown(cumulative)).to.deep.equal({ ...zeros, 'c{"k":"a"}': 2, 'h{"k":"a"}': some });
      expect(await shown(delta)).to.deep.equal({ 'c{"k":"a"}': 2, 'h{"k":"a"}': some });
      delta.acknowledge();
      expect(await shown(delta)).to.deep.equal({});
    });

    it('should keep least and greatest value, whatever comes first', async () => {
      const { histogram, delta, cumulative } = open();
      await delta.collect();
      histogram.init();
      histogram.record(30);
      histogram.init();
      await cumulative.collect();
      histogram.init();
      await cumulative.collect();
      histogram.record(20);
      const expected = { 'h{}': { count: 2, sum: 50, min: 20, max: 30, counts: [0, 2] } };
      expect(await shown(cumulative)).to.deep.equal(expected);
      // Two halves that were not acknowledged, one of them without a record.
      expect(await shown(delta)).to.deep.equal(expected);
      histogram.init();
      expect(await shown(delta)).to.deep.equal(expected);
    });

    it('should come again with what did not arrive, and begin anew after a removal', async () => {
      const { histogram, delta, cumulative } = open();
      await delta.collect();
      histogram.init();
      for (let time = 0; time < 3; time++) expect(await shown(delta)).to.deep.equal({ 'h{}': EMPTY });
      delta.acknowledge();
      expect(histogram.remove()).to.equal(true);
      expect(await shown(cumulative)).to.deep.equal({});
      histogram.init();
      expect(await shown(cumulative)).to.deep.equal({ 'h{}': EMPTY });
    });
  });

describe('init', () => {
  it('should go to the overflow series where the limit is reached', async () => {
    const store = createStore({ cardinalityLimit: 1 });
    const counter = store.getMeter('m').createCounter('c');
    const histogram = store.getMeter('m').createHistogram('h', BUCKETS);
    for (const k of ['a', 'b']) {
      counter.init({ k });
      histogram.init({ k });
    }
    expect(await shown(coreOf(store).openReader(() => 'cumulative'))).to.deep.equal({
      'c{"k":"a"}': 0,
      [`c${OVERFLOW}`]: 0,
      'h{"k":"a"}': EMPTY,
      [`h${OVERFLOW}`]: EMPTY,
    });
    await store.shutdown();
    expect(() => histogram.init({ k: 'z' })).to.not.throw();
    expect(store.statistics().refused.ended).to.equal(1);
  });

  it('should keep a series from expiring as a record does, and be gone at its time', async () => {
    let now = 1000;
    const store = createStore({ seriesTtlMillis: 100, clock: { now: () => now } });
    const histogram = store.getMeter('m').createHistogram('h', BUCKETS);
    const reader = coreOf(store).openReader(() => 'cumulative');
    histogram.init();
    expect(await shown(reader)).to.deep.equal({ 'h{}': EMPTY });
    now += 100;
    for (let time = 0; time < 3; time++) expect(await shown(reader)).to.deep.equal({});
    expect(store.statistics()).to.include({ series: 0, reclaimedSeries: 1 });
    await store.shutdown();
  });

  it('should give Prometheus a count of 0, and buckets', async () => {
    const store = createStore();
    store.getMeter('m').createHistogram('h', BUCKETS).init({ k: 'a' });
    let text = '';
    for await (const chunk of collectPrometheusText({ store })) text += chunk;
    for (const line of ['h_bucket{', 'h_sum{', 'h_count{'])
      expect(text).to.match(new RegExp(`^${line}.*k="a".*\\} 0$`, 'm'));
    await store.shutdown();
  });
});
