import { expect } from 'chai';
import { endRun, newRun, ranAgain, restartRun } from '../../../lib/argo/observe/run.js';

describe('runs', () => {
  it('should tell that something ran again by a start at or after its end', () => {
    const run = newRun(7);
    endRun(run, { startedAt: 10, finishedAt: 20 });
    expect([undefined, 5, 10, 15, 20, 30].map(startedAt => ranAgain(run, { startedAt }))).to.deep.equal([
      false,
      false,
      false,
      false,
      true,
      true,
    ]);
    endRun(run, { startedAt: 10, finishedAt: undefined });
    expect(ranAgain(run, { startedAt: 30 })).to.equal(false);
    expect([restartRun(run), restartRun(run)]).to.deep.equal([true, false]);
  });
});
