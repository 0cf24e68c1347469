import { expect } from 'chai';
import { FinishedWorkflows } from '../../../lib/argo/observe/finished-workflows.js';
import { packRuns } from '../../../lib/argo/observe/packed-runs.js';
import { endRun, newRun } from '../../../lib/argo/observe/run.js';
import type { TrackerState } from '../../../lib/argo/observe/tracker-state.js';

const OVER = newRun(0);
endRun(OVER, { startedAt: 1000, finishedAt: 2000 });

function state(versions: string, more: Partial<TrackerState> = {}): TrackerState {
  return {
    ...{
      versions,
      runs: packRuns([OVER]),
      newestTime: 2000,
      phase: 'Succeeded',
      startedAt: 1000,
      saidHidden: false,
    },
    ...{
      labels: { a: 'b' },
      annotations: undefined,
      written: { first: undefined, started: undefined, written: [] },
    },
    ...more,
  };
}

describe('FinishedWorkflows', () => {
  it('should have what is over, the one that ended first as the first', () => {
    const finished = new FinishedWorkflows();
    for (const uid of ['u', 'v', 'w']) expect(finished.set(uid, state('7'))).to.equal(true);
    finished.set('u', state('8'));
    expect(finished.size).to.equal(3);
    expect([...finished.uids()]).to.deep.equal(['v', 'w', 'u']);
    expect(finished.get('u')).to.deep.equal(state('8'));
    expect(finished.get('x')).to.equal(undefined);
    expect([finished.delete('v'), finished.delete('v')]).to.deep.equal([true, false]);
    expect([...finished.uids()]).to.deep.equal(['w', 'u']);
  });

  it('should not have what runs, nor what bytes cannot hold, nor what it had of that before', () => {
    const finished = new FinishedWorkflows();
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    for (const wrong of [{ runs: packRuns([newRun(0)]) }, { runs: '' }, { labels: cycle }]) {
      finished.set('u', state('7'));
      expect(finished.set('u', state('8', wrong))).to.equal(false);
      expect([finished.size, finished.get('u')]).to.deep.equal([0, undefined]);
    }
    expect(finished.set('é', state('7'))).to.equal(false);
    expect(finished.set('x'.repeat(255), state('7'))).to.equal(false);
    expect([...finished.values()]).to.deep.equal([]);
  });

  it('should know the version that it has, and no other', () => {
    const finished = new FinishedWorkflows();
    finished.set('u', state('7'));
    finished.set('v', state(''));
    finished.set('w', state('["","seven"]'));
    expect(['7', '07', '8', ''].map(version => finished.isLatest('u', version))).to.deep.equal([
      true,
      false,
      false,
      false,
    ]);
    expect([
      finished.isLatest('v', ''),
      finished.isLatest('w', 'seven'),
      finished.isLatest('x', '7'),
    ]).to.not.include(true);
  });

  it('should be the same in another process', () => {
    const finished = new FinishedWorkflows();
    for (let number = 0; number < 3000; number++)
      finished.set(`u-${number}`, state(`${number}`, { annotations: { at: `${number % 50}` } }));
    for (let number = 0; number < 3000; number += 7) finished.delete(`u-${number}`);
    const other = new FinishedWorkflows();
    for (const value of JSON.parse(JSON.stringify([...finished.values()])) as [number, unknown, number][])
      other.restoreValue(value);
    for (const piece of finished.pieces()) other.restorePiece(Buffer.from(piece));
    expect([...other.uids()]).to.deep.equal([...finished.uids()]);
    for (const uid of finished.uids()) expect(other.get(uid)).to.deep.equal(finished.get(uid));
    for (const uid of [...other.uids()]) other.delete(uid);
    expect([other.size, ...other.values()]).to.deep.equal([0]);
  });
});
