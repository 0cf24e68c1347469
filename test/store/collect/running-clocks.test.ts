import { expect } from 'chai';
import { meterOf } from '../../../lib/instruments/buffered-meter.js';
import { READ_STEPS } from '../../../lib/limits.js';
import type { BoundGauge } from '../../../lib/instruments/gauge-instrument.js';
import { slotsEnd } from '../../../lib/memory/tables.js';
import { RunningClocks } from '../../../lib/store/collect/running-clocks.js';
import { RightPace } from '../../../lib/store/collect/right-pace.js';
import { SeriesWalk } from '../../../lib/store/collect/series-walk.js';
import { createCore, type StoreCore } from '../../../lib/store/store-core.js';

describe('RunningClocks', () => {
  let core: StoreCore;
  let clocks: RunningClocks;
  beforeEach(() => {
    core = createCore({ shared: false, maxBytes: 2 ** 24 });
    clocks = new RunningClocks(core.region);
  });
  afterEach(() => core.shutdown());

  const gauge = (k: string): { bound: BoundGauge; slot: number } => {
    const bound = meterOf(core, 'm').createGauge('g').bind({ k });
    return { bound, slot: slotsEnd(core.region) - 1 };
  };
  /** The label values that are shown after a cut, or why none are. */
  const shown = async (...written: number[]): Promise<unknown[]> => {
    const { value } = await core.cuts.request(async right => {
      const walk = new SeriesWalk(core.catalog, new RightPace(core.region, right), () => true);
      const seen: unknown[] = [];
      return (await clocks.visit(walk, new Set(written), ({ attributes }) => seen.push(attributes.k)))
        ? seen
        : ['lost'];
    });
    return value ?? [];
  };

  it('should find at first who started before, then who was written since, and remember them', async () => {
    const early = gauge('early');
    early.bound.recordElapsed(1);
    gauge('still').bound.record(2);
    expect(await shown()).to.deep.equal(['early']);
    const late = gauge('late');
    late.bound.recordElapsed(3);
    expect(await shown(late.slot), 'who was written is shown already').to.deep.equal(['early']);
    expect(await shown()).to.deep.equal(['early', 'late']);
  });

  it('should show nobody twice, and nobody who was written', async () => {
    const { bound, slot } = gauge('a');
    bound.recordElapsed(1);
    expect(await shown(slot)).to.deep.equal([]);
    expect(await shown()).to.deep.equal(['a']);
    expect(await shown(slot, slot)).to.deep.equal([]);
  });

  it('should forget who stands still again, until it was written', async () => {
    const { bound, slot } = gauge('a');
    bound.recordElapsed(1);
    expect(await shown()).to.deep.equal(['a']);
    bound.record(5);
    expect(await shown(slot)).to.deep.equal([]);
    expect(await shown()).to.deep.equal([]);
    bound.recordElapsed(1);
    expect(await shown(), 'nobody said that it was written').to.deep.equal([]);
    await shown(slot);
    expect(await shown()).to.deep.equal(['a']);
  });

  it('should know what it knew before when the right was lost', async () => {
    gauge('a').bound.recordElapsed(1);
    expect(await shown()).to.deep.equal(['a']);
    const { value } = await core.cuts.request(async right => {
      const lost = new SeriesWalk(core.catalog, new RightPace(core.region, right + 1, 0), () => true);
      // So many visits that a sign of life is due.
      await lost.visit(Array<number>(READ_STEPS - 1).fill(0), () => undefined);
      return [await clocks.visit(lost, new Set(), () => undefined)];
    });
    expect(value).to.deep.equal([false]);
    expect(await shown()).to.deep.equal(['a']);
  });

  it('should take no counter and no gauge that was simply set for a clock', async () => {
    meterOf(core, 'm').createCounter('c').add(1);
    gauge('a').bound.record(1_000_000);
    gauge('b').bound.add(1);
    expect(await shown()).to.deep.equal([]);
  });
});
