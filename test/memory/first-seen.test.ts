// Since when a series has data, as drains note it. What a scrape makes of it is in test/exposition/zero-start.test.ts.
import { expect } from 'chai';
import { meterOf } from '../../lib/instruments/buffered-meter.js';
import { readSlot, slotsEnd } from '../../lib/memory/tables.js';
import { ageOf } from '../../lib/memory/totals.js';
import { createCore, type StoreCore } from '../../lib/store/store-core.js';

const TTL = 100_000;
const LIMIT = 10;

describe('first seen', () => {
  let core: StoreCore;
  let now = 0;
  beforeEach(() => {
    now = 1_000_000;
    core = createCore({
      shared: false,
      maxBytes: 2 ** 22,
      cardinalityLimit: LIMIT,
      seriesTtlMillis: TTL,
      clock: { now: () => now },
    });
  });
  afterEach(() => core.shutdown());

  const add = (k: string): void => meterOf(core, 'm').createCounter('c').add(1, { k });
  const last = (): number => slotsEnd(core.region) - 1;
  const age = (slot = last()): number | undefined => ageOf(core.region, slot);
  const cut = (): Promise<unknown> =>
    core.swap.cut(() => true, { stallDeadlineMillis: 60_000, now: () => now });

  const kinds: Readonly<Record<string, () => () => void>> = {
    'a counter, be it of zeros': () => {
      const bound = meterOf(core, 'm').createCounter('c').bind({ k: 'a' });
      return () => bound.add(0);
    },
    'a gauge': () => {
      const bound = meterOf(core, 'm').createGauge('g').bind({ k: 'a' });
      return () => bound.record(0);
    },
    'a histogram, be it in several steps': () => {
      const advice = { explicitBucketBoundaries: Array.from({ length: 40 }, (_, index) => index) };
      const bound = meterOf(core, 'm').createHistogram('h', { advice }).bind({ k: 'a' });
      return () => bound.record(39.5);
    },
  };
  for (const [name, make] of Object.entries(kinds))
    it(`should be the first cut that had something of it, not its admission: ${name}`, async () => {
      const record = make();
      await cut();
      expect(age(), 'without data it has no age').to.equal(undefined);
      now += 5000;
      record();
      await cut();
      expect(age()).to.equal(0);
      now += 1000;
      record();
      await cut();
      expect(age()).to.equal(1000);
      now += 500;
      await cut();
      expect(age(), 'who is not written grows older too').to.equal(1500);
    });

  it('should be known of an overflow series', async () => {
    const counter = meterOf(core, 'm').createCounter('c');
    for (let k = 0; k <= LIMIT; k++) counter.add(1, { k });
    const overflow = 0;
    await cut();
    now += 700;
    await cut();
    expect(age(overflow)).to.equal(700);
  });

  it('should not make a series young again, nor old at once, when the clock goes back or stands', async () => {
    add('a');
    await cut();
    now -= 10_000;
    add('b');
    await cut();
    expect([age(last() - 1), age()], 'no time has passed').to.deep.equal([0, 0]);
    now += 500;
    await cut();
    await cut();
    expect([age(last() - 1), age()]).to.deep.equal([500, 500]);
  });

  it('should be another one of the next series of a slot', async () => {
    add('a');
    const slot = last();
    for (let cuts = 0; cuts < 3; cuts++) {
      await cut();
      now += TTL;
    }
    expect(age(slot), 'free').to.equal(undefined);
    add('b');
    expect(last(), 'it has the same slot').to.equal(slot);
    await cut();
    expect(age(slot)).to.equal(0);
  });

  describe('and the removal of a series', () => {
    const remove = (k = 'a'): void => void meterOf(core, 'm').createCounter('c').remove({ k });
    const start = (): number => readSlot(core.region, last()).startUnixMillis;
    /** The start of the next life. Each one has a slot of its own, until a cut gave those of the removed back. */
    const next = (): number => {
      add('a');
      return start();
    };

    it('should leave the start of the next life to the clock when no cut has shown the one before', () => {
      for (let life = 0; life < 3; life++) {
        expect(next()).to.equal(1_000_000);
        remove();
      }
      now += 7;
      expect(next()).to.equal(1_000_007);
    });

    it('should let the next life begin later than one that a cut has shown, though the clock stands', async () => {
      expect(next()).to.equal(1_000_000);
      await cut();
      remove();
      expect(next()).to.equal(1_000_001);
      remove();
      expect(next(), 'which no cut has shown').to.equal(1_000_001);
    });

    it('should let the next life begin not before the last cut that has shown one, though the clock went back', async () => {
      add('a');
      now += 5000;
      await cut();
      now -= 4000;
      remove();
      expect(next()).to.equal(1_005_000);
    });

    it('should not let a later removal of an older series take that back', async () => {
      add('b');
      now += 5000;
      add('a');
      await cut();
      remove();
      remove('b');
      expect(next()).to.equal(1_005_001);
    });
  });

  it('should be another one of the new life of a series that was left out', async () => {
    add('a');
    await cut();
    now += TTL;
    await cut();
    add('a');
    await cut();
    expect(age()).to.equal(0);
    now += 5;
    await cut();
    expect(age()).to.equal(5);
  });
});
