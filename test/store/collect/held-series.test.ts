import { expect } from 'chai';
import { defineCustomInstrument, type CustomSeries } from '../../../lib/instruments/custom-instrument.js';
import { HeldSeries } from '../../../lib/store/collect/held-series.js';
import { createCore, type StoreCore } from '../../../lib/store/store-core.js';
import { usedAt } from '../../../lib/memory/tables.js';
import { readGauge } from '../../../lib/memory/totals.js';

describe('HeldSeries', () => {
  let core: StoreCore;
  let now = 1_000_000;
  beforeEach(() => {
    core = createCore({ shared: false, maxBytes: 2 ** 22, clock: { now: () => now } });
  });
  afterEach(() => core.shutdown());

  const copyOf = (holder?: string, k = 'a', name = 'g'): CustomSeries => {
    const defined = defineCustomInstrument(core, { name, help: 'G', type: 'gauge' });
    if (!('instrument' in defined)) throw new Error('no instrument');
    return defined.instrument.series({ k }, holder);
  };
  /** The values of the copies that are shown, in whichever order they are offered. */
  const shown = async (order: 'forward' | 'backward' = 'forward'): Promise<unknown[]> => {
    const { value } = await core.cuts.request(() => {
      const held = new HeldSeries({
        gaugeAt: slot => readGauge(core.region, slot),
        usedAt: slot => usedAt(core.region, slot),
      });
      const slots = [...core.catalog.slots()];
      for (const slot of order === 'forward' ? slots : slots.reverse()) {
        const series = core.catalog.at(slot);
        if (series !== undefined) held.offer(series);
      }
      return [...held.shown()].map(({ slot }) => readGauge(core.region, slot)?.value);
    });
    now += 1000;
    return value as unknown[];
  };
  const isShown = async (value: number): Promise<void> => {
    for (const order of ['forward', 'backward'] as const) expect(await shown(order)).to.deep.equal([value]);
  };

  it('should show one that runs before one that stands still, whatever was written last', async () => {
    copyOf('runs').recordElapsed(7000);
    await shown();
    copyOf('stands').set(1e9);
    copyOf().set(2e9);
    await isShown(7000);
  });

  it('should show of those that run the one that started last', async () => {
    for (const start of [5000, 9000, 7000]) copyOf(`since ${start}`).recordElapsed(start);
    await isShown(9000);
  });

  it('should show a held one before one that was simply set', async () => {
    copyOf('holder').set(1);
    await shown();
    copyOf().set(2);
    await isShown(1);
  });

  it('should show of equals the one that was written last', async () => {
    for (const value of [3, 1, 2]) {
      copyOf(`holder ${value}`).set(value);
      await shown();
    }
    await isShown(2);
    copyOf('holder 3').set(33);
    await isShown(33);
  });

  it('should show nothing of a gauge that was withdrawn, and each label set of each metric for itself', async () => {
    copyOf('one').set(1);
    copyOf('two').set(2);
    copyOf('one', 'b').set(3);
    copyOf('one', 'a', 'other').set(4);
    copyOf('two').clear();
    expect(await shown()).to.have.members([1, 3, 4]);
  });
});
