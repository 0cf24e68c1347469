// Goal: a series that nobody uses leaves the collections at its time and gives its place back; one that is used again in
// any state in between loses nothing. Method: whole stores with a clock that the test drives.
import { expect } from 'chai';
import { createStore, CustomMetrics, DoubleBufferedMetricReader, type MetricStore } from '../lib/index.js';
import { coreOf } from '../lib/store/store-core.js';
import type { StoreReader } from '../lib/store/collect/store-reader.js';
import { pointsIn } from './support/points.js';

const TTL = 1000;

/** Boundaries that take several groups of buckets. */
const WIDE = Array.from({ length: 20 }, (_, index) => index);

interface Shown {
  readonly value: unknown;
  readonly start: number;
}

class Fixture {
  now = 1_000_000;
  readonly store: MetricStore;
  readonly reader: DoubleBufferedMetricReader;

  constructor(options: object = {}) {
    this.store = createStore({ seriesTtlMillis: TTL, clock: { now: () => this.now }, ...options });
    this.reader = new DoubleBufferedMetricReader({ store: this.store });
  }

  /** What is exposed, by metric and the label `k`. */
  async collect(reader = this.reader): Promise<Record<string, Shown>> {
    const { resourceMetrics, errors } = await reader.collect();
    expect(errors).to.deep.equal([]);
    const shown: Record<string, Shown> = {};
    for (const { descriptor, dataPoints } of resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics))
      for (const { attributes, value, startTime } of dataPoints) {
        const key = String(
          attributes['otel.metric.overflow'] === true ? 'overflow' : (attributes['k'] ?? ''),
        );
        const count = typeof value === 'number' ? value : (value as { count: number }).count;
        shown[`${descriptor.name}/${key}`] = {
          value: count,
          start: startTime[0] * 1000 + startTime[1] / 1e6,
        };
      }
    return shown;
  }

  /** Time passes, and so many collections with it. */
  async idle(collections = 1): Promise<void> {
    this.now += TTL;
    for (let count = 0; count < collections; count++) await this.collect();
  }
}

