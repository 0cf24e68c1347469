// A dead holder that is taken over is in test/collection.test.ts, a sleeping one in the model check.
import { expect } from 'chai';
import { RIGHT_PATIENCE_MILLIS } from '../../lib/limits.js';
import { createRegion, type Region } from '../../lib/memory/region.js';
import { isHeldBy, Right } from '../../lib/memory/right.js';
import * as words from '../../lib/memory/words.js';

describe('Right', () => {
  let region: Region;
  let right: Right;
  beforeEach(() => {
    region = createRegion({
      maxBytes: 2 ** 20,
      stripes: 1,
      maxStreams: 1,
      maxBoundaries: 1,
      maxSeries: 1,
      maxLabelBytes: 64,
    });
    right = new Right(region);
  });

  const word = (): bigint => region.i64[words.RIGHT / 8] ?? 0n;
  const soon = (millis: number): number => performance.now() + millis;

  it('should be held by one at a time, each under a generation of its own', async () => {
    const first = region.kernel.takeRight(0, 0, 0);
    expect(first).not.to.equal(0);
    expect(region.kernel.takeRight(0, 0, 0)).to.equal(0);
    expect(await right.take(soon(0)), 'at the deadline').to.equal(0);
    right.give(first);
    const second = await right.take(soon(0));
    expect(second).not.to.be.oneOf([0, first]);
    right.give(first);
    expect(region.kernel.takeRight(0, 0, 0), 'who lost it cannot give it').to.equal(0);
    expect(region.kernel.beat(first)).to.equal(words.LOST);
    expect(region.kernel.beat(second)).to.equal(words.DONE);
    expect([first, second].map(generation => isHeldBy(region, generation))).to.deep.equal([false, true]);
  });

  it('should not be taken from a holder that moves, however long it takes', async function () {
    this.timeout(20 * RIGHT_PATIENCE_MILLIS);
    const holder = region.kernel.takeRight(0, 0, 0);
    const moving = setInterval(() => region.kernel.beat(holder), 1);
    expect(await right.take(soon(3 * RIGHT_PATIENCE_MILLIS))).to.equal(0);
    clearInterval(moving);
    expect(region.kernel.beat(holder)).to.equal(words.DONE);
    expect(await right.take(soon(10 * RIGHT_PATIENCE_MILLIS)), 'but when it stands still').not.to.equal(0);
    expect(region.kernel.beat(holder)).to.equal(words.LOST);
  });

  it('should be taken from a dead holder also by who never waits as long as a holder may stand still', async function () {
    this.timeout(40 * RIGHT_PATIENCE_MILLIS);
    expect(region.kernel.takeRight(0, 0, 0)).not.to.equal(0);
    let taken = 0;
    for (let wait = 0; wait < 20 && taken === 0; wait++)
      taken = await right.take(soon(RIGHT_PATIENCE_MILLIS / 4));
    expect(taken).not.to.equal(0);
  });

  it('should outlive the end of its counts: of steps, and of generations', () => {
    const holder = region.kernel.takeRight(0, 0, 0);
    // The last step before the count of steps, in bits 2 to 31, begins again.
    region.i64[words.RIGHT / 8] = (word() & ~0xffffffffn) | 0xfffffffen;
    expect(region.kernel.beat(holder)).to.equal(words.DONE);
    expect(word() & 0xffffffffn, 'held, step 0').to.equal(2n);
    expect(region.kernel.beat(holder), 'the generation is the same').to.equal(words.DONE);
    right.give(holder);
    region.i64[words.RIGHT / 8] = BigInt.asIntN(64, 0xffffffffn << 32n);
    const next = region.kernel.takeRight(0, 0, 0);
    expect(next, '0 would say that it was not taken').to.equal(1);
    right.give(next);
    region.i64[words.RIGHT / 8] = 0x7fffffffn << 32n;
    const negative = region.kernel.takeRight(0, 0, 0);
    expect(region.kernel.beat(negative)).to.equal(words.DONE);
    expect(region.kernel.giveRight(negative)).to.equal(1);
  });
});
