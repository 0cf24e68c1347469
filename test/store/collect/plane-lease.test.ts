// The fifth reader and the one that lost its place are in test/collection.test.ts.
import { expect } from 'chai';
import { PlaneLease } from '../../../lib/store/collect/plane-lease.js';
import { meterOf } from '../../../lib/instruments/buffered-meter.js';
import { createCore, type StoreCore } from '../../../lib/store/store-core.js';
import { reportStatistics } from '../../../lib/store/store-report.js';
import type { Cut } from '../../../lib/store/definition/stream.js';

const TTL = 1000;

function values({ streams }: Cut): unknown[] {
  return streams.flatMap(({ points }) => points.map(({ value }) => value));
}

describe('PlaneLease', () => {
  let now = 0;
  let core: StoreCore;
  beforeEach(() => {
    now = 1_000_000;
    core = createCore({ shared: false, maxBytes: 2 ** 22, seriesTtlMillis: TTL, clock: { now: () => now } });
  });
  afterEach(() => core.shutdown());

  it('should hold no series any more when it was given back, whatever was in it', async () => {
    const meter = meterOf(core, 'm');
    const cumulative = core.openReader(() => 'cumulative');
    const [fresh, sealed] = [core.openReader(() => 'delta'), core.openReader(() => 'delta')];
    meter.createCounter('c').add(1, { k: 'a' });
    meter.createHistogram('h').record(1, { k: 'a' });
    meter.createGauge('g').record(1, { k: 'a' });
    await sealed.collect();
    for (const reader of [fresh, sealed]) reader.close();
    for (let cuts = 0; cuts < 3; cuts++) {
      now += TTL;
      await cumulative.collect();
    }
    expect(reportStatistics(core)).to.include({ series: 0, reclaimedSeries: 3 });
  });

  it('should bring its next reader what was recorded since the last cut, and nothing of the one before', async () => {
    const counter = meterOf(core, 'm').createCounter('c');
    for (let generation = 0; generation < 10; generation++) {
      const reader = core.openReader(() => 'delta');
      expect(values(await reader.collect())).to.deep.equal(generation === 0 ? [] : [100]);
      counter.add(1);
      expect(values(await reader.collect()), 'what was lost comes again').to.deep.equal(
        generation === 0 ? [1] : [101],
      );
      counter.add(10);
      await core.openReader(() => 'cumulative').collect();
      reader.close();
      counter.add(100);
    }
  });

  it('should be closed once, however often', () => {
    const take = (): PlaneLease => PlaneLease.take(core.region, { now, leaseMillis: 1000, shared: false });
    const first = take();
    first.release();
    const others = Array.from({ length: 4 }, take);
    first.release();
    expect(others.map(lease => lease.isLost())).to.deep.equal([false, false, false, false]);
    expect(first.isLost()).to.equal(true);
  });
});
