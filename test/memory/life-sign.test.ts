// Threads that really end are in test/faults/threads.test.ts. Here: the word and its waiters, in one thread. What a thread
// that was terminated leaves behind is its word without waiters.
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { LifeSign } from '../../lib/memory/life-sign.js';
import { createRegion, type Region } from '../../lib/memory/region.js';
import { OBSERVER_LIVES } from '../../lib/memory/words.js';

const INDEX = OBSERVER_LIVES / 4;
const WOKEN = 2 ** 24;

describe('LifeSign', () => {
  let region: Region;
  beforeEach(() => {
    region = createRegion({
      maxBytes: 2 ** 20,
      stripes: 1,
      maxStreams: 1,
      maxBoundaries: 1,
      maxSeries: 1,
      maxLabelBytes: 64,
    });
  });

  const signOf = (owner: number): LifeSign => new LifeSign(region, INDEX, owner);
  const word = (): number => region.i32[INDEX] ?? 0;

  it('should tell that its owner lives, however often a busy one is asked', () => {
    signOf(5).begin();
    for (let asked = 1; asked <= 40; asked++) {
      expect(signOf(5).isDead(), `asked ${asked} times`).to.equal(false);
      expect(word(), 'waiters that were woken').to.equal(5 + Math.min(asked, 16) * WOKEN);
    }
    expect(signOf(5).isThere()).to.equal(true);
  });

  it('should have its waiters back when the event loop of its owner turns', async () => {
    signOf(5).begin();
    for (let round = 0; round < 3; round++) {
      for (let asked = 0; asked < 16; asked++) expect(signOf(5).isDead()).to.equal(false);
      while (word() !== 5) await setImmediate();
    }
  });

  it('should tell that its owner lives, also after it was woken by who asked for the owner before', async () => {
    // Who asks counts a waiter, and wakes one: in between another owner may have begun.
    signOf(5).begin();
    Atomics.notify(region.i32, INDEX, 1);
    for (let turn = 0; turn < 10; turn++) await setImmediate();
    expect(word(), 'counted').to.equal(5);
    Atomics.notify(region.i32, INDEX, 3);
    for (let asked = 1; asked <= 40; asked++)
      expect(signOf(5).isDead(), `asked ${asked} times`).to.equal(false);
    while (word() !== 5) await setImmediate();
  });

  it('should tell that its owner is dead when nobody waits, and of nobody else', () => {
    region.i32[INDEX] = 5;
    expect(signOf(6).isDead(), 'not the owner').to.equal(false);
    expect(signOf(5).isDead()).to.equal(true);
  });

  it('should be gone when it ended, with all its waiters', async () => {
    const sign = signOf(5);
    sign.begin();
    sign.end();
    expect([word(), sign.isThere(), sign.isDead()]).to.deep.equal([0, false, false]);
    await setImmediate();
    region.i32[INDEX] = 5;
    expect(signOf(5).isDead()).to.equal(true);
  });

  it('should not be answered for by a former owner that lives', async () => {
    signOf(5).begin();
    const next = signOf(6);
    next.begin();
    expect([signOf(5).isThere(), signOf(5).isDead(), next.isDead()]).to.deep.equal([false, false, false]);
    next.end();
    await setImmediate();
    region.i32[INDEX] = 6;
    expect(signOf(6).isDead()).to.equal(true);
  });

  it('should name an owner whose number has all its ones above bit 23', () => {
    const sign = signOf(2 ** 24);
    sign.begin();
    expect([sign.isThere(), sign.isDead()]).to.deep.equal([true, false]);
  });
});
