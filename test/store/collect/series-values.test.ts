import { expect } from 'chai';
import { ValueType } from '@opentelemetry/api';
import { meterOf } from '../../../lib/instruments/buffered-meter.js';
import { slotsEnd } from '../../../lib/memory/tables.js';
import { PlaneLease } from '../../../lib/store/collect/plane-lease.js';
import { SeriesValues } from '../../../lib/store/collect/series-values.js';
import type { Series } from '../../../lib/store/series/series-catalog.js';
import { createCore, type StoreCore } from '../../../lib/store/store-core.js';

describe('SeriesValues', () => {
  let core: StoreCore;
  let warnings: string[];
  let lease: PlaneLease;
  beforeEach(() => {
    core = createCore({ shared: false, maxBytes: 2 ** 24, clock: { now: () => 1_000_000 } });
    warnings = [];
    lease = PlaneLease.take(core.region, { now: 0, leaseMillis: 1000, shared: false });
  });
  afterEach(() => core.shutdown());

  const last = (): Series => core.catalog.at(slotsEnd(core.region) - 1)!;
  const values = (): SeriesValues =>
    new SeriesValues({ region: core.region, warn: (cause, detail) => warnings.push(`${cause}: ${detail}`) });
  /** The total and the delta of the newest series, after a cut that this delta reader has a part in. */
  const both = async (at = 1_000_000): Promise<unknown[]> => {
    const { value } = await core.cuts.request(right => {
      expect(lease.seal(right, at)).to.equal('sealed');
      return [values().total(last(), at), values().delta(last(), lease.plane, at)];
    });
    lease.acknowledge();
    return value ?? [];
  };

  it('should read all of a sum from the totals, and what is new of it from a plane', async () => {
    const counter = meterOf(core, 'm').createCounter('c').bind({ k: 'a' });
    counter.add(2);
    expect(await both()).to.deep.equal([2, 2]);
    counter.add(3);
    expect(await both()).to.deep.equal([5, 3]);
    expect(await both(), 'nothing is new').to.deep.equal([5, undefined]);
  });

  it('should read a histogram with as many buckets as it has', async () => {
    const advice = { explicitBucketBoundaries: [1, 2, 3] };
    const histogram = meterOf(core, 'm').createHistogram('h', { advice }).bind({ k: 'a' });
    histogram.record(2.5);
    const first = { count: 1, sum: 2.5, min: 2.5, max: 2.5, counts: [0, 0, 1, 0] };
    expect(await both()).to.deep.equal([first, first]);
    histogram.record(9);
    expect(await both()).to.deep.equal([
      { count: 2, sum: 11.5, min: 2.5, max: 9, counts: [0, 0, 1, 1] },
      { count: 1, sum: 9, min: 9, max: 9, counts: [0, 0, 0, 1] },
    ]);
  });

  it('should show a gauge alike in both, and nothing of one that nobody wrote', async () => {
    const gauge = meterOf(core, 'm').createGauge('g').bind({ k: 'a' });
    expect(await both()).to.deep.equal([undefined, undefined]);
    gauge.record(-7);
    expect(await both()).to.deep.equal([-7, -7]);
  });

  for (const [valueType, shown] of [
    [ValueType.DOUBLE, 1.75],
    [ValueType.INT, 1],
  ] as const)
    it(`should measure a running gauge to the time of the collection: ${ValueType[valueType]}`, async () => {
      meterOf(core, 'm').createGauge('g', { valueType }).bind({ k: 'a' }).recordElapsed(998_250);
      expect(await both()).to.deep.equal([shown, shown]);
      expect(await both(998_000), 'it begins in the future').to.deep.equal([0, 0]);
    });

  it('should warn of a sum that stands at the largest number, and of no other', async () => {
    const sum = meterOf(core, 'm').createUpDownCounter('c').bind({ k: 'a' });
    sum.add(1);
    await both();
    expect(warnings).to.deep.equal([]);
    sum.add(-Number.MAX_VALUE);
    sum.add(-Number.MAX_VALUE);
    expect((await both())[0]).to.equal(-Number.MAX_VALUE);
    expect(new Set(warnings)).to.deep.equal(
      new Set(['saturated: a sum of c was cut off at the largest number there is']),
    );
  });
});
