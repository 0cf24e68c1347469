// What whole stores show is in test/reclaim.test.ts. Here: a collector that loses the right between any two steps, and a
// slot that has had as many series as a handle can tell apart.
import { expect } from 'chai';
import { meterOf } from '../../lib/instruments/buffered-meter.js';
import type { Kernel } from '../../lib/memory/kernel.js';
import { slotWord } from '../../lib/memory/tables.js';
import * as words from '../../lib/memory/words.js';
import { createCore, type StoreCore } from '../../lib/store/store-core.js';
import { reportStatistics } from '../../lib/store/store-report.js';
import { pointsIn } from '../support/points.js';
import { collectElsewhere } from '../support/sequential-collector.js';

const TTL = 1000;

class Fixture {
  now = 1_000_000;
  readonly core: StoreCore;

  constructor(maxSeries: number) {
    const clock = { now: () => this.now };
    this.core = createCore({ maxBytes: 2 ** 21, maxSeries, stripes: 1, seriesTtlMillis: TTL, clock });
  }

  add(name: string, k: string): void {
    meterOf(this.core, 'm').createCounter(name).add(1, { k });
  }

  /** What is shown, by instrument and the label `k`. */
  async collect(): Promise<Record<string, unknown>> {
    const { streams, errors } = await this.core.openReader(() => 'cumulative').collect();
    expect(errors).to.deep.equal([]);
    return Object.fromEntries(
      streams.flatMap(({ definition: { name }, points }) =>
        pointsIn(points).map(({ attributes: { k = 'overflow' }, value }) => [`${name}/${String(k)}`, value]),
      ),
    );
  }

  /** From now on, another collector takes the right, and gives it back, before step number `lostAt` of a reclaim. */
  loseRightBefore(lostAt: number): {
    readonly steps: () => number;
    readonly stepsWithoutRight: () => number;
  } {
    const { region } = this.core;
    const { kernel } = region;
    let [steps, lost, stepsWithoutRight] = [0, 0, 0];
    const takeOver = (): void => {
      const word = region.i64[words.RIGHT / 8] ?? 0n;
      const [low, high] = [BigInt.asIntN(32, word), BigInt.asIntN(32, word >> 32n)];
      const generation = kernel.takeRight(1, Number(low), Number(high));
      expect(generation).not.to.equal(0);
      kernel.giveRight(generation);
    };
    const interrupted = (name: 'retire' | 'kill' | 'clearBuckets' | 'bury') => {
      const step: (...args: number[]) => number = kernel[name];
      return (...args: number[]): number => {
        if (steps++ === lostAt) {
          takeOver();
          lost = args[0] ?? 0;
        }
        if (args[0] === lost) stepsWithoutRight++;
        return step(...args);
      };
    };
    const watched: Kernel = {
      ...kernel,
      retire: interrupted('retire'),
      kill: interrupted('kill'),
      clearBuckets: interrupted('clearBuckets'),
      bury: interrupted('bury'),
    };
    Object.assign(region, { kernel: watched });
    return { steps: () => steps, stepsWithoutRight: () => stepsWithoutRight };
  }
}

