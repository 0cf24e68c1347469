// The operators in the parentheses of a JSONPath. Most go through text, as the Go library does it: text from the document
// is quoted, so that it never equals a number or a word of the path.
import { EvaluationError } from '../go/evaluation-error.js';
import type { Value } from '../go/value/value.js';
import { parseGoFloat } from '../go/number/go-number.js';
import { isList, isMap, sprint } from '../go/value/go-format.js';
import { compileRegexp } from '../go/text/go-regexp.js';
import type { GoRegexp } from '../go/text/go-regexp.js';
import { PathError, noneFor, spendSteps } from './jsonpath-steps.js';
import type { PathScope, PathScript } from './jsonpath-steps.js';
import { parseJson } from '../go/json/parse-json.js';

/** What stands beside an operator: nothing, another operator, or text as it is written, or the list or map it is JSON of. */
export type Operand = undefined | PathScript | Value;

type Evaluated = readonly [scope: PathScope, current: Value];

/** The words that stand for values. */
export function isWord(text: string): boolean {
  return ['$', '@', 'nil', 'null'].includes(text);
}

export function valueOfWord(text: string, scope: PathScope, current: Value): Value {
  if (text === '$') return scope.root;
  return text === '@' ? current : null;
}

function force(operand: Operand, [scope, current]: Evaluated): Value {
  if (operand === undefined) throw new PathError('invalid argument. is nil');
  // Comparisons evaluate their sides twice, so chains of them take steps without end.
  spendSteps();
  return typeof operand === 'function' ? operand(scope, current) : operand;
}

function resolve(operand: Operand, at: Evaluated): Value {
  const value = force(operand, at);
  return typeof value === 'string' && isWord(value) ? valueOfWord(value, ...at) : value;
}

export function numberOf(operand: Operand, at: Evaluated): number {
  const parsed = parseGoFloat(sprint(resolve(operand, at)));
  if ('error' in parsed) throw new PathError('invalid argument. expected number');
  return parsed.value;
}

function integerOf(operand: Operand, at: Evaluated): bigint {
  const text = sprint(resolve(operand, at));
  const integer = /^[+-]?\d{1,20}$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
  if (integer !== undefined && BigInt.asIntN(64, integer) === integer) return integer;
  throw new PathError('invalid argument. expected integer');
}

export function booleanOf(operand: Operand, at: Evaluated): boolean {
  const value = operand === undefined ? null : resolve(operand, at);
  if (value === null) return false;
  const text = sprint(value);
  if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return true;
  if (/^(?:0|f|F|FALSE|false|False)$/.test(text)) return false;
  throw new PathError('invalid argument. expected boolean');
}

function textOf(operand: Operand, at: Evaluated): string {
  const value = force(operand, at);
  if (typeof value !== 'string') return sprint(value);
  if (!isWord(value))
    return value.length > 1 && /^"[\s\S]*"$/.test(value) ? `'${value.slice(1, -1)}'` : value;
  const named = valueOfWord(value, ...at);
  if (typeof named !== 'string') return sprint(named);
  if (named.length > 1 && /^'[\s\S]*'$/.test(named)) return named;
  return `'${named.length > 1 ? named.replace(/^"([\s\S]*)"$/, '$1') : named}'`;
}

function elementsOf(operand: Operand, at: Evaluated): readonly Value[] {
  const forced = force(operand, at);
  let value = forced;
  if (typeof forced === 'string')
    value = isWord(forced) ? valueOfWord(forced, ...at) : parsedCollection(forced);
  if (isList(value)) return value;
  if (isMap(value)) return [...value.values()];
  throw new PathError(`invalid argument. ${value === null ? 'is nil' : 'expected array, map, or slice'}`);
}

function parsedCollection(text: string): Value {
  if (!/^(?:\{[\s\S]*\}|\[[\s\S]*\])$/.test(text)) return text;
  const parsed = tryParseJson(text);
  if (parsed === undefined) throw new PathError('invalid argument');
  return parsed;
}

