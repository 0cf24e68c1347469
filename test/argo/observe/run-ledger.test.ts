import { expect } from 'chai';
import fc from 'fast-check';
import { RunLedger } from '../../../lib/argo/observe/run-ledger.js';
import { endRun, restartRun } from '../../../lib/argo/observe/run.js';

/** One look at an object with these nodes: what was known of each, and all of them over from then on. */
function look(ledger: RunLedger, ids: readonly string[]): boolean[] {
  const runs = ledger.open();
  const known = ids.map(id => runs.find(id) !== undefined);
  for (const id of ids) endRun(runs.find(id) ?? runs.add(id), { startedAt: 1000, finishedAt: 2000 });
  for (const run of runs.unseen()) restartRun(run);
  ledger.close();
  return known;
}

const ids = fc.uniqueArray(
  fc.constantFrom(...Array.from({ length: 12 }, (_, index) => `n${index}`), '', '__proto__'),
);

describe('RunLedger', () => {
  it('should know the nodes of the look before, in whatever order they come, and forget what was missing', () => {
    fc.assert(
      fc.property(fc.array(ids, { minLength: 1, maxLength: 6 }), looks => {
        const ledger = new RunLedger();
        let before = new Set<string>();
        for (const nodes of looks) {
          expect(look(ledger, nodes)).to.deep.equal(nodes.map(id => before.has(id)));
          before = new Set(nodes);
        }
      }),
    );
  });

  it('should keep apart the workflow itself', () => {
    const ledger = new RunLedger();
    endRun(ledger.open().self, { startedAt: 1000, finishedAt: undefined });
    ledger.close();
    expect(ledger.open().self).to.include({ isDone: true, startedAt: 1000, finishedAt: undefined });
  });

  it('should keep what was seen when a look breaks off', () => {
    const ledger = new RunLedger();
    look(ledger, ['a', 'b']);
    const runs = ledger.open();
    runs.find('a');
    endRun(runs.add('c'), { startedAt: 1, finishedAt: 2 });
    ledger.close();
    expect(look(ledger, ['a', 'b', 'c', 'd'])).to.deep.equal([true, true, true, false]);
  });

  it('should show a look that begins inside another one what that one did', () => {
    const ledger = new RunLedger();
    const runs = ledger.open();
    endRun(runs.add('a'), { startedAt: 1, finishedAt: 2 });
    expect(look(ledger, ['a', 'b'])).to.deep.equal([true, false]);
    expect(runs.find('b')?.isDone).to.equal(true);
    ledger.close();
    expect(look(ledger, ['a', 'b'])).to.deep.equal([true, true]);
  });

  it('should go on from what another one had packed', () => {
    const ledger = new RunLedger();
    look(ledger, ['a', 'b']);
    const again = new RunLedger();
    again.restore(ledger.packed);
    expect(again.packed).to.equal(ledger.packed);
    expect(look(again, ['a', 'b', 'c'])).to.deep.equal([true, true, false]);
  });
});
