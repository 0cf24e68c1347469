// With scrapes and several threads: test/exposition/zero-start.test.ts.
import { expect } from 'chai';
import { meterOf } from '../../../lib/instruments/buffered-meter.js';
import { Snapshot } from '../../../lib/memory/snapshot.js';
import { slotsEnd } from '../../../lib/memory/tables.js';
import { ZeroStart, checkZeroStart } from '../../../lib/store/collect/zero-start.js';
import type { HistogramValue } from '../../../lib/store/definition/stream.js';
import type { Series } from '../../../lib/store/series/known-series.js';
import { createCore, type StoreCore } from '../../../lib/store/store-core.js';

describe('ZeroStart', () => {
  let core: StoreCore;
  let now = 1_000_000;
  beforeEach(() => {
    core = createCore({ shared: false, maxBytes: 2 ** 22, clock: { now: () => now } });
  });
  afterEach(() => core.shutdown());

  let snapshot: Snapshot;
  /** A cut, and what was copied of it. */
  const cut = async (): Promise<void> => {
    await core.cuts.request(() => {
      snapshot = new Snapshot();
      for (const _ of snapshot.copy(core.region, { firstSeen: true, usedAt: false }));
      return true;
    });
  };
  const last = (): Series => core.catalog.at(slotsEnd(core.region) - 1)!;
  /** What a reading shows that is handed out. */
  const shown = (
    zeroStart: ZeroStart,
    total: number | HistogramValue | undefined,
    isLast = false,
  ): unknown => {
    zeroStart.begin();
    const value = zeroStart.shown(last(), total, isLast, snapshot);
    zeroStart.end();
    return value;
  };

  it('should show a young counter as 0 and a young histogram as an empty one, and their numbers later', async () => {
    const zeroStart = new ZeroStart(core.region, 1000);
    await cut();
    meterOf(core, 'm').createCounter('c').add(3, { k: 'a' });
    await cut();
    expect(shown(zeroStart, 3)).to.equal(0);
    now += 1000;
    await cut();
    expect(shown(zeroStart, 3)).to.equal(3);
    meterOf(core, 'm').createHistogram('h').record(3, { k: 'a' });
    await cut();
    const value = { count: 1, sum: 3, min: 3, max: 3, counts: [0, 1, 0] };
    const empty = { count: 0, sum: 0, min: 0, max: 0, counts: [0, 0, 0] };
    expect(shown(zeroStart, value)).to.deep.equal(empty);
    expect(value.counts, 'the value is untouched').to.deep.equal([0, 1, 0]);
  });

  for (const create of ['createUpDownCounter', 'createGauge'] as const)
    it(`should show what may fall as it is: ${create}`, async () => {
      const zeroStart = new ZeroStart(core.region, 1000);
      await cut();
      const instrument = meterOf(core, 'm')[create]('x');
      if ('record' in instrument) instrument.record(3, { k: 'a' });
      else instrument.add(3, { k: 'a' });
      await cut();
      expect(shown(zeroStart, 3)).to.equal(3);
    });

  it('should owe the numbers of a series that was shown as 0, until they were shown', async () => {
    const zeroStart = new ZeroStart(core.region, 1000);
    await cut();
    meterOf(core, 'm').createCounter('c').add(3, { k: 'a' });
    await cut();
    zeroStart.begin();
    zeroStart.shown(last(), 3, false, snapshot);
    expect(zeroStart.isOwed(last(), snapshot), 'not handed out yet').to.equal(false);
    zeroStart.begin();
    zeroStart.end();
    expect(zeroStart.isOwed(last(), snapshot), 'a reading that began again forgets the one before').to.equal(
      false,
    );
    shown(zeroStart, 3);
    expect(zeroStart.isOwed(last(), snapshot)).to.equal(true);
    expect(
      zeroStart.isOwed({ ...last(), live: last().live + 4 }, snapshot),
      'another life of the slot',
    ).to.equal(false);
    expect(shown(zeroStart, 3, true), 'the last time').to.equal(3);
    expect(zeroStart.isOwed(last(), snapshot)).to.equal(false);
  });

  it('should show as 0 what is younger than a millisecond when it is told 1', async () => {
    const zeroStart = new ZeroStart(core.region, 1);
    await cut();
    meterOf(core, 'm').createCounter('c').add(3, { k: 'a' });
    await cut();
    expect(shown(zeroStart, 3)).to.equal(0);
    now++;
    await cut();
    expect(shown(zeroStart, 3)).to.equal(3);
  });

  it('should show everything as it is from when it is told to stop, and owe nothing', async () => {
    const zeroStart = new ZeroStart(core.region, 1000);
    await cut();
    meterOf(core, 'm').createCounter('c').add(3, { k: 'a' });
    await cut();
    expect(shown(zeroStart, 3)).to.equal(0);
    zeroStart.stop();
    expect([shown(zeroStart, 3), zeroStart.isOwed(last(), snapshot)]).to.deep.equal([3, false]);
  });

  it('should show everything as it is when it is told 0', async () => {
    const zeroStart = new ZeroStart(core.region, 0);
    meterOf(core, 'm').createCounter('c').add(3, { k: 'a' });
    await cut();
    expect([shown(zeroStart, 3), shown(zeroStart, undefined)]).to.deep.equal([3, undefined]);
  });
});

describe('checkZeroStart', () => {
  it('should take 0 to an hour', () => {
    for (const good of [0, 1, 3_600_000]) expect(() => checkZeroStart(good)).to.not.throw();
    for (const bad of [-1, 3_600_001, 0.5, NaN, '1', null])
      expect(() => checkZeroStart(bad))
        .to.throw('zeroStartMillis')
        .with.property('code', 'INVALID_OPTION');
  });
});
