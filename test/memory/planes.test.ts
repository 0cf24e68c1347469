// Leases that are taken, lost and merged between any two steps of a drain are in the model check. Here: one place, step by
// step, and what stands in it.
import { expect } from 'chai';
import { meterOf } from '../../lib/instruments/buffered-meter.js';
import { clearLeftOvers, planesOf, type Plane } from '../../lib/memory/planes.js';
import { readSlot } from '../../lib/memory/tables.js';
import {
  DONE,
  LEASE_BEAT,
  LOST,
  MORE,
  PLANE_COUNT,
  PLANE_LEASE,
  PLANE_SIZE,
  PLANES,
} from '../../lib/memory/words.js';
import { createCore, type StoreCore } from '../../lib/store/store-core.js';

describe('Plane', () => {
  let core: StoreCore;
  let plane: Plane;
  let now = 0;
  beforeEach(() => {
    now = 1000;
    core = createCore({ shared: false, maxBytes: 2 ** 22 });
    [plane] = planesOf(core.region) as [Plane];
  });
  afterEach(() => core.shutdown());

  /** What is read under the right after a cut, at the next of the times 1001, 1002, … */
  const cut = async <T>(read: (right: number) => T): Promise<T | undefined> =>
    (await core.swap.cut(read, { stallDeadlineMillis: 60_000, now: () => ++now })).value;
  const add = (value: number, k = 'a'): void => meterOf(core, 'm').createCounter('c').add(value, { k });
  const sums = (): (number | undefined)[] => [...plane.slots()].map(slot => plane.readSum(slot));
  /** Seals in a cut, and reads the sums. */
  const sealed = (lease: number, arrived: boolean): Promise<unknown> =>
    cut(right => (plane.seal(right, lease, arrived, now) === DONE ? sums() : 'nothing'));

  it('should be one of a few, each with a place of its own', () => {
    const leases = planesOf(core.region).map(one => one.claim(now));
    expect(leases).to.have.length(PLANE_COUNT).and.not.to.include(0);
    expect(planesOf(core.region).map(({ index }) => index)).to.deep.equal(leases.map((_, index) => index));
  });

  it('should be held by one at a time, each under a number of its own', () => {
    const first = plane.claim(now);
    expect([plane.claim(now), plane.lease()]).to.deep.equal([0, first]);
    expect(plane.endLease(first + 1), 'not its lease').to.equal(false);
    expect([plane.endLease(first), plane.endLease(first), plane.lease()]).to.deep.equal([true, false, 0]);
    expect(plane.claim(now)).not.to.be.oneOf([0, first]);
  });

  it('should be taken from a reader only if that last collected before a time', async () => {
    const lease = plane.claim(100);
    expect(plane.endLease(lease, 100)).to.equal(false);
    await cut(right => plane.seal(right, lease, true, 500));
    expect(plane.endLease(lease, 500)).to.equal(false);
    expect(plane.endLease(lease, 501)).to.equal(true);
  });

  it('should have what was recorded since the last cut before it was claimed', async () => {
    add(1);
    await cut(() => true);
    add(10);
    const lease = plane.claim(now);
    expect(plane.serves(lease), 'before a cut').to.equal(false);
    expect(await sealed(lease, true)).to.deep.equal([10]);
    expect([plane.serves(lease), plane.since()]).to.deep.equal([true, 1001]);
  });

  it('should forget what arrived, and bring again what did not, merged', async () => {
    const lease = plane.claim(now);
    await cut(() => true);
    add(1);
    expect(await sealed(lease, true)).to.deep.equal([1]);
    add(2);
    add(5, 'b');
    expect(await sealed(lease, false)).to.have.members([3, 5]);
    expect(await sealed(lease, true), 'nothing since').to.deep.equal([]);
  });

  it('should have a histogram whole: count, sum, extremes and buckets', async () => {
    const advice = { explicitBucketBoundaries: [10, 20] };
    const histogram = meterOf(core, 'm').createHistogram('h', { advice });
    const lease = plane.claim(now);
    await cut(() => true);
    const read = (arrived: boolean): Promise<unknown> =>
      cut(right => {
        plane.seal(right, lease, arrived, now);
        return [...plane.slots()].map(slot =>
          plane.readHistogram(readSlot(core.region, slot).histogramOffset, 3),
        );
      });
    histogram.record(15);
    histogram.record(5);
    expect(await read(true)).to.deep.equal([{ count: 2, sum: 20, min: 5, max: 15, counts: [1, 1, 0] }]);
    histogram.record(25);
    expect(await read(false)).to.deep.equal([{ count: 3, sum: 45, min: 5, max: 25, counts: [1, 1, 1] }]);
  });

  it('should begin to number its leases again at 1 when there is no larger number', () => {
    const word = (PLANES + plane.index * PLANE_SIZE + PLANE_LEASE) / 8;
    for (const [last, next] of [
      [2n ** 31n - 2n, 2 ** 31 - 1],
      [2n ** 31n - 1n, 1],
      [2n ** 32n - 1n, 1],
    ] as const) {
      core.region.i64[word] = BigInt.asIntN(64, last << 32n);
      expect(plane.claim(now)).to.equal(next);
    }
  });

  it('should count each look in the lease, and keep its number', async () => {
    const lease = plane.claim(now);
    const word = (): bigint => core.region.i64[(PLANES + plane.index * PLANE_SIZE + PLANE_LEASE) / 8] ?? 0n;
    const before = word();
    for (let look = 1n; look <= 9n; look++) {
      await cut(right => plane.seal(right, lease, true, now));
      expect(word() - before).to.equal(look * BigInt(LEASE_BEAT));
    }
    expect(plane.lease()).to.equal(lease);
  });

  it('should seal nothing for a lease that is over, nor without the right', async () => {
    const former = plane.claim(now);
    plane.endLease(former);
    const lease = plane.claim(now);
    expect(await cut(right => plane.seal(right, former, true, now))).to.equal(MORE);
    expect(await cut(right => plane.seal(right + 1, lease, true, now))).to.equal(LOST);
  });

  it('should hold nothing of its former reader, in neither half', async () => {
    const former = plane.claim(now);
    await cut(() => true);
    add(1);
    await sealed(former, true);
    add(2);
    await cut(() => true);
    plane.endLease(former);
    const lease = plane.claim(now);
    add(4);
    expect(await sealed(lease, true)).to.deep.equal([4]);
    expect(await cut(right => clearLeftOvers(core.region, right)), 'all are empty').to.equal(true);
  });
});
