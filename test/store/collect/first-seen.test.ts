// What a scrape makes of it is in test/exposition/zero-start.test.ts.
import { expect } from 'chai';
import { meterOf } from '../../../lib/instruments/buffered-meter.js';
import { slotsEnd } from '../../../lib/memory/tables.js';
import { FirstSeen } from '../../../lib/store/collect/first-seen.js';
import { createCore, type StoreCore } from '../../../lib/store/store-core.js';

const TTL = 100_000;

describe('FirstSeen', () => {
  let core: StoreCore;
  let now = 0;
  beforeEach(() => {
    now = 1_000_000;
    core = createCore({ shared: false, maxBytes: 2 ** 22, seriesTtlMillis: TTL, clock: { now: () => now } });
  });
  afterEach(() => core.shutdown());

  const add = (k: string): void => meterOf(core, 'm').createCounter('c').add(1, { k });
  const last = (): number => slotsEnd(core.region) - 1;
  /** A cut as a thread makes it that has this table. */
  const cut = async (seen?: FirstSeen): Promise<void> => {
    seen?.beforeCut(core.swap.epoch());
    await core.swap.cut(() => (seen?.afterCut(core.swap.epoch(), now), true), {
      stallDeadlineMillis: 60_000,
      now,
    });
  };
  const watching = (): FirstSeen => {
    const seen = new FirstSeen(core.region);
    seen.watch();
    return seen;
  };

  it('should know how old a series is, however many come after it', async () => {
    const seen = watching();
    add('first');
    await cut(seen);
    const first = last();
    // More than the table has room for so far.
    const slots = slotsEnd(core.region);
    now += 5000;
    for (let k = 0; k < slots; k++) add(`later ${k}`);
    await cut(seen);
    expect([seen.isYoung(first, 4000), seen.isYoung(last(), 4000)]).to.deep.equal([false, true]);
  });

  it('should call a series young from the cut that first had something of it, not from its admission', async () => {
    const seen = watching();
    const counter = meterOf(core, 'm').createCounter('c').bind({ k: 'a' });
    await cut(seen);
    expect(seen.isYoung(last(), 1e9), 'without data it has no age').to.equal(false);
    now += 5000;
    counter.add(1);
    await cut(seen);
    expect(seen.isYoung(last(), 1)).to.equal(true);
    now += 1000;
    counter.add(1);
    await cut(seen);
    expect([1000, 1001].map(millis => seen.isYoung(last(), millis))).to.deep.equal([false, true]);
  });

  it('should take what another thread drained before for as old as it can be', async () => {
    const seen = watching();
    add('a');
    now += 2000;
    await cut();
    await cut(seen);
    expect([2000, 2001].map(millis => seen.isYoung(last(), millis))).to.deep.equal([false, true]);
  });

  it('should not make a series young again when the clock goes back', async () => {
    const seen = watching();
    add('a');
    await cut(seen);
    now -= 10_000;
    add('b');
    await cut(seen);
    expect(seen.isYoung(last() - 1, 1), 'no time has passed').to.equal(true);
    now += 500;
    await cut(seen);
    for (const slot of [last() - 1, last()])
      expect([500, 501].map(millis => seen.isYoung(slot, millis))).to.deep.equal([false, true]);
  });

  it('should tell the next series of a slot from the one before', async () => {
    const seen = watching();
    add('a');
    const slot = last();
    for (let cuts = 0; cuts < 3; cuts++) {
      await cut(seen);
      now += TTL;
    }
    add('b');
    expect(last(), 'it has the same slot').to.equal(slot);
    await cut(seen);
    expect(seen.isYoung(slot, 1)).to.equal(true);
  });

  it('should keep what it knows when more series come than it has room for', async () => {
    const seen = watching();
    add('first');
    await cut(seen);
    const first = last();
    now += 1000;
    for (let k = 0; k < 100; k++) add(`${k}`);
    await cut(seen);
    expect([first, last()].map(slot => seen.isYoung(slot, 1000))).to.deep.equal([false, true]);
  });

  it('should look at nothing until somebody wants to know', async () => {
    const seen = new FirstSeen(core.region);
    add('a');
    await cut(seen);
    expect(seen.isYoung(last(), 1e9)).to.equal(false);
  });
});
