import { expect } from 'chai';
import { monotonicMillis, pause } from '../lib/waiting.js';

describe('waiting', () => {
  it('should tell a time that goes on, whatever is done to the clock', async () => {
    const real = Date.now;
    const before = monotonicMillis();
    try {
      Date.now = () => 0;
      while (monotonicMillis() === before);
      await pause();
    } finally {
      Date.now = real;
    }
    const passed = monotonicMillis() - before;
    expect(passed).to.be.within(0.000_001, 60_000);
  });

  it('should let what is due have its turn in a pause', async () => {
    const events: string[] = [];
    setImmediate(() => events.push('immediate'));
    await pause();
    expect(events).to.deep.equal(['immediate']);
  });
});