describe('a series that nobody records into', () => {
  it('should be left out of the collection that finds its time passed; what is recorded then is a new life', async () => {
    const fixture = new Fixture();
    const meter = fixture.store.getMeter('t');
    const counter = meter.createCounter('c').bind({ k: 'a' });
    const histogram = meter.createHistogram('h', { advice: { explicitBucketBoundaries: WIDE } });
    for (const bucket of [0, 9, 20]) histogram.record(bucket, { k: 'a' });
    counter.add(5);
    const start = fixture.now;
    const first = await fixture.collect();
    expect(first).to.deep.equal({ 'c/a': { value: 5, start }, 'h/a': { value: 3, start } });
    fixture.now += TTL - 1;
    expect(await fixture.collect()).to.deep.equal(first);
    fixture.now++;
    expect(await fixture.collect()).to.deep.equal({});
    expect(fixture.store.statistics()).to.include({ series: 2, reclaimedSeries: 0 });
    const left = fixture.now;
    fixture.now += 3;
    counter.add(1); // Its place is not free yet.
    histogram.record(9, { k: 'a' });
    const again = { 'c/a': { value: 1, start: left }, 'h/a': { value: 1, start: left } };
    expect(await fixture.collect()).to.deep.equal(again);
    fixture.now += TTL - 1;
    expect(await fixture.collect()).to.deep.equal(again);
    counter.add(1);
    expect((await fixture.collect())['c/a']).to.deep.equal({ value: 2, start: left });
  });

  it('should have no bucket, no sum, no least and no greatest value of the life before', async () => {
    const fixture = new Fixture();
    const histogram = fixture.store
      .getMeter('t')
      .createHistogram('h', { advice: { explicitBucketBoundaries: WIDE } });
    for (const value of [-1, ...WIDE, 1000]) histogram.record(value, { k: 'a' });
    await fixture.collect();
    await fixture.idle();
    histogram.record(9, { k: 'a' });
    const [stream] = (
      await coreOf(fixture.store)
        .openReader(() => 'cumulative')
        .collect()
    ).streams;
    expect(pointsIn(stream?.points).map(({ value }) => value)).to.deep.equal([
      {
        ...{ count: 1, sum: 9, min: 9, max: 9 },
        counts: [...WIDE, Infinity].map(bound => Number(bound === 9)),
      },
    ]);
  });

  it('should begin anew however often it was marked: bound again, without a record, in between', async () => {
    const fixture = new Fixture({ handleCacheSize: 0 });
    const counter = fixture.store.getMeter('t').createCounter('c');
    counter.add(5, { k: 'a' });
    await fixture.collect();
    await fixture.idle();
    const bound = counter.bind({ k: 'a' });
    expect(await fixture.collect()).to.deep.equal({});
    const left = fixture.now;
    bound.add(1);
    expect(await fixture.collect()).to.deep.equal({ 'c/a': { value: 1, start: left } });
    expect(fixture.store.statistics()).to.include({ series: 1, reclaimedSeries: 0 });
  });

  it('should begin at the last collection when none has ever shown it', async () => {
    const fixture = new Fixture();
    const bound = fixture.store.getMeter('t').createCounter('c').bind({ k: 'a' });
    await fixture.idle();
    const start = fixture.now;
    fixture.now += 500;
    bound.add(1);
    expect(await fixture.collect()).to.deep.equal({ 'c/a': { value: 1, start } });
  });

  it('should have another start in its new life also when the clock was set back', async () => {
    const fixture = new Fixture();
    const counter = fixture.store.getMeter('t').createCounter('c');
    counter.add(5, { k: 'a' });
    await fixture.collect();
    const start = (await fixture.collect())['c/a']?.start ?? NaN;
    await fixture.idle();
    fixture.now = start - 500;
    await fixture.collect(); // The last one before the record: so the clock says.
    counter.add(1, { k: 'a' });
    expect(await fixture.collect()).to.deep.equal({ 'c/a': { value: 1, start: start + 1 } });
  });

  it('should give readers of deltas what was recorded, in whichever life', async () => {
    const fixture = new Fixture();
    const delta = coreOf(fixture.store).openReader(() => 'delta');
    const counter = fixture.store.getMeter('t').createCounter('c');
    counter.add(5, { k: 'a' });
    await fixture.collect();
    await fixture.idle();
    counter.add(1, { k: 'a' });
    expect(await fixture.collect()).to.have.nested.property('c/a.value', 1);
    expect(
      (await delta.collect()).streams.flatMap(({ points }) => pointsIn(points).map(({ value }) => value)),
    ).to.deep.equal([6]);
  });

  it('should begin anew as an overflow series too', async () => {
    const fixture = new Fixture({ views: [{ instrumentName: 'c', aggregationCardinalityLimit: 1 }] });
    const counter = fixture.store.getMeter('t').createCounter('c');
    const bound = ['a', 'b', 'c'].map(k => counter.bind({ k }));
    for (const each of bound) each.add(1);
    expect(await fixture.collect()).to.have.nested.property('c/overflow.value', 2);
    await fixture.idle();
    const left = fixture.now;
    for (const each of bound) each.add(2);
    const again = await fixture.collect();
    expect(again).to.have.deep.property('c/overflow', { value: 4, start: left });
    expect(again).to.have.deep.property('c/a', { value: 2, start: left });
  });

  it('should begin anew as a gauge that is added to', async () => {
    const fixture = new Fixture();
    const custom = new CustomMetrics({ store: fixture.store, metricsConfig: { metricsTTL: `${TTL}ms` } });
    const gauge = custom.compile({
      prometheus: [{ name: 'g', help: 'G', gauge: { value: '{{n}}', operation: 'Add' } }],
    });
    const add = (n: number): unknown => gauge.emit({ variables: { n: `${n}` } }, { owner: 'w' });
    add(5);
    expect(await fixture.collect()).to.have.nested.property('argo_workflows_g/.value', 5);
    await fixture.idle();
    add(1);
    expect(await fixture.collect()).to.have.nested.property('argo_workflows_g/.value', 1);
    add(1);
    expect(await fixture.collect()).to.have.nested.property('argo_workflows_g/.value', 2);
  });

  it('should give its place back, and be a new series when it is recorded into again', async () => {
    const fixture = new Fixture();
    const counter = fixture.store.getMeter('t').createCounter('c');
    const histogram = fixture.store.getMeter('t').createHistogram('h');
    const bound = counter.bind({ k: 'a' });
    bound.add(5);
    histogram.record(7, { k: 'a' });
    await fixture.collect();
    await fixture.idle(2);
    expect(fixture.store.statistics()).to.include({ series: 0, reclaimedSeries: 2 });
    const start = fixture.now;
    bound.add(2); // Bound to what is gone.
    counter.add(1, { k: 'a' });
    histogram.record(1, { k: 'a' });
    expect(await fixture.collect()).to.deep.equal({
      'c/a': { value: 3, start },
      'h/a': { value: 1, start },
    });
    expect(fixture.store.statistics()).to.include({ series: 2, reclaimedSeries: 2 });
  });

  it('should begin its new life after the end of the one before, whatever the clock of its writer says', async () => {
    const fixture = new Fixture();
    const counter = fixture.store.getMeter('t').createCounter('c');
    counter.add(5, { k: 'a' });
    await fixture.collect();
    await fixture.idle(2);
    const ended = fixture.now;
    fixture.now = 1_000_000; // As if the writer had been suspended since it looked at its clock.
    counter.add(1, { k: 'a' });
    fixture.now = ended;
    expect(await fixture.collect()).to.deep.equal({ 'c/a': { value: 1, start: ended } });
  });

  it('should have another start time in its new life also when the clock went back in between', async () => {
    const fixture = new Fixture({ handleCacheSize: 0 });
    const counter = fixture.store.getMeter('t').createCounter('c');
    const early = fixture.now;
    const late = (fixture.now += 50 * TTL);
    counter.add(5, { k: 'a' });
    fixture.now = early;
    expect(await fixture.collect()).to.deep.equal({ 'c/a': { value: 5, start: late } });
    await fixture.idle(2);
    expect(fixture.store.statistics()).to.include({ reclaimedSeries: 1 });
    fixture.now = late;
    counter.add(1, { k: 'a' });
    expect(await fixture.collect()).to.deep.equal({ 'c/a': { value: 1, start: late + 1 } });
  });

  it('should never be one that would come back wrong, or that has a new value at each collection', async () => {
    const fixture = new Fixture();
    const meter = fixture.store.getMeter('t');
    meter.createUpDownCounter('u').add(3, { k: 'a' });
    meter.createGauge('added').add(3, { k: 'a' });
    meter.createGauge('clock').recordElapsed(fixture.now, { k: 'a' });
    meter.createGauge('set').record(3, { k: 'a' });
    await fixture.collect();
    await fixture.idle(3);
    expect(await fixture.collect()).to.have.keys('u/a', 'added/a', 'clock/a');
  });

  it('should not expire without a time to live', async () => {
    const fixture = new Fixture({ seriesTtlMillis: 0 });
    fixture.store.getMeter('t').createCounter('c').add(1, { k: 'a' });
    await fixture.collect();
    await fixture.idle(3);
    expect(await fixture.collect()).to.have.key('c/a');
  });

  for (const sealed of [false, true])
    for (let keeper = 0; keeper < 4; keeper++)
      it(`should keep its place for delta reader ${keeper} alone, ${sealed ? 'which did not say that it arrived' : 'which did not collect'}`, async () => {
        const fixture = new Fixture();
        const core = coreOf(fixture.store);
        const deltas = Array.from({ length: 4 }, () => core.openReader(() => 'delta'));
        const others = deltas.filter((_, index) => index !== keeper);
        const arrive = async (readers: readonly StoreReader[]): Promise<void> => {
          for (const reader of readers) {
            await reader.collect();
            reader.acknowledge();
          }
        };
        await arrive(deltas);
        fixture.store.getMeter('t').createCounter('c').add(1, { k: 'a' });
        fixture.store.getMeter('t').createHistogram('h').record(1, { k: 'a' });
        if (sealed) await deltas[keeper]?.collect();
        for (let round = 0; round < 4; round++) {
          await arrive(others);
          fixture.now += TTL;
        }
        expect(fixture.store.statistics().reclaimedSeries).to.equal(0);
        for (let round = 0; round < 3; round++) await arrive(deltas);
        expect(fixture.store.statistics().reclaimedSeries).to.equal(2);
        await fixture.store.shutdown();
      });

  it('should keep its place until every delta reader has got what it has of it', async () => {
    const fixture = new Fixture();
    const delta = new DoubleBufferedMetricReader({
      store: fixture.store,
      aggregationTemporalitySelector: () => 0,
    });
    const meter = fixture.store.getMeter('t');
    meter.createCounter('c').add(5, { k: 'a' });
    meter.createHistogram('h').record(5, { k: 'a' });
    await fixture.collect();
    await fixture.idle(3);
    expect(fixture.store.statistics()).to.include({ series: 2, reclaimedSeries: 0 });
    expect(await fixture.collect(delta)).to.have.keys('c/a', 'h/a');
    await fixture.collect(delta); // What arrived is emptied when the next is sealed.
    await fixture.idle(2);
    expect(fixture.store.statistics()).to.include({ series: 0, reclaimedSeries: 2 });
  });
});

