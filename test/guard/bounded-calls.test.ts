import { expect } from 'chai';
import { BoundedCalls } from '../../lib/guard/bounded-calls.js';

const callsOf = (keepsLate: boolean): BoundedCalls<string> =>
  new BoundedCalls({ lateCode: 'PRODUCER_TIMEOUT', what: 'it', keepsLate });
const outcome = (run: Promise<string>): Promise<string> =>
  run.catch((error: unknown) => (error as { code?: string }).code ?? (error as Error).message);

/** A call that a test answers when it likes. */
function openCall(): { call: () => Promise<string>; answer: (text: string) => void; fail: () => void } {
  let [answer, fail]: [(text: string) => void, () => void] = [() => undefined, () => undefined];
  const promise = new Promise<string>((resolve, reject) => {
    answer = resolve;
    fail = () => reject(new Error('late failure'));
  });
  return { call: () => promise, answer: text => answer(text), fail: () => fail() };
}

describe('BoundedCalls', () => {
  it('gives through an answer, a rejection and what is thrown', async () => {
    const calls = callsOf(true);
    expect(await calls.run(async () => 'a', 1000)).to.equal('a');
    expect(await outcome(calls.run(() => Promise.reject(new Error('no')), 1000))).to.equal('no');
    const thrower = (): never => {
      throw new Error('at once');
    };
    expect(await outcome(calls.run(thrower, 1000))).to.equal('at once');
    expect(await calls.run(() => 'b', 1000)).to.equal('b');
  });

  it('neither waits for nor calls again what is late, until it has settled', async () => {
    const calls = callsOf(false);
    const { call, answer } = openCall();
    let others = 0;
    const other = (): string => `call ${++others}`;
    expect(await outcome(calls.run(call, 10))).to.equal('PRODUCER_TIMEOUT');
    await new Promise(resolve => setTimeout(resolve, 20));
    // It is older than this one would wait for an answer.
    const again = await calls.run(other, 5).catch((error: unknown) => String(error));
    expect(again).to.match(/still busy with an earlier collection/);
    expect(others).to.equal(0);
    answer('too late');
    await new Promise(setImmediate);
    expect(await calls.run(other, 1000)).to.equal('call 1');
  });

  it('hands a late answer to the next one who asks, if it is to be kept, and once', async () => {
    const calls = callsOf(true);
    const { call, answer } = openCall();
    await outcome(calls.run(call, 1));
    answer('late');
    await new Promise(setImmediate);
    expect(await calls.run(() => 'new', 1000)).to.equal('late');
    expect(await calls.run(() => 'new', 1000)).to.equal('new');
  });

  it('goes on after a late failure, which nobody hears of', async () => {
    const calls = callsOf(true);
    const { call, fail } = openCall();
    await outcome(calls.run(call, 1));
    fail();
    await new Promise(setImmediate);
    expect(await calls.run(() => 'new', 1000)).to.equal('new');
  });

  it('never runs two calls at once', async () => {
    const calls = callsOf(false);
    let [running, most] = [0, 0];
    const call = async (): Promise<string> => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      return 'done';
    };
    await Promise.all([calls.run(call, 1000), calls.run(call, 1000), calls.run(call, 1000)]);
    expect(most).to.equal(1);
  });
});

describe('BoundedCalls of several who ask', () => {
  const asker = {};

  it('waits for each as long as that one wants to', async () => {
    const calls = callsOf(false);
    const { call, answer } = openCall();
    const [impatient, patient] = [calls.run(call, 1, asker), calls.run(call, 1e9, asker)];
    expect(await outcome(impatient)).to.equal('PRODUCER_TIMEOUT');
    // Who comes while it runs is not turned away because somebody else did not wait.
    const later = calls.run(() => 'next', 1e9, asker);
    answer('whole');
    expect(await patient).to.equal('whole');
    expect(await later).to.equal('next');
  });

  it('makes one call for all who ask in one turn of the event loop, and one for all who ask while that runs', async () => {
    const calls = callsOf(false);
    let made = 0;
    const { call, answer } = openCall();
    const first = (): Promise<string> => {
      made++;
      return call();
    };
    const second = (): string => `call ${++made}`;
    const deep = Promise.resolve()
      .then(() => undefined)
      .then(() => calls.run(first, 1e9, asker));
    const together = [calls.run(first, 1e9, asker), deep];
    await new Promise(setImmediate);
    const joined = [1, 2, 3].map(() => calls.run(second, 1e9, asker));
    answer('call 1');
    expect(await Promise.all(together)).to.deep.equal(['call 1', 'call 1']);
    expect(await Promise.all(joined)).to.deep.equal(['call 2', 'call 2', 'call 2']);
    expect(made).to.equal(2);
  });

  it('tells a call how long the most patient of them waits', async () => {
    const calls = callsOf(false);
    const told: number[] = [];
    const call = (timeoutMillis: number): string => {
      told.push(timeoutMillis);
      return 'told';
    };
    await Promise.all([50_000, 900_000, 40_000].map(millis => calls.run(call, millis, asker)));
    expect(told).to.have.length(1);
    expect(told[0]).to.be.within(890_000, 900_000);
  });

  it('makes no call that nobody waits for any more', async () => {
    const calls = callsOf(false);
    const { call, answer } = openCall();
    let made = 0;
    const running = calls.run(call, 1e9);
    await new Promise(setImmediate);
    expect(await outcome(calls.run(() => `call ${++made}`, 20, asker))).to.equal('PRODUCER_TIMEOUT');
    answer('done');
    expect(await running).to.equal('done');
    expect(await calls.run(() => 'other', 1e9, asker)).to.equal('other');
    expect(made).to.equal(0);
  });

  it('fails all who share a call that fails', async () => {
    const calls = callsOf(false);
    const fails = (): Promise<never> => Promise.reject(new Error('broken'));
    const outcomes = await Promise.all([
      outcome(calls.run(fails, 1e9, asker)),
      outcome(calls.run(fails, 1e9, asker)),
    ]);
    expect(outcomes).to.deep.equal(['broken', 'broken']);
  });

  it('shares nothing between askers, and with who does not say who asks', async () => {
    const calls = callsOf(false);
    let made = 0;
    const call = (): number => ++made;
    const runs = await Promise.all(
      [{}, {}, undefined, undefined].map(own =>
        (calls as unknown as BoundedCalls<number>).run(call, 1e9, own),
      ),
    );
    expect(runs).to.have.members([1, 2, 3, 4]);
  });

  it('keeps a late answer only if it was late for all', async () => {
    const calls = callsOf(true);
    const [first, second] = [openCall(), openCall()];
    const taken = calls.run(first.call, 1e9);
    const late = outcome(calls.run(second.call, 30));
    first.answer('first');
    expect(await taken).to.equal('first');
    expect(await late).to.equal('PRODUCER_TIMEOUT');
    second.answer('second');
    await new Promise(setImmediate);
    expect(await calls.run(() => 'new', 1e9)).to.equal('second');
  });
});
