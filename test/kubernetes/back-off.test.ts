import { expect } from 'chai';
import { BackOff } from '../../lib/kubernetes/back-off.js';

describe(BackOff.name, () => {
  it('should wait twice as long each time, up to half a minute, until something came', () => {
    const backOff = new BackOff(() => 1);
    const waits = Array.from({ length: 1100 }, () => backOff.next());
    expect(waits.slice(0, 9)).to.deep.equal([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect(waits.at(-1)).to.equal(30_000);
    backOff.succeeded();
    expect(backOff.next()).to.equal(250);
  });

  it('should wait half as long at least, by chance', () => {
    expect(new BackOff(() => 0).next()).to.equal(125);
    expect(new BackOff(() => 0.5).next()).to.equal(188);
  });

  it('should wait as long as it is asked to', () => {
    const backOff = new BackOff(() => 1);
    expect(backOff.next(7000)).to.equal(7000);
    expect(backOff.next(1)).to.equal(500);
  });
});
