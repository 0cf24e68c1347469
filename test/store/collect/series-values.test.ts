import { expect } from 'chai';
import { ValueType } from '@opentelemetry/api';
import { meterOf } from '../../../lib/instruments/buffered-meter.js';
import { slotsEnd } from '../../../lib/memory/tables.js';
import { PlaneLease } from '../../../lib/store/collect/plane-lease.js';
import { SeriesValues } from '../../../lib/store/collect/series-values.js';
import type { Series } from '../../../lib/store/series/known-series.js';
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
  /** The delta of the newest series, after a cut that this delta reader has a part in. */
  const delta = async (at = 1_000_000): Promise<unknown> => {
    const { value } = await core.cuts.request(right => {
      expect(lease.seal(right, at)).to.equal('sealed');
      return { delta: values().delta(last(), lease.plane, at) };
    });
    lease.acknowledge();
    return value?.delta;
  };

  it('should read what is new of a sum', async () => {
    const counter = meterOf(core, 'm').createCounter('c').bind({ k: 'a' });
    counter.add(2);
    expect(await delta()).to.deep.equal(2);
    counter.add(3);
    expect(await delta()).to.deep.equal(3);
    expect(await delta(), 'nothing is new').to.equal(undefined);
  });

  it('should read a histogram with as many buckets as it has', async () => {
    const advice = { explicitBucketBoundaries: [1, 2, 3] };
    const histogram = meterOf(core, 'm').createHistogram('h', { advice }).bind({ k: 'a' });
    histogram.record(2.5);
    const first = { count: 1, sum: 2.5, min: 2.5, max: 2.5, counts: [0, 0, 1, 0] };
    expect(await delta()).to.deep.equal(first);
    histogram.record(9);
    expect(await delta()).to.deep.equal({ count: 1, sum: 9, min: 9, max: 9, counts: [0, 0, 0, 1] });
  });

  it('should show a gauge as it is, and nothing of one that nobody wrote', async () => {
    const gauge = meterOf(core, 'm').createGauge('g').bind({ k: 'a' });
    expect(await delta()).to.deep.equal(undefined);
    gauge.record(-7);
    expect(await delta()).to.deep.equal(-7);
  });

  for (const [valueType, shown] of [
    [ValueType.DOUBLE, 1.75],
    [ValueType.INT, 1],
  ] as const)
    it(`should measure a running gauge to the time of the collection: ${ValueType[valueType]}`, async () => {
      meterOf(core, 'm').createGauge('g', { valueType }).bind({ k: 'a' }).recordElapsed(998_250);
      expect(await delta()).to.deep.equal(shown);
      expect(await delta(998_000), 'it begins in the future').to.equal(0);
    });

  it('should warn of a sum that stands at the largest number, and of no other', async () => {
    const sum = meterOf(core, 'm').createUpDownCounter('c').bind({ k: 'a' });
    sum.add(1);
    await delta();
    expect(warnings).to.deep.equal([]);
    sum.add(-Number.MAX_VALUE);
    sum.add(-Number.MAX_VALUE);
    expect(await delta()).to.equal(-Number.MAX_VALUE);
    expect(new Set(warnings)).to.deep.equal(
      new Set(['saturated: a sum of c was cut off at the largest number there is']),
    );
  });
});
