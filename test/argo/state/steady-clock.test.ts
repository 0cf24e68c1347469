// Goal: within an event there is one time.
import { expect } from 'chai';
import { SteadyClock } from '../../../lib/argo/state/steady-clock.js';

describe('SteadyClock', () => {
  it('should stand still between stop and go, and then be where the other one is', () => {
    let now = 1;
    const clock = new SteadyClock({ now: () => now++ });
    expect([clock.now(), clock.now()]).to.deep.equal([1, 2]);
    clock.stop();
    expect([clock.now(), clock.now()]).to.deep.equal([3, 3]);
    clock.go();
    expect(clock.now()).to.equal(4);
  });
});
