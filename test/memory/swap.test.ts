// Cuts under writers and collectors that stop anywhere are in the model check. Here: what a cut owes to other collectors.
import { expect } from 'chai';
import { RIGHT_PATIENCE_MILLIS } from '../../lib/limits.js';
import { createRegion, type Region } from '../../lib/memory/region.js';
import { Right } from '../../lib/memory/right.js';
import { readDuration } from '../../lib/memory/statistics.js';
import { Swap } from '../../lib/memory/swap.js';
import * as words from '../../lib/memory/words.js';

const CUT = { stallDeadlineMillis: 60_000, now: () => 1 };

describe('Swap', () => {
  let region: Region;
  beforeEach(() => {
    region = createRegion({
      maxBytes: 2 ** 20,
      stripes: 2,
      maxStreams: 1,
      maxBoundaries: 1,
      maxSeries: 1,
      maxLabelBytes: 64,
    });
  });

  /** As a collector does that found the right standing still. */
  function takeOver(): number {
    const word = region.i64[words.RIGHT / 8] ?? 0n;
    return region.kernel.takeRight(
      1,
      Number(BigInt.asIntN(32, word)),
      Number(BigInt.asIntN(32, word >> 32n)),
    );
  }

  it('should keep the right while it waits for a writer (mutants: a wait without beat)', async function () {
    this.timeout(40 * RIGHT_PATIENCE_MILLIS);
    const stripe = words.STRIPES / 8;
    Atomics.store(region.i64, stripe, 1n);
    const generations: number[] = [];
    const cut = new Swap(region).cut(generation => generations.push(generation), CUT);
    const other = await new Right(region).take(performance.now() + 4 * RIGHT_PATIENCE_MILLIS);
    expect(other, 'nobody takes it from one that waits').to.equal(0);
    Atomics.store(region.i64, stripe, 2n);
    expect((await cut).outcome).to.equal('fresh');
    expect(generations).to.deep.equal([1]);
  });

  it('should read all the same when a writer stalls it, and say so', async () => {
    const swap = new Swap(region);
    Atomics.store(region.i64, words.STRIPES / 8, 1n);
    const impatient = { stallDeadlineMillis: 5, now: () => 1 };
    const { outcome, value } = await swap.cut(() => 'the numbers of before', impatient);
    expect({ outcome, value }).to.deep.equal({ outcome: 'stalled', value: 'the numbers of before' });
    Atomics.store(region.i64, words.STRIPES / 8, 2n);
    expect((await swap.cut(() => true, impatient)).outcome).to.equal('fresh');
  });

  it('should say how long it waited, whether it came to its turn or not', async () => {
    const begin = performance.now();
    const waits = [(await new Swap(region).cut(() => true, CUT)).waitMillis];
    expect(new Right(region).take(Infinity)).to.be.an.instanceOf(Promise);
    const busy = await new Swap(region).cut(() => true, { stallDeadlineMillis: 20, now: () => 1 });
    expect(busy.outcome).to.equal('busy');
    expect(busy.waitMillis).to.be.at.least(20);
    waits.push(busy.waitMillis);
    expect(waits[0]).to.be.at.least(0);
    expect(waits.reduce((sum, millis) => sum + millis)).to.be.at.most(performance.now() - begin);
  });

  it('should add up how long it waited for writers and how long it drained, and no more', async () => {
    const begin = performance.now();
    await new Swap(region).cut(() => true, CUT);
    const stripe = words.STRIPES / 8;
    Atomics.store(region.i64, stripe, 1n);
    const cut = new Swap(region).cut(() => true, CUT);
    await new Promise(resolve => setTimeout(resolve, 20));
    Atomics.store(region.i64, stripe, 2n);
    await cut;
    const [waited, drained] = [readDuration(region, 'swapWait'), readDuration(region, 'drain')];
    expect(waited).to.be.at.least(15);
    // Each is rounded to microseconds.
    expect(waited + drained).to.be.at.most(performance.now() - begin + 1);
    expect(drained).to.be.at.least(0);
  });

  it('should read again what it read without the right (mutants: totals read without the final beat)', async () => {
    let reads = 0;
    const { outcome, value } = await new Swap(region).cut(generation => {
      if (++reads === 1) region.kernel.giveRight(takeOver());
      return `${reads} by ${generation}`;
    }, CUT);
    expect({ outcome, value }).to.deep.equal({ outcome: 'fresh', value: '2 by 3' });
  });

  it('should ask for the time of each cut under the right: others may have cut while this one waited', async () => {
    let now = 1;
    const asked: unknown[] = [];
    const isHeld = (): boolean => ((region.i64[words.RIGHT / 8] ?? 0n) & BigInt(words.RIGHT_HELD)) !== 0n;
    await new Swap(region).cut(
      () => {
        if (now > 2) return true;
        region.kernel.giveRight(takeOver());
        return undefined;
      },
      { ...CUT, now: () => (asked.push([++now, isHeld()]), now) },
    );
    expect(asked).to.deep.equal([
      [2, true],
      [3, true],
    ]);
    expect(region.f64[words.CUT_AT / 8]).to.equal(3);
  });

  it('should wait as long as anybody when it lost the right because it took long itself', async () => {
    const stallDeadlineMillis = 100;
    let other = 0;
    const { outcome } = await new Swap(region).cut(
      async () => {
        if (other !== 0) return true;
        await new Promise(resolve => setTimeout(resolve, 2 * stallDeadlineMillis));
        other = takeOver();
        setTimeout(() => region.kernel.giveRight(other), stallDeadlineMillis / 4);
        return undefined;
      },
      { stallDeadlineMillis, now: () => 1 },
    );
    expect(outcome).to.equal('fresh');
  });
});
