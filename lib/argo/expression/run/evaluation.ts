import type { Budget } from '../../budget/budget.js';
import type { ScopeVariables } from './scope-variables.js';
import type { Value } from '../../go/value/value.js';

/** The element that a predicate looks at. */
export interface Frame {
  readonly item: Value;
  readonly index: number;
  readonly accumulator: Value;
}

/** One evaluation of an expression: what it reads, where it is, and what it may still spend. */
export class Evaluation {
  readonly variables: ScopeVariables;
  readonly budget: Budget;
  /** Of the part that is being evaluated: where an error is. */
  position = 0;
  /** Of the innermost predicate. */
  frame: Frame | undefined;

  constructor(variables: ScopeVariables, budget: Budget) {
    this.variables = variables;
    this.budget = budget;
  }
}

/** A compiled part of an expression. `undefined` only inside a chain: a `?.` has found nil. */
export type Run = (evaluation: Evaluation) => Value;
