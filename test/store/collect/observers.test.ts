import { expect } from 'chai';
import { meterOf } from '../../../lib/instruments/buffered-meter.js';
import { OBSERVER_GRACE_MILLIS } from '../../../lib/limits.js';
import * as table from '../../../lib/memory/observer-table.js';
import { createRegion, type Region } from '../../../lib/memory/region.js';
import { readStatistic } from '../../../lib/memory/statistics.js';
import { OBSERVER_LIVES, OBSERVERS } from '../../../lib/memory/words.js';
import { Observers, type Observation } from '../../../lib/store/collect/observers.js';
import { createCore } from '../../../lib/store/store-core.js';

describe('Observers', () => {
  it('should tell what failed in the order in which the callbacks were added', async () => {
    const core = createCore({ shared: false, maxBytes: 2 ** 22 });
    const meter = meterOf(core, 'm');
    for (const name of ['first', 'second', 'third'])
      meter.createObservableGauge(name).addCallback(() => {
        throw new Error(`${name} is broken`);
      });
    const { errors } = await core.openReader(() => 'cumulative').collect();
    expect(errors.map(({ message }) => /(\w+) is broken/.exec(message)?.[1])).to.deep.equal([
      'first',
      'second',
      'third',
    ]);
    core.shutdown();
  });

  describe('of one memory', () => {
    let region: Region;
    let threads: Observers[];
    beforeEach(() => {
      threads = [];
      region = createRegion({
        maxBytes: 2 ** 20,
        stripes: 1,
        maxStreams: 1,
        maxBoundaries: 1,
        maxSeries: 1,
        maxLabelBytes: 64,
      });
    });
    afterEach(() => threads.forEach(observers => observers.close()));

    /** As another thread has it: they know each other by their numbers and the channel alone. */
    const observersOf = (value?: number, once?: string, patienceMillis = 0): Observers => {
      const observers = new Observers(region, `${process.pid} observers.test`, patienceMillis);
      threads.push(observers);
      const observed: Observation[] = [{ stream: 0, attributes: {}, value: value ?? 0 }];
      if (value !== undefined)
        observers.add(() => Promise.resolve(structuredClone(observed)), true, 'it', once);
      return observers;
    };
    /** What a thread leaves behind that was terminated: its entry, and a word that nobody waits on. */
    const leaveDead = (thread: number, index: number): void => {
      region.i32[OBSERVERS / 4 + index] = thread;
      region.i32[OBSERVER_LIVES / 4 + index] = thread;
    };

    it('should not wait for a thread that died, however long a round may take', async () => {
      leaveDead(7, 0);
      const { observations, errors } = await observersOf().observe(2 ** 31 - 1);
      expect([observations, errors, table.hasObservers(region, 0)]).to.deep.equal([[], [], false]);
    });

    it('should strike a dead thread off, and not call it late, in a round that ends before the grace', async () => {
      for (const [index, thread] of [7, 8].entries()) leaveDead(thread, index);
      const { errors } = await observersOf().observe(OBSERVER_GRACE_MILLIS / 20);
      expect([errors, table.hasObservers(region, 0)]).to.deep.equal([[], false]);
    });

    it('should call one late that lives, and wait for it no more until it answers', async () => {
      const entry = new table.ObserverEntry(region, 9);
      entry.enter();
      const collector = observersOf();
      const { errors } = await collector.observe(OBSERVER_GRACE_MILLIS / 20);
      expect(errors.map(({ message }) => message)).to.have.length(1);
      expect(errors[0]?.message).to.match(/^a thread .* did not answer within 5 ms; it is not waited for/);
      expect([table.expectedObservers(region), table.hasObservers(region, 0)]).to.deep.equal([[], true]);
      expect((await collector.observe(60_000)).errors, 'asked, but not waited for').to.deep.equal([]);
      entry.leave();
    });

    it('should not cut short who is patient because somebody else was not', async () => {
      const entry = new table.ObserverEntry(region, 9);
      entry.enter();
      const collector = observersOf(undefined, undefined, 400);
      expect((await collector.observe(5)).errors, 'impatient').to.have.length(1);
      expect(table.expectedObservers(region), 'still waited for').to.deep.equal([9]);
      // It owes an answer for longer than this one would wait.
      const begin = performance.now();
      expect((await collector.observe(1)).errors, 'named').to.have.length(1);
      expect((await collector.observe(400)).errors, 'patient').to.have.length(1);
      expect(performance.now() - begin).to.be.greaterThan(300);
      expect(table.expectedObservers(region), 'given up').to.deep.equal([]);
      entry.leave();
    });

    it('should give up a thread that only the impatient ask, once it is late for longer than anybody waits', async () => {
      const entry = new table.ObserverEntry(region, 9);
      entry.enter();
      const collector = observersOf(undefined, undefined, 60);
      while (table.expectedObservers(region).length > 0)
        expect((await collector.observe(5)).errors).to.have.length(1);
      expect((await collector.observe(5)).errors).to.deep.equal([]);
      entry.leave();
    });

    it('should have what every thread observed, and whose it is', async () => {
      observersOf(1);
      const { observations, errors } = await observersOf(2).observe(60_000);
      expect(errors).to.deep.equal([]);
      expect(observations.map(({ value }) => value)).to.have.members([1, 2]);
      expect(new Set(observations.map(({ thread }) => thread)).size).to.equal(2);
    });

    it('should end with the last answer, and not only when the dead are looked for', async () => {
      observersOf(1);
      const collector = observersOf();
      let early = 0;
      // One of many is enough: whatever else this machine does, it lets some round be as fast as it is.
      for (let round = 0; round < 50 && early === 0; round++) {
        let isLater = false;
        const later = setTimeout(() => (isLater = true), OBSERVER_GRACE_MILLIS / 2);
        await collector.observe(60_000);
        if (!isLater) early++;
        clearTimeout(later);
      }
      expect(early).to.equal(1);
    });

    it('should tell a callback of another thread that failed from one that was late', async () => {
      const broken = observersOf();
      broken.add(() => Promise.reject(new Error('broken')), true, 'it');
      const { errors } = await observersOf().observe(60_000);
      expect(errors.map(error => (error as { code?: string }).code)).to.deep.equal(['CALLBACK_FAILED']);
      expect(errors[0]?.message).to.include('broken');
    });

    it('should be waited for as long as it has a callback', async () => {
      const observers = new Observers(region, 'of its own', 0);
      threads.push(observers);
      const sources = [1, 2].map(() => (): Promise<Observation[]> => Promise.resolve([]));
      for (const source of sources) observers.add(source, true, 'it');
      const [first, second] = sources;
      observers.delete(first!);
      expect(table.hasObservers(region, 0), 'one is left').to.equal(true);
      expect((await observers.observe(60_000)).errors).to.deep.equal([]);
      observers.delete(second!);
      expect(table.hasObservers(region, 0)).to.equal(false);
    });

    it('should enter itself again when it hears of a round', async () => {
      observersOf(1);
      const collector = observersOf();
      const [thread = 0] = table.expectedObservers(region);
      table.strikeOff(region, thread);
      new table.ObserverEntry(region, 9).enter(); // Somebody to ask.
      while (!table.expectedObservers(region).includes(thread)) await collector.observe(5);
    });

    it('should count what failed of its own', async () => {
      const observers = observersOf();
      for (const what of ['one', 'two']) observers.add(() => Promise.reject(new Error(what)), false, 'it');
      expect((await observers.observe(60_000)).errors).to.have.length(2);
      expect(readStatistic(region, 'callbackErrors')).to.equal(2);
    });

    it('should take one report of those with the same words', async () => {
      for (const value of [1, 2]) observersOf(value, 'the same');
      observersOf(3, 'other');
      const { observations } = await observersOf(4).observe(60_000);
      expect(observations).to.have.length(3);
      expect(observations.map(({ value }) => value)).to.include.members([3, 4]);
    });
  });
});
