import { expect } from 'chai';
import { TimeSlice } from '../../lib/guard/time-slice.js';

describe('TimeSlice', () => {
  it('is over after a while of work, and lets what is due have its turn before the next one begins', async () => {
    const slice = new TimeSlice();
    const events: string[] = [];
    const due = new Promise<void>(resolve =>
      setTimeout(() => {
        events.push('timer');
        resolve();
      }, 0),
    );
    while (!slice.isOver()) events.length = 0;
    await slice.next();
    await slice.next();
    events.push('next');
    await due;
    expect(events).to.deep.equal(['timer', 'next']);
  });
});
