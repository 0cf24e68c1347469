import { LimitError } from '../../../lib/argo/budget/evaluation-limits.js';
import { expect } from 'chai';
import { OBJECT_STEPS_MAX, STEPS_MAX } from '../../../lib/argo/budget/budget.js';
import { ObjectWork } from '../../../lib/argo/budget/object-work.js';

const clock = { now: () => 7 };

describe('ObjectWork', () => {
  it('should not start again what was stopped', () => {
    const work = new ObjectWork(clock, 0);
    const [dear, cheap] = [{}, {}];
    expect(work.start(dear)).to.equal(true);
    work.stop(dear);
    expect([work.start(dear), work.start(cheap)]).to.deep.equal([false, true]);
  });

  it('should give each metric its steps until those of the object are spent', () => {
    const work = new ObjectWork(clock, 0);
    for (let metric = 0; metric < OBJECT_STEPS_MAX / STEPS_MAX; metric += 1) {
      work.start({});
      work.budget.spend(STEPS_MAX);
      expect(() => work.budget.spend(1)).to.throw(LimitError, `more than ${STEPS_MAX} steps`);
    }
    work.start({});
    expect(() => work.budget.spend(1)).to.throw(
      LimitError,
      `one object takes more than ${OBJECT_STEPS_MAX} steps`,
    );
    expect(() => work.compileBudget.spend(1)).to.not.throw();
    expect(work.budget.now()).to.equal(7);
  });

  it('should give more to an object with more nodes', () => {
    const spent = (nodes: number): number => {
      const work = new ObjectWork(clock, nodes);
      let steps = 0;
      while (work.spendPlain(10_000)) steps += 10_000;
      return steps;
    };
    expect(spent(0)).to.equal(1_000_000);
    expect(spent(100_000)).to.equal(21_000_000);
  });
});
