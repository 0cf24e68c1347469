import { expect } from 'chai';
import { defineCustomInstrument } from '../../../lib/instruments/custom-instrument.js';
import { meterOf } from '../../../lib/instruments/buffered-meter.js';
import { readSlot } from '../../../lib/memory/tables.js';
import * as words from '../../../lib/memory/words.js';
import { HOLDER } from '../../../lib/store/series/known-series.js';
import { SeriesCatalog } from '../../../lib/store/series/series-catalog.js';
import { createCore, type StoreCore } from '../../../lib/store/store-core.js';
import { pointsIn } from '../../support/points.js';

const TTL = 1000;

describe('SeriesCatalog', () => {
  let now = 0;
  let core: StoreCore;
  beforeEach(() => {
    now = 1_000_000;
    core = createCore({
      shared: false,
      maxBytes: 2 ** 22,
      maxSeries: 1,
      seriesTtlMillis: TTL,
      clock: { now: () => now },
    });
  });
  afterEach(() => core.shutdown());

  const shown = async (): Promise<unknown[]> => {
    const { streams } = await core.openReader(() => 'cumulative').collect();
    return streams.flatMap(({ points }) =>
      pointsIn(points).map(({ attributes, value }) => [attributes, value]),
    );
  };

  it('should show an attribute that is called like the one of holders, of all but custom gauges', async () => {
    const attributes = { [HOLDER]: 'x', k: 'a' };
    meterOf(core, 'm').createCounter('c').add(1, attributes);
    expect(await shown()).to.deep.equal([[attributes, 1]]);
  });

  it('should hide who holds a copy of a custom gauge', async () => {
    const defined = defineCustomInstrument(core, { name: 'g', help: 'G', type: 'gauge' });
    if (!('instrument' in defined)) throw new Error('no instrument');
    defined.instrument.series({ k: 'a' }, 'somebody').set(7);
    expect(await shown()).to.deep.equal([[{ k: 'a' }, 7]]);
  });

  it('should know a slot that was given to another series, and the overflow series in every generation', async () => {
    const counter = meterOf(core, 'm').createCounter('c');
    const gauge = meterOf(core, 'm').createGauge('g');
    for (const k of ['a', 'b', 'c']) {
      counter.add(1, { k });
      gauge.add(1, { k });
      const overflow = [{ 'otel.metric.overflow': true }, k === 'a' ? 1 : k === 'b' ? 2 : 3];
      expect(await shown()).to.deep.equal([[{ k }, 1], overflow]);
      for (let cuts = 0; cuts < 2; cuts++) {
        now += TTL;
        await shown();
      }
    }
    expect(core.catalog.at(core.region.layout.maxStreams), 'a free slot').to.equal(undefined);
  });

  it('should read no text that is being given back while it is read, whatever stands there', () => {
    meterOf(core, 'm').createCounter('c').add(1, { k: 'a' });
    const { region, registry } = core;
    const slot = region.layout.maxStreams;
    const address = readSlot(region, slot).textAddress;
    // As if the thread was stopped between its two looks at the slot, while a collector buries it.
    const bytes = {
      subarray: (from: number, to: number) => {
        Atomics.store(region.i32, (region.layout.slotWords + slot * 4) / 4, words.SLOT_DEAD);
        region.u32[address / 4] = 0;
        return region.bytes.subarray(from, to);
      },
    } as unknown as Uint8Array;
    expect(new SeriesCatalog({ ...region, bytes }, registry).evenRemoved(slot)).to.equal(undefined);
    expect(new SeriesCatalog(region, registry).evenRemoved(slot), 'dead').to.equal(undefined);
  });

  it('first-scrape-blocks: should read ahead in turns, and nothing while little changes', async () => {
    const large = createCore({ shared: false, cardinalityLimit: 50_000 });
    const counter = meterOf(large, 'm').createCounter('c');
    for (let index = 0; index < 20_000; index++) counter.add(1, { index });
    let turns = 0;
    const count = setInterval(() => turns++, 1);
    const ahead = large.catalog.readAhead();
    expect(large.catalog.readAhead()).to.equal(ahead);
    await ahead;
    clearInterval(count);
    expect(turns).to.be.greaterThan(1);
    expect(large.catalog.readAhead()).to.equal(undefined);
    const [attributes] = [...large.catalog.slots()].map(slot => large.catalog.at(slot)?.attributes).slice(-1);
    expect(attributes).to.deep.equal({ index: 19_999 });
    counter.add(1, { index: -1 });
    expect(large.catalog.readAhead(), 'one series is no reason to look at all').to.equal(undefined);
    for (let index = 0; index < 1000; index++) counter.add(1, { later: index });
    expect(large.catalog.readAhead()).to.not.equal(undefined);
    await large.catalog.readAhead();
    large.shutdown();
  });
});