describe('a place that was given back', () => {
  it('should be had by a set that was sent to the overflow series', async () => {
    const fixture = new Fixture({ cardinalityLimit: 2 });
    const counter = fixture.store.getMeter('t').createCounter('c');
    const late = counter.bind({ k: 'late' });
    for (const k of ['a', 'b', 'late']) counter.add(1, { k });
    expect(await fixture.collect()).to.have.keys('c/late', 'c/a', 'c/overflow');
    fixture.now += TTL - 1;
    late.add(1);
    counter.add(1, { k: 'b' });
    await fixture.collect();
    fixture.now++;
    await fixture.collect();
    await fixture.collect();
    counter.add(1, { k: 'b' });
    expect(await fixture.collect()).to.have.keys('c/late', 'c/b', 'c/overflow');
  });

  it('should be had by a set of any stream, when it was the store that was full', async () => {
    const fixture = new Fixture({ maxSeries: 1 });
    const meter = fixture.store.getMeter('t');
    meter.createCounter('first').add(1, { k: 'a' });
    const counter = meter.createCounter('c');
    const late = counter.bind({ k: 'late' });
    late.add(1);
    await fixture.collect();
    await fixture.idle(2);
    const start = fixture.now;
    late.add(1);
    counter.add(1, { k: 'late' });
    expect((await fixture.collect())['c/late']).to.deep.equal({ value: 2, start });
  });

  it('should not be needed twice: a store of a thousand series outlives forty thousand', async function () {
    this.timeout(60_000);
    const fixture = new Fixture({ cardinalityLimit: 1000, maxSeries: 2000, handleCacheSize: 100 });
    const meter = fixture.store.getMeter('t');
    const counter = meter.createCounter('c');
    const histogram = meter.createHistogram('h');
    const gauge = meter.createGauge('g');
    let bytes = 0;
    let sum = 0;
    for (let round = 0; round < 60; round++) {
      for (let i = 0; i < 250; i++) {
        const k = `round ${round} of many, number ${i}`;
        counter.add(1, { k });
        histogram.record(1, { k });
        gauge.record(i, { k });
      }
      const shown = await fixture.collect();
      for (const [key, { value }] of Object.entries(shown)) {
        if (!key.startsWith(`c/round ${round} `)) continue;
        expect(value, key).to.equal(1);
        sum++;
        expect(shown[key.replace('c/', 'h/')]?.value, key).to.equal(1);
        expect(shown[key.replace('c/', 'g/')]?.value, key).to.equal(Number(key.split(' ').at(-1)));
      }
      await fixture.idle(2);
      if (round === 10) bytes = fixture.store.statistics().labelBytes;
    }
    const { series, reclaimedSeries, labelBytes, refused } = fixture.store.statistics();
    expect({ sum, series, reclaimedSeries }).to.deep.equal({
      sum: 60 * 250,
      series: 0,
      reclaimedSeries: 60 * 750,
    });
    expect(labelBytes).to.equal(bytes);
    expect(refused).to.include({ overflowedSeries: 0, slotsExhausted: 0, labelBytesExhausted: 0 });
  });

  it('should be free at once, without a time to live, when a gauge is withdrawn', async () => {
    const fixture = new Fixture({ seriesTtlMillis: 0 });
    const custom = new CustomMetrics({ store: fixture.store });
    const metrics = custom.compile({
      prometheus: [
        {
          name: 'd',
          help: 'D',
          labels: [{ key: 'k', value: '{{w}}' }],
          gauge: { realtime: true, value: '{{duration}}' },
        },
      ],
    });
    for (let run = 0; run < 5; run++) {
      const owner = `w${run}`;
      metrics.emit({ variables: { w: owner }, realtime: { duration: fixture.now } }, { owner });
      expect(await fixture.collect()).to.have.keys(`argo_workflows_d/${owner}`);
      custom.delete(owner);
      expect(await fixture.collect()).to.deep.equal({});
      await fixture.collect();
    }
    expect(fixture.store.statistics()).to.include({ series: 0, reclaimedSeries: 5 });
  });
});
