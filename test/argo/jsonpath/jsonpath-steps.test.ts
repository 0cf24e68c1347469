import { expect } from 'chai';
import { Budget } from '../../../lib/argo/budget/budget.js';
import { LimitError, metered } from '../../../lib/argo/budget/evaluation-limits.js';
import type { Value } from '../../../lib/argo/go/value/value.js';
import {
  PathError,
  RECURSIVE_STEP,
  WILDCARD_STEP,
  indexStep,
  keyStep,
} from '../../../lib/argo/jsonpath/jsonpath-steps.js';

describe('JSONPath steps', () => {
  const take = (value: Value, ...[first, ...next]: (typeof WILDCARD_STEP)[]): Value =>
    first?.apply({ root: value }, value, next) ?? null;

  it('should leave out what leads nowhere, once many are selected', () => {
    const people = [new Map([['name', 'a']]), new Map(), 'x', new Map([['name', null]])] as Value[];
    expect(take(people, WILDCARD_STEP, keyStep('name'))).to.deep.equal(['a']);
    expect(() => take(people, indexStep(1), keyStep('name'))).to.throw(PathError, "key 'name' not found");
  });

  it('should not take more steps than anybody needs', () => {
    let nested: Value = 1;
    for (let level = 0; level < 200; level++) nested = [nested];
    const recursions = Array.from({ length: 6 }, () => RECURSIVE_STEP);
    expect(() => metered(new Budget(), () => take(nested, ...recursions))).to.throw(LimitError);
  });
});
