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

  it('should let what is due have its turn within some pauses', async () => {
    // Not in the first for certain: the timer of a pause may be due before the event loop comes to its immediates.
    const events: string[] = [];
    setImmediate(() => events.push('immediate'));
    for (let pauses = 0; pauses < 1000 && events.length === 0; pauses++) await pause();
    expect(events).to.deep.equal(['immediate']);
  });
});
