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
});
