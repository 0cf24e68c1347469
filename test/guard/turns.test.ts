import { expect } from 'chai';
import { Turns } from '../../lib/guard/turns.js';

describe('Turns', () => {
  it('begins one when the one before has ended, however it ended', async () => {
    const turns = new Turns();
    const events: string[] = [];
    const turn = (name: string, fails: boolean): Promise<void> =>
      turns.take(async () => {
        events.push(`${name} begins`);
        await new Promise(setImmediate);
        events.push(`${name} ends`);
        if (fails) throw new Error(name);
      });
    const failure = turn('a', true).catch((error: unknown) => error);
    await turn('b', false);
    expect(events).to.deep.equal(['a begins', 'a ends', 'b begins', 'b ends']);
    expect(await failure).to.have.property('message', 'a');
  });

  it('tells a turn whether another one has begun since', async () => {
    const turns = new Turns();
    const isNewest = await turns.take(ask => ask);
    expect(isNewest()).to.equal(true);
    await turns.take(() => undefined);
    expect(isNewest()).to.equal(false);
  });

  describe('that are shared', () => {
    /** What each turn was given. */
    let turns: Turns;
    let given: string[];
    let goOn: (() => void)[];
    beforeEach(() => {
      [turns, given, goOn] = [new Turns(), [], []];
    });
    const share = (key: string, value: string): Promise<string> =>
      turns.share(key, value, async last => {
        given.push(last);
        await new Promise<void>(resolve => goOn.push(resolve));
        return `${last} of ${key}`;
      });
    const step = async (): Promise<void> => {
      await new Promise(setImmediate);
      goOn.shift()?.();
      await new Promise(setImmediate);
    };

    it('gives all who ask before it begins one turn, of what the last one brought', async () => {
      const first = [share('k', 'a'), share('k', 'b')];
      await new Promise(setImmediate);
      const second = [share('k', 'c'), share('k', 'd'), share('k', 'e')];
      await step();
      await step();
      expect(await Promise.all(first)).to.deep.equal(['b of k', 'b of k']);
      expect(await Promise.all(second)).to.deep.equal(['e of k', 'e of k', 'e of k']);
      expect(given).to.deep.equal(['b', 'e']);
    });

    it('gives other keys turns of their own, one after the other', async () => {
      const all = [share('k', 'a'), share('l', 'b'), share('k', 'c')];
      await new Promise(setImmediate);
      expect(given).to.deep.equal(['c']);
      await step();
      expect(given).to.deep.equal(['c', 'b']);
      await step();
      expect(await Promise.all(all)).to.deep.equal(['c of k', 'b of l', 'c of k']);
    });

    it('goes on after a turn that failed for all who shared it', async () => {
      const fail = (): Promise<never> =>
        turns.share('k', 0, () => {
          throw new Error('no');
        });
      const outcomes = await Promise.allSettled([fail(), fail()]);
      expect(outcomes.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
      expect(await turns.share('k', 1, last => last)).to.equal(1);
    });
  });
});
