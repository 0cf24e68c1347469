// What each operator does with its values.
import { compileRegexp } from '../../go/text/go-regexp.js';
import { textOf } from '../../go/text/go-text.js';
import { add, divide, multiply, negate, raise, remainder, subtract, toInt } from './arithmetic.js';
import type { Budget } from '../../budget/budget.js';
import { compare, isEqual } from './comparison.js';
import { ByteList, mismatch } from '../../go/value/go-value.js';
import { EvaluationError } from '../../go/evaluation-error.js';
import type { Value } from '../../go/value/value.js';

type Operation = (left: Value, right: Value, budget: Budget) => Value;

/** Where it is one of text with text. Nil contains nothing. */
function onTexts(decide: (left: string, right: string) => boolean): Operation {
  return (left, right, budget) => {
    if (left === null || right === null) return false;
    if (typeof right !== 'string') throw mismatch(right, 'string');
    if (typeof left !== 'string') throw mismatch(left, 'string');
    budget.spend(left.length >> 4);
    return decide(left, right);
  };
}

const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['==', isEqual],
  ['!=', (left, right, budget) => !isEqual(left, right, budget)],
  ['<', ordered('<', order => order < 0)],
  ['>', ordered('>', order => order > 0)],
  ['<=', ordered('<=', order => order <= 0)],
  ['>=', ordered('>=', order => order >= 0)],
  ['+', addWithin],
  ['-', subtract],
  ['*', multiply],
  ['/', divide],
  ['%', remainder],
  ['**', raise],
  ['^', raise],
  ['..', range],
  ['matches', matches],
  ['contains', onTexts((left, right) => left.includes(right))],
  ['startsWith', onTexts((left, right) => left.startsWith(right))],
  ['endsWith', onTexts((left, right) => left.endsWith(right))],
]);

function addWithin(left: Value, right: Value, budget: Budget): Value {
  const sum = add(left, right);
  if (typeof sum === 'string') budget.spend(sum.length >> 4);
  return sum;
}

/** As {@link compare}, where looking at long texts costs something. */
function ordered(operator: string, decide: (order: number) => boolean): Operation {
  return (left, right, budget) => {
    if (typeof left === 'string') budget.spend(left.length >> 6);
    return decide(compare(left, right, operator));
  };
}

export function binaryOperation(operator: string): Operation {
  return OPERATIONS.get(operator) ?? unknownOperator;
}

function unknownOperator(): never {
  throw new EvaluationError('unknown operator');
}

export function applyUnary(operator: string, value: Value): Value {
  if (operator === '-') return negate(value);
  if (operator === '+') return value;
  if (typeof value === 'boolean') return !value;
  throw mismatch(value, 'bool');
}

function range(left: Value, right: Value, budget: Budget): Value {
  const from = toInt(left);
  const to = toInt(right);
  if (to < from) return [];
  const length = to - from + 1n;
  budget.spendList(length > BigInt(Number.MAX_SAFE_INTEGER) ? Infinity : Number(length));
  return Array.from({ length: Number(length) }, (_, index) => from + BigInt(index));
}

function matches(left: Value, right: Value): Value {
  if (left === null || right === null) return false;
  if (typeof right !== 'string') throw mismatch(right, 'string');
  const text = matchable(left);
  return compileRegexp(right).test(text);
}

/** What a pattern can be matched with: text, or bytes taken as text. */
export function matchable(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof ByteList) return textOf(Uint8Array.from(value, Number));
  throw mismatch(value, '[]uint8');
}
