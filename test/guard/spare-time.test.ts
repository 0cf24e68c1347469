import { expect } from 'chai';
import { SpareTime } from '../../lib/guard/spare-time.js';

describe('SpareTime', () => {
  it('should be over after a while of work, and let what is due have its turn', async () => {
    const time = new SpareTime();
    let isDone = false;
    setTimeout(() => (isDone = true), 0);
    while (!time.isOver());
    await time.next();
    await time.next();
    expect(isDone).to.equal(true);
    expect(time.spentMillis).to.be.greaterThan(4.9);
  });

  it('should take a small part of the time while others have something to do, and all of it again afterwards', async () => {
    let now = 0;
    const time = new SpareTime(
      () => now,
      () => -Infinity,
    );
    const turn = (): number => {
      const begin = now;
      while (!time.isOver()) now += 0.125;
      return now - begin;
    };
    const during = async (others: number): Promise<void> => {
      setImmediate(() => (now += others));
      await time.next();
    };
    expect(turn()).to.equal(5);
    const turns: number[] = [];
    for (const others of [6, 6, 60, 0, 0.75, 1.5, 0.25, 0]) {
      await during(others);
      turns.push(turn());
    }
    expect(turns).to.deep.equal([1, 1, 5, 5, 0.125, 0.25, 5, 5]);
    expect(time.spentMillis).to.equal(5 + 1 + 1 + 5 + 5 + 0.125 + 0.25 + 5 + 5);
  });

  it('should stand back while somebody is in a hurry, and come to an end beside who always is', async () => {
    let [now, left] = [0, 3];
    const waited: number[] = [];
    const time = new SpareTime(
      () => (now += 100),
      () => now - (left-- > 0 ? 19 : 20),
    );
    const next = async (): Promise<void> => {
      const begun = now;
      await time.next();
      waited.push(now - begun - 100);
    };
    await next();
    for (let times = 0; times < 3; times++) {
      left = Infinity;
      await next();
    }
    expect(waited, 'three times for who is in a hurry, once for the others').to.deep.equal([
      400, 1800, 100, 100,
    ]);
  });
});
