import { LimitError } from '../../../../lib/argo/budget/evaluation-limits.js';
import { expect } from 'chai';
import { Budget } from '../../../../lib/argo/budget/budget.js';
import { compare, isEqual } from '../../../../lib/argo/expression/operations/comparison.js';
import type { Value } from '../../../../lib/argo/go/value/value.js';
import { itShouldAnswerAsGo } from '../golden-rows.js';

describe('comparison of expressions', () => {
  itShouldAnswerAsGo('comparison');

  it('should not look into one list twice as often with every level', () => {
    let [left, right]: Value[][] = [[], []];
    for (let level = 0; level < 60; level++)
      [left, right] = [
        [left ?? [], left ?? []],
        [right ?? [], right ?? []],
      ];
    expect(() => isEqual(left ?? [], right ?? [], new Budget())).to.throw(LimitError, 'steps');
  });

  it('should order nothing with NaN', () => {
    expect(compare(NaN, 1, '<')).to.be.NaN;
  });
});
