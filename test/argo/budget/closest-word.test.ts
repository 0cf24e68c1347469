import { expect } from 'chai';
import { closestWord } from '../../../lib/argo/budget/closest-word.js';
import { LimitError, metered } from '../../../lib/argo/budget/evaluation-limits.js';

describe('closestWord of expressions', () => {
  it('should find what was meant', () => {
    expect(closestWord('duraton', ['duration', 'status'])).to.equal('duration');
  });

  it('should be charged to the evaluation that it is in', () => {
    let spent = 0;
    const spend = (steps: number): void => {
      spent += steps;
      if (spent > 1500) throw new LimitError('too dear');
    };
    const ask = (): string | undefined => closestWord('statsu', ['status']);
    metered({ spend, spendOnce: () => undefined, now: () => 0 }, () => {
      expect(ask()).to.equal('status');
      expect(ask).to.throw(LimitError);
    });
  });
});