export function tryParseJson(text: string): Value | undefined {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

function attempt<T>(body: () => T): T | undefined {
  try {
    return body();
  } catch (error) {
    return noneFor(error);
  }
}

function arithmetic(compute: (left: number, right: number) => number): Operator {
  return (left, right) => (scope, current) =>
    compute(numberOf(left, [scope, current]), numberOf(right, [scope, current]));
}

function comparison(compare: (left: number, right: number) => boolean): Operator {
  return (left, right) => (scope, current) =>
    compare(numberOf(left, [scope, current]), numberOf(right, [scope, current]));
}

function isEqual(left: Operand, right: Operand, at: Evaluated): boolean {
  const first = attempt(() => numberOf(left, at));
  const second = first === undefined ? undefined : attempt(() => numberOf(right, at));
  if (second !== undefined) return first === second;
  return textOf(left, at) === textOf(right, at);
}

/** An operand that cannot be evaluated is in no list. Text is quoted here and not in the list, so it is in none either. */
function isIn(item: Operand, list: Operand, at: Evaluated): boolean {
  const wanted: Value | undefined =
    attempt(() => numberOf(item, at)) ??
    attempt(() => textOf(item, at)) ??
    attempt(() => booleanOf(item, at));
  return elementsOf(list, at).some(element => element === wanted);
}

function matches(text: Operand, pattern: Operand, at: Evaluated): boolean {
  const [subject, source] = [textOf(text, at), textOf(pattern, at)].map(quoted =>
    quoted.length > 1 ? quoted.replace(/^'([\s\S]*)'$/, '$1') : quoted,
  );
  return regexpOf(source ?? '').test(subject ?? '');
}

function regexpOf(source: string): GoRegexp {
  try {
    return compileRegexp(source);
  } catch (error) {
    if (error instanceof EvaluationError) throw new PathError('invalid argument. expected a valid regexp');
    throw error;
  }
}

function remainder(left: bigint, right: bigint): Value {
  if (right === 0n) throw new EvaluationError('runtime error: integer divide by zero');
  return left % right;
}

type Operator = (left: Operand, right: Operand) => PathScript;

/** All that have two sides, and `!`, which has none on the left. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['||', (left, right) => logic(left, right, (first, second) => first || second)],
  ['&&', (left, right) => logic(left, right, (first, second) => first && second)],
  ['==', (left, right) => (scope, current) => isEqual(left, right, [scope, current])],
  ['!=', (left, right) => (scope, current) => !isEqual(left, right, [scope, current])],
  ['<=', comparison((left, right) => left <= right)],
  ['>=', comparison((left, right) => left >= right)],
  ['<', comparison((left, right) => left < right)],
  ['>', comparison((left, right) => left > right)],
  ['=~', (left, right) => (scope, current) => matches(left, right, [scope, current])],
  ['!', (_left, right) => (scope, current) => !booleanOf(right, [scope, current])],
  ['+', arithmetic((left, right) => left + right)],
  ['-', arithmetic((left, right) => left - right)],
  ['**', arithmetic((left, right) => left ** right)],
  ['*', arithmetic((left, right) => left * right)],
  ['/', arithmetic((left, right) => left / right)],
  [
    '%',
    (left, right) => (scope, current) =>
      remainder(integerOf(left, [scope, current]), integerOf(right, [scope, current])),
  ],
  ['not in', (left, right) => (scope, current) => !isIn(left, right, [scope, current])],
  ['in', (left, right) => (scope, current) => isIn(left, right, [scope, current])],
]);

/** Both sides are always evaluated: where one fails, all fails. */
function logic(
  left: Operand,
  right: Operand,
  decide: (first: boolean, second: boolean) => boolean,
): PathScript {
  return (scope, current) => {
    const first = booleanOf(left, [scope, current]);
    return decide(first, booleanOf(right, [scope, current]));
  };
}
