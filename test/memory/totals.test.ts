// Goal: what a drain has moved is read as it was recorded, and what was not recorded is told from what is zero.
import { expect } from 'chai';
import { meterOf } from '../../lib/instruments/buffered-meter.js';
import { readSlot, slotsEnd } from '../../lib/memory/tables.js';
import { readGauge, readHistogram, readScalar, readSum } from '../../lib/memory/totals.js';
import { createCore, type StoreCore } from '../../lib/store/store-core.js';

describe('totals', () => {
  let core: StoreCore;
  beforeEach(() => (core = createCore({ shared: false, maxBytes: 2 ** 22 })));
  afterEach(() => core.shutdown());

  const cut = (): Promise<unknown> =>
    core.swap.cut(() => true, { stallDeadlineMillis: 60_000, now: () => 1 });
  /** The slot of the series that was admitted last. */
  const last = (): number => slotsEnd(core.region) - 1;

  it('of a sum should be absent until something was recorded, be it zero', async () => {
    const counter = meterOf(core, 'm').createUpDownCounter('c').bind({ k: 'a' });
    await cut();
    expect(readSum(core.region, last())).to.equal(undefined);
    for (const [added, sum] of [
      [0, 0],
      [5, 5],
      [-5, 0],
    ] as const) {
      counter.add(added);
      await cut();
      expect(Object.is(readSum(core.region, last()), sum), `${added} was added`).to.equal(true);
    }
    expect(readScalar(core.region, core.region.layout.totals + last() * 8)).to.equal(0);
  });

  it('of a sum should stop at the largest number there is, in both directions', async () => {
    const counter = meterOf(core, 'm').createUpDownCounter('c').bind({ k: 'a' });
    for (const [value, sum] of [
      [Number.MAX_VALUE, Number.MAX_VALUE],
      [Number.MAX_VALUE, Number.MAX_VALUE],
      [-Number.MAX_VALUE, 0],
      [-Number.MAX_VALUE, -Number.MAX_VALUE],
      [-Number.MAX_VALUE, -Number.MAX_VALUE],
    ] as const) {
      counter.add(value);
      await cut();
      expect(readSum(core.region, last())).to.equal(sum);
    }
  });

  it('of a gauge should be what it was at the cut: a value, a start, or nothing any more', async () => {
    const gauge = meterOf(core, 'm').createGauge('g').bind({ k: 'a' });
    await cut();
    expect(readGauge(core.region, last())).to.equal(undefined);
    gauge.record(0);
    await cut();
    expect(readGauge(core.region, last())).to.deep.equal({ kind: 'value', value: 0 });
    gauge.recordElapsed(7000);
    expect(readGauge(core.region, last()), 'until the next cut').to.deep.equal({ kind: 'value', value: 0 });
    await cut();
    expect(readGauge(core.region, last())).to.deep.equal({ kind: 'elapsed', value: 7000 });
  });

  it('of a histogram should have its buckets, and the extremes of the first values too', async () => {
    const advice = { explicitBucketBoundaries: Array.from({ length: 20 }, (_, index) => index) };
    const histogram = meterOf(core, 'm').createHistogram('h', { advice }).bind({ k: 'a' });
    const read = (): unknown => readHistogram(core.region, readSlot(core.region, last()).histogramOffset, 21);
    await cut();
    expect(read()).to.equal(undefined);
    // The extremes of nothing are no values: 3 is the least, and 100 in a bucket behind the first groups.
    const counts = Array<number>(21).fill(0);
    for (const [value, bucket] of [
      [3, 3],
      [100, 20],
      [3.5, 4],
    ] as const) {
      histogram.record(value);
      counts[bucket] = 1;
      await cut();
    }
    expect(read()).to.deep.equal({ count: 3, sum: 106.5, min: 3, max: 100, counts });
  });
});
