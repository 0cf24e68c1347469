// Threads that really end are in test/collector. Here: the words, in one thread.
import { expect } from 'chai';
import { CollectorState, type Progress } from '../../lib/memory/collector-state.js';

/** A clock that goes on by itself, a millisecond at each look. */
function clock(): () => number {
  let now = 0;
  return () => now++;
}

const waitFor = (state: CollectorState, life: number, timeoutMillis: number, tries = 0): string => {
  let left = tries;
  return state.awaitFlush(1, { life, timeoutMillis, now: clock(), mayBegin: () => left-- > 0 });
};

describe('CollectorState', () => {
  it('should tell who waits that the export of a number is done, before and after it began to wait', () => {
    const state = new CollectorState();
    state.begin(1);
    state.flushed(1);
    const seen = new CollectorState(state.buffer);
    expect(waitFor(seen, 1, 1000)).to.equal('flushed');
    state.flushed(2);
    expect(waitFor(seen, 1, 20)).to.equal('late');
  });

  it('should wait no longer than it is told for a thread that lives', () => {
    const state = new CollectorState();
    state.begin(1);
    expect(waitFor(state, 1, 20)).to.equal('late');
    expect(waitFor(state, 1, 0)).to.equal('late');
  });

  it('should not wait for a thread that cannot begin any more, has ended, or is another one', () => {
    const state = new CollectorState();
    expect(waitFor(state, 1, 1000)).to.equal('dead');
    expect(waitFor(state, 1, 1000, 2)).to.equal('dead');
    expect(waitFor(state, 1, 10, 1000)).to.equal('late');
    state.begin(1);
    expect(waitFor(state, 2, 1000)).to.equal('dead');
    state.settle();
    expect(waitFor(state, 1, 1000)).to.equal('dead');
  });

  it('should keep how far deltas came, for whoever has the memory', () => {
    const state = new CollectorState();
    expect(state.progress).to.deep.equal({ half: 0, fate: 'kept', from: 0, until: 0 });
    for (const half of [0, 1])
      for (const fate of ['kept', 'handed', 'arrived'] as const) {
        const progress: Progress = { half, fate, from: 1.5, until: 1e12 + half };
        state.progress = progress;
        expect(new CollectorState(state.buffer).progress).to.deep.equal(progress);
      }
  });

  it('should count what is in doubt once when a thread has ended, and not send it again', () => {
    const state = new CollectorState();
    const counts = (fate: Progress['fate'], owed: number): number[] => {
      state.progress = { half: 1, fate, from: 1, until: 2 };
      state.owes(owed);
      return [state.settle(), state.settle()];
    };
    expect(counts('kept', 0)).to.deep.equal([0, 0]);
    expect(state.progress.fate).to.equal('kept');
    expect(counts('arrived', 2)).to.deep.equal([2, 0]);
    expect(counts('handed', 3)).to.deep.equal([4, 0]);
    expect(state.progress).to.deep.equal({ half: 1, fate: 'arrived', from: 1, until: 2 });
  });
});
