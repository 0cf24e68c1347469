import { LimitError } from '../../../lib/argo/budget/evaluation-limits.js';
import { expect } from 'chai';
import { OBJECT_STEPS_MAX, STEPS_MAX } from '../../../lib/argo/budget/budget.js';
import {
  DIAGNOSTICS_MAX,
  ObjectWork,
  PLAIN_STEPS_MIN,
  PLAIN_STEPS_OF_NODE,
} from '../../../lib/argo/budget/object-work.js';

const clock = { now: () => 7 };

describe('ObjectWork', () => {
  it('should not start again what was stopped', () => {
    const work = new ObjectWork(clock, 0);
    const [dear, cheap] = [{}, {}];
    const metrics = [dear, cheap];
    expect(work.remaining(metrics)).to.equal(metrics);
    work.stop(dear);
    expect(work.remaining(metrics)).to.deep.equal([cheap]);
    work.stop(cheap);
    expect(work.remaining(metrics)).to.deep.equal([]);
    work.restart();
    expect(work.remaining(metrics)).to.equal(metrics);
  });

  it('should ask each metric of a list once after one was stopped, however often the list is wanted', () => {
    const work = new ObjectWork(clock, 0);
    const [dear, cheap] = [{}, {}];
    let asked = 0;
    const metrics = new Proxy([dear, cheap], {
      get: (list, key) => {
        asked++;
        return Reflect.get(list, key) as unknown;
      },
    });
    work.stop(dear);
    for (let node = 0; node < 1000; node++) expect(work.remaining(metrics)).to.deep.equal([cheap]);
    expect(asked).to.be.lessThan(20);
  });

  it('should tell of as much as somebody reads, and count the rest', () => {
    const work = new ObjectWork(clock, 0);
    const told = Array.from({ length: DIAGNOSTICS_MAX + 7 }, () => work.tells());
    expect(told.filter(Boolean)).to.have.length(DIAGNOSTICS_MAX);
    expect(work.untold).to.equal(7);
    work.restart();
    expect([work.tells(), work.untold]).to.deep.equal([true, 0]);
  });

  it('should give each metric its steps until those of the object are spent', () => {
    const work = new ObjectWork(clock, 0);
    for (let metric = 0; metric < OBJECT_STEPS_MAX / STEPS_MAX; metric++) {
      work.budget.startMetric();
      work.budget.spend(STEPS_MAX);
      expect(() => work.budget.spend(1)).to.throw(LimitError, `more than ${STEPS_MAX} steps`);
    }
    work.budget.startMetric();
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
    expect(spent(0)).to.equal(PLAIN_STEPS_MIN);
    expect(spent(100_000)).to.equal(PLAIN_STEPS_MIN + 100_000 * PLAIN_STEPS_OF_NODE);
  });
});