describe('reclaimIdle', () => {
  it('should end the same, whichever step the right was lost at', async () => {
    let wasLost = true;
    for (let lostAt = 0; wasLost; lostAt++) {
      const fixture = new Fixture(3);
      const meter = meterOf(fixture.core, 'm');
      const histogram = meter.createHistogram('h');
      const gauge = meter.createGauge('g');
      fixture.add('c', 'empty'); // Registers its stream.
      const texts = reportStatistics(fixture.core).labelBytes;
      histogram.record(1, { k: 'a' });
      gauge.record(1, { k: 'a' });
      fixture.add('c', 'late');
      await fixture.collect();
      const { steps, stepsWithoutRight } = fixture.loseRightBefore(lostAt);
      for (let cuts = 0; cuts < 2; cuts++) {
        fixture.now += TTL;
        await fixture.collect();
      }
      wasLost = steps() > lostAt;
      // The one that found out. A sum has no buckets to clear, so that step does not look.
      if (wasLost) expect(stepsWithoutRight()).to.be.within(1, 2);
      const { series, reclaimedSeries, labelBytes } = reportStatistics(fixture.core);
      expect({ lostAt, series, reclaimedSeries }).to.deep.equal({ lostAt, series: 0, reclaimedSeries: 3 });
      expect(labelBytes).to.equal(texts - 16); // Of the set in the first line.
      fixture.add('c', 'late');
      histogram.record(2, { k: 'b' });
      gauge.add(2, { k: 'b' });
      const { 'h/b': buckets, ...values } = await fixture.collect();
      expect(values, `lost at ${lostAt}`).to.deep.include({ 'c/late': 1, 'g/b': 2 });
      expect(buckets).to.deep.include({ count: 1, sum: 2, min: 2, max: 2 });
      expect((buckets as { counts: number[] }).counts.reduce((sum, count) => sum + count)).to.equal(1);
      fixture.core.shutdown();
      expect(lostAt).to.be.below(100);
    }
  });

  it('should look no more for a slot that whoever took the right has freed', async () => {
    const fixture = new Fixture(1);
    const { region } = fixture.core;
    const { kernel } = region;
    fixture.add('c', 'a');
    await fixture.collect();
    fixture.now += TTL;
    await fixture.collect();
    let looks = 0;
    const bury = (...args: Parameters<Kernel['bury']>): number => {
      if (looks++ === 0) {
        Object.assign(region, { kernel });
        collectElsewhere(region, fixture.now);
        Object.assign(region, { kernel: watched });
      }
      return kernel.bury(...args);
    };
    const watched: Kernel = { ...kernel, bury };
    Object.assign(region, { kernel: watched });
    await fixture.collect();
    expect(looks).to.equal(1);
    expect(reportStatistics(fixture.core)).to.include({ series: 0, reclaimedSeries: 1 });
    fixture.core.shutdown();
  });

  it('should send who was refused once, and never asked again, to the room there is', async () => {
    const fixture = new Fixture(1);
    const meter = meterOf(fixture.core, 'm');
    const counter = meter.createCounter('c');
    counter.add(1, { k: 'a' });
    const late = counter.bind({ k: 'late' });
    late.add(1);
    expect(await fixture.collect()).to.deep.equal({ 'c/a': 1, 'c/overflow': 1 });
    for (let cuts = 0; cuts < 2; cuts++) {
      fixture.now += TTL;
      await fixture.collect();
    }
    late.add(1);
    expect(await fixture.collect()).to.have.property('c/late', 1);
    fixture.core.shutdown();
  });

  it('should not send who is at the limit of the stream to look again: there is no room for it', async () => {
    let now = 1_000_000;
    const core = createCore({
      maxBytes: 2 ** 21,
      maxSeries: 2,
      cardinalityLimit: 1,
      stripes: 1,
      seriesTtlMillis: TTL,
      clock: { now: () => now },
    });
    const [full, idle, late] = ['full', 'idle', 'late'].map(name => meterOf(core, 'm').createCounter(name));
    const overflows = (): number[] => [0, 1, 2].map(stream => slotWord(core.region, stream));
    full!.add(1, { k: 'a' });
    idle!.add(1, { k: 'a' });
    for (const counter of [full!, late!]) counter.add(1, { k: 'refused' });
    const before = overflows();
    for (let cuts = 0; cuts < 3; cuts++) {
      now += TTL;
      full!.add(1, { k: 'a' });
      await core.openReader(() => 'cumulative').collect();
    }
    expect(reportStatistics(core)).to.include({ series: 1, reclaimedSeries: 1 });
    const changed = overflows().map((word, stream) => word !== before[stream]);
    expect(changed).to.deep.equal([false, false, true]);
    core.shutdown();
  });

  it('should mark only what is live, and nothing while a cut goes on', async () => {
    const fixture = new Fixture(1);
    const { region } = fixture.core;
    const { kernel } = region;
    fixture.add('c', 'a');
    await fixture.collect();
    const slot = region.layout.maxStreams;
    const at = (region.layout.slotWords + slot * 4) / 4;
    const live = slotWord(region, slot);
    const right = kernel.takeRight(0, 0, 0);
    const retired = (): number => {
      expect(kernel.retire(right, slot)).to.equal(words.DONE);
      return slotWord(region, slot);
    };
    const dead = live - words.SLOT_LIVE + words.SLOT_DEAD;
    region.i32[at] = dead;
    expect(retired(), 'dead').to.equal(dead);
    region.i32[at] = live;
    expect(kernel.swap(right, fixture.now)).to.equal(words.DONE);
    expect(retired(), 'its bank may hold something').to.equal(live);
    expect(kernel.quiesce(right)).to.equal(words.DONE);
    expect(kernel.settle(right)).to.equal(words.DONE);
    expect(retired()).to.equal(live - words.SLOT_LIVE + words.SLOT_RETIRING);
    kernel.giveRight(right);
    fixture.core.shutdown();
  });

  it('should bury nothing that is not dead: another collector may have been faster', async () => {
    const fixture = new Fixture(1);
    const { region } = fixture.core;
    fixture.add('c', 'a');
    await fixture.collect();
    const slot = region.layout.maxStreams;
    const before = slotWord(region, slot);
    const right = region.kernel.takeRight(0, 0, 0);
    expect(region.kernel.bury(right, slot, 0, 16)).to.equal(words.DONE);
    region.kernel.giveRight(right);
    expect(slotWord(region, slot)).to.equal(before);
    fixture.add('c', 'a');
    expect(await fixture.collect()).to.deep.equal({ 'c/a': 2 });
    expect(reportStatistics(fixture.core)).to.include({ series: 1, reclaimedSeries: 0 });
    fixture.core.shutdown();
  });

  it('should give up on a slot that its chain has lost, rather than walk on behind the end', () => {
    const fixture = new Fixture(1);
    const { region } = fixture.core;
    const right = region.kernel.takeRight(0, 0, 0);
    const unused = region.layout.maxStreams + 3;
    expect(region.kernel.bury(right, unused, 0, 16)).to.equal(words.MORE);
    expect(slotWord(region, unused)).to.equal(0);
    region.kernel.giveRight(right);
    fixture.core.shutdown();
  });

  it('should never give a slot away again that has had as many series as a handle can tell apart', async () => {
    const fixture = new Fixture(2);
    const { region } = fixture.core;
    const slot = region.layout.maxStreams;
    const expire = async (): Promise<void> => {
      for (let cuts = 0; cuts < 2; cuts++) {
        fixture.now += TTL;
        await fixture.collect();
      }
    };
    fixture.add('c', 'a');
    const word = (region.layout.slotWords + slot * 4) / 4;
    region.i32[word] = (words.SLOT_WORD_MAX - words.SLOT_GENERATION) | words.SLOT_LIVE;
    fixture.add('c', 'a');
    expect(await fixture.collect()).to.deep.equal({ 'c/a': 2 });
    await expire();
    fixture.add('c', 'last');
    expect(slotWord(region, slot), 'the last generation').to.equal(words.SLOT_WORD_MAX | words.SLOT_LIVE);
    expect(await fixture.collect()).to.deep.equal({ 'c/last': 1 });
    await expire();
    const retired = slotWord(region, slot);
    for (const k of ['b', 'c', 'd']) {
      fixture.add('c', k);
      fixture.add('c', 'no place');
      expect(await fixture.collect()).to.have.property(`c/${k}`, 1);
      await expire();
      expect(slotWord(region, slot)).to.equal(retired);
    }
    expect(await fixture.collect(), 'one slot is left').not.to.have.property('c/no place');
    expect(fixture.core.catalog.at(slot)).to.equal(undefined);
    fixture.core.shutdown();
  });
});
