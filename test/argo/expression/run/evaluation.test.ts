import { expect } from 'chai';
import { Budget } from '../../../../lib/argo/budget/budget.js';
import { Evaluation } from '../../../../lib/argo/expression/run/evaluation.js';
import { ScopeVariables } from '../../../../lib/argo/expression/run/scope-variables.js';
import { answer } from '../golden-rows.js';

describe('Evaluation', () => {
  it('should begin outside of every predicate', () => {
    const evaluation = new Evaluation(new ScopeVariables({}), new Budget());
    expect(evaluation.frame).to.equal(undefined);
    expect(evaluation.position).to.equal(0);
  });

  it('should come back to the outer predicate, and to the place of what fails', () => {
    expect(answer('map(1..2, [len(map(1..3, #)), #])')).to.equal('[[3,1],[3,2]]');
    expect(answer("1 + asInt('x')")).to.contain("(1:5)\n | 1 + asInt('x')\n | ....^");
  });
});
