// Processes that really end are in start-collector-thread.test.ts.
import { expect } from 'chai';
import { actBeforeSignal, atProcessEnd } from '../../lib/collector/process-end.js';

describe('atProcessEnd', () => {
  it('should begin all acts before it finishes the first, with one listener, also before a signal, and forget those that are taken back', () => {
    const before = process.listeners('exit');
    const done: string[] = [];
    const act = (name: string): (() => void) =>
      atProcessEnd({
        begin: isLast => done.push(`begin ${name}${isLast ? '' : ', not last'}`),
        finish: () => done.push(`finish ${name}`),
      });
    const forgets = ['a', 'b', 'c'].map(act);
    const added = process.listeners('exit').filter(listener => !before.includes(listener));
    expect(added).to.have.length(1);
    forgets[1]?.();
    added[0]?.(0);
    expect(done).to.deep.equal(['begin a', 'begin c', 'finish a', 'finish c']);
    done.length = 0;
    actBeforeSignal();
    expect(done).to.deep.equal(['begin a, not last', 'begin c, not last', 'finish a', 'finish c']);
    for (const forget of forgets) forget();
    expect(process.listeners('exit')).to.deep.equal(before);
  });
});
