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
    expect(await outcome(calls.run(call, 1))).to.equal('PRODUCER_TIMEOUT');
    // With a time that no test lives to see.
    expect(await outcome(calls.run(other, 1e9))).to.equal('PRODUCER_TIMEOUT');
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
