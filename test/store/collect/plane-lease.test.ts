// The fifth reader and the one that lost its place are in test/collection.test.ts.
import { expect } from 'chai';
import { PlaneLease } from '../../../lib/store/collect/plane-lease.js';
import { meterOf } from '../../../lib/instruments/buffered-meter.js';
import { createCore, type StoreCore } from '../../../lib/store/store-core.js';
import { reportStatistics } from '../../../lib/store/store-report.js';
import { DONE, PLANE_LIVES, PLANE_SIZE, PLANES } from '../../../lib/memory/words.js';
import type { Cut } from '../../../lib/store/definition/stream.js';
import { pointsIn } from '../../support/points.js';

const TTL = 1000;

function values({ streams }: Cut): unknown[] {
  return streams.flatMap(({ points }) => pointsIn(points).map(({ value }) => value));
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

  it('should have nothing to read while the drain that it came too late for goes on', async () => {
    const { kernel } = core.region;
    const reader = core.openReader(() => 'cumulative');
    await reader.collect();
    meterOf(core, 'm').createCounter('c').add(1);
    // A collector whose drain begins before the place is taken.
    const right = kernel.takeRight(0, 0, 0);
    expect([kernel.swap(right, now), kernel.quiesce(right)]).to.deep.equal([DONE, DONE]);
    const lease = PlaneLease.take(core.region, { now, leaseMillis: 1000, shared: false });
    expect(lease.seal(right, now + 1)).to.equal('empty');
    expect(lease.interval).to.deep.equal({ from: -Infinity, until: -Infinity });
    kernel.giveRight(right);
    await reader.collect();
    const next = kernel.takeRight(0, 0, 0);
    expect(lease.seal(next, now + 2), 'from the next drain on').to.equal('sealed');
    expect(lease.interval).to.deep.equal({ from: now, until: now + 2 });
    kernel.giveRight(next);
  });

  it('should begin where the last one that arrived ended, whatever the clock did', async () => {
    const { kernel } = core.region;
    const lease = PlaneLease.take(core.region, { now, leaseMillis: 1000, shared: false });
    const intervalAt = async (at: number): Promise<unknown> => {
      await core.openReader(() => 'cumulative').collect();
      const right = kernel.takeRight(0, 0, 0);
      expect(lease.seal(right, at)).to.equal('sealed');
      kernel.giveRight(right);
      return lease.interval;
    };
    expect(await intervalAt(10), 'no cut was before').to.deep.equal({ from: -Infinity, until: 10 });
    expect(await intervalAt(20), 'it did not arrive').to.deep.equal({ from: -Infinity, until: 20 });
    lease.acknowledge();
    expect(await intervalAt(5)).to.deep.equal({ from: 20, until: 20 });
    lease.acknowledge();
    expect(await intervalAt(30)).to.deep.equal({ from: 20, until: 30 });
  });

  it('should have a sign of life where other threads may ask, and be taken from a thread that ended', () => {
    const { region } = core;
    const take = (shared: boolean): PlaneLease => PlaneLease.take(region, { now, leaseMillis: 1000, shared });
    const isThere = ({ plane }: PlaneLease): boolean => plane.lifeSign(plane.lease()).isThere();
    const leases = [true, true, true, false].map(take);
    expect(leases.map(isThere)).to.deep.equal([true, true, true, false]);
    expect(() => take(true), 'all live')
      .to.throw()
      .with.property('code', 'TOO_MANY_DELTA_READERS');
    const [, second] = leases as [PlaneLease, PlaneLease];
    const number = second.plane.lease();
    const sign = second.plane.lifeSign(number);
    second.release();
    expect(sign.isThere()).to.equal(false);
    // What a thread leaves behind that was terminated: a word that nobody waits on.
    const { plane } = leases[3]!;
    region.i32[(PLANES + plane.index * PLANE_SIZE + PLANE_LIVES) / 4] = plane.lease();
    expect([take(true), take(true)].map(taken => taken.plane.index)).to.deep.equal([1, 3]);
    expect(leases.map(lease => lease.isLost())).to.deep.equal([false, true, false, true]);
  });

  it('should have nothing to read without the right, nor when the lease is over', () => {
    const lease = PlaneLease.take(core.region, { now, leaseMillis: 1000, shared: false });
    const right = core.region.kernel.takeRight(0, 0, 0);
    expect(lease.seal(right + 1, now)).to.equal('lost');
    expect(lease.plane.endLease(lease.plane.lease())).to.equal(true);
    expect([lease.seal(right, now), lease.isLost(), lease.isReleased]).to.deep.equal(['empty', true, false]);
    core.region.kernel.giveRight(right);
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
