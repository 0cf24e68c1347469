// The steps of a JSONPath, as the Go library that Argo uses takes them. A step is given the steps after it: one that
// selects many values applies them to each, and forgets those where they fail.
import type { Value } from '../go/value/value.js';
import { checkListLength, spend } from '../budget/evaluation-limits.js';
import { isList, isMap, sortedEntries } from '../go/value/go-format.js';
import { goKindOf } from '../go/value/go-function.js';
import { byteLength } from '../go/text/go-text.js';

/** What one of a path's steps costs. Paths with several `..` take as many as the document has nodes, to a power. */
const STEP_COST = 25;
/** What it costs to find out that a path leads nowhere. */
const FAILURE_COST = 150;

/** A path that leads nowhere. Where many values are tried, such a one is left out. */
export class PathError extends Error {}

/** What a query knows. */
export interface PathScope {
  /** The document. */
  readonly root: Value;
}

/** Before some of a path's steps are taken. */
export function spendSteps(steps = 1): void {
  spend(steps * STEP_COST);
}

export interface PathStep {
  /** An index after many values is taken from their list, not from each. */
  readonly isIndex: boolean;
  apply(scope: PathScope, current: Value, next: readonly PathStep[]): Value;
}

/** Computes a value from the current one: the parentheses of a path. */
export type PathScript = (scope: PathScope, current: Value) => Value;

type Apply = PathStep['apply'];

function step(apply: Apply, isIndex = false): PathStep {
  return {
    isIndex,
    apply(scope, current, next) {
      spendSteps();
      return apply(scope, current, next);
    },
  };
}

function proceed(scope: PathScope, current: Value, next: readonly PathStep[]): Value {
  const [first] = next;
  return first === undefined ? current : first.apply(scope, current, next.slice(1));
}

/** As {@link proceed}; `undefined` where that leads nowhere or to null. */
function tryToProceed(scope: PathScope, current: Value, next: readonly PathStep[]): Value | undefined {
  if (next.length === 0) return current;
  try {
    return proceed(scope, current, next) ?? undefined;
  } catch (error) {
    return noneFor(error);
  }
}

/** Nothing, where a path leads nowhere. */
export function noneFor(error: unknown): undefined {
  if (!(error instanceof PathError)) throw error;
  spend(FAILURE_COST);
  return undefined;
}

function proceedWithEach(scope: PathScope, values: readonly Value[], next: readonly PathStep[]): Value[] {
  spendSteps(values.length);
  const results = values
    .map(value => tryToProceed(scope, value, next))
    .filter(result => result !== undefined);
  checkListLength(results.length);
  return results;
}

/** With each of them, unless an index follows. */
function proceedWithMany(scope: PathScope, values: readonly Value[], next: readonly PathStep[]): Value {
  return next[0]?.isIndex === true ? proceed(scope, values, next) : proceedWithEach(scope, values, next);
}

export function kindOf(value: Value): string {
  if (value === null) return 'nil';
  // Lengths are the only whole numbers here.
  return typeof value === 'bigint' ? 'int64' : goKindOf(value);
}

function wrongTarget(name: string, value: Value, expected: string): PathError {
  return new PathError(`${name}: invalid token target. expected [${expected}] got [${kindOf(value)}]`);
}

/** Elements of a list, or members of a map in the order of their keys. */
function childrenOf(value: Value): readonly Value[] | undefined {
  if (isList(value)) return value;
  return isMap(value) ? sortedEntries(value).map(([, member]) => member) : undefined;
}

export const ROOT_STEP = step((scope, _current, next) => proceed(scope, scope.root, next));
export const CURRENT_STEP = step(proceed);

export function keyStep(key: string): PathStep {
  return step((scope, current, next) => {
    if (!isMap(current)) throw wrongTarget('key', current, 'map');
    if (!current.has(key)) throw new PathError(`key: invalid token key '${key}' not found`);
    return proceed(scope, current.get(key) ?? null, next);
  });
}

export function indexStep(index: number): PathStep {
  return step((scope, current, next) => {
    if (!isList(current)) throw wrongTarget('index', current, 'array slice');
    const value = current.at(index);
    if (value === undefined) throw new PathError('index: invalid token out of range');
    return proceed(scope, value, next);
  }, true);
}

export const LENGTH_STEP = step((scope, current, next) => {
  if (isMap(current)) {
    const own = current.has('length') ? (current.get('length') ?? null) : BigInt(current.size);
    return proceed(scope, own, next);
  }
  if (isList(current)) return proceed(scope, BigInt(current.length), next);
  if (typeof current === 'string') return proceed(scope, BigInt(byteLength(current)), next);
  throw wrongTarget('length', current, 'array map slice string');
});

export const WILDCARD_STEP = step((scope, current, next) => {
  const children = childrenOf(current);
  if (!children) throw wrongTarget('wildcard', current, 'array map slice');
  return proceedWithEach(scope, children, next);
});

export const RECURSIVE_STEP = step((scope, current, next) => {
  const found: Value[] = [];
  const visit = (value: Value): void => {
    spendSteps();
    if (value === null) return;
    const result = tryToProceed(scope, value, next) ?? null;
    if (isList(result) && next.length > 0) {
      spendSteps(result.length);
      for (const element of result) found.push(element);
    } else if (result !== null) found.push(result);
    checkListLength(found.length);
    childrenOf(value)?.forEach(visit);
  };
  visit(current);
  return found;
});

/** What failed in parentheses says so, unless it does already. */
function inExpression(error: unknown, prefix: string): unknown {
  if (!(error instanceof PathError)) return error;
  const isMarked = error.message.startsWith('invalid expression');
  return new PathError(`${prefix}${isMarked ? '' : 'invalid expression. '}${error.message}`);
}

/** An expression without text is a mistake that shows only here. */
export function filterStep(script: PathScript | undefined): PathStep {
  return step((scope, current, next) => {
    if (script === undefined) throw new PathError('invalid expression. is empty');
    const children = childrenOf(current);
    if (!children) throw wrongTarget('filter', current, 'array map slice');
    const chosen = children.filter(child => isTrue(evaluate(script, scope, child)));
    // The library takes the current value for the document from here on.
    return proceedWithMany(next[0]?.isIndex === true ? { root: current } : scope, chosen, next);
  });
}

function evaluate(script: PathScript, scope: PathScope, child: Value): Value {
  try {
    return script(scope, child);
  } catch (error) {
    return noneFor(error) ?? null;
  }
}

function isTrue(value: Value): boolean {
  if (typeof value === 'string') return value.replace(/^(['"])([\s\S]*)\1$/, '$2') !== '';
  if (isList(value)) return value.length > 0;
  if (isMap(value)) return value.size > 0;
  return Boolean(value);
}

/** `[(@.length-1)]`: a key or an index that is computed. */
export function scriptStep(script: PathScript): PathStep {
  return step((scope, current, next) => {
    const value = evaluateScript(script, scope, current);
    if (typeof value === 'string') return keyStep(value).apply(scope, current, next);
    const index = integerOf(value);
    if (index !== undefined) return indexStep(index).apply(scope, current, next);
    throw new PathError(`unexpected expression result. expected [int string] got [${kindOf(value)}]`);
  });
}

function evaluateScript(script: PathScript, scope: PathScope, current: Value): Value {
  try {
    return script(scope, current);
  } catch (error) {
    throw inExpression(error, '');
  }
}

/** An argument of a union or a range. */
export type PathArgument = string | number | PathScript;

function resolve(argument: PathArgument, name: string, scope: PathScope, current: Value): Value {
  if (typeof argument !== 'function') return argument;
  try {
    return argument(scope, current);
  } catch (error) {
    throw inExpression(error, `${name}: invalid token `);
  }
}

export function unionStep(unionArguments: readonly PathArgument[]): PathStep {
  return step((scope, current, next) => {
    const wanted = unionArguments.map(argument => {
      const value = resolve(argument, 'union', scope, current);
      const item = typeof value === 'string' ? value : integerOf(value);
      if (item !== undefined) return item;
      throw new PathError(`union: invalid token argument. expected [int string] got [${kindOf(value)}]`);
    });
    const keys = wanted.filter(item => typeof item === 'string');
    if (keys.length === 0) return unionOfIndices(scope, current, wanted as number[], next);
    if (keys.length === wanted.length) return unionOfKeys(scope, current, keys, next);
    const [expected, got] = typeof wanted[0] === 'string' ? ['string', 'int'] : ['int', 'string'];
    throw new PathError(`union: invalid token argument. expected [${expected}] got [${got}]`);
  });
}

function unionOfKeys(
  scope: PathScope,
  current: Value,
  keys: readonly string[],
  next: readonly PathStep[],
): Value {
  if (!isMap(current)) throw wrongTarget('union', current, 'map');
  const values = keys.filter(key => current.has(key)).map(key => current.get(key) ?? null);
  return proceedWithMany(scope, values, next);
}

function unionOfIndices(
  scope: PathScope,
  current: Value,
  indices: readonly number[],
  next: readonly PathStep[],
): Value {
  if (!isList(current)) throw wrongTarget('union', current, 'array slice');
  const values = indices.map(index => current.at(index)).filter(value => value !== undefined);
  return proceedWithMany(scope, values, next);
}

/** `[from:to:step]`; a step below zero goes from the end to the start. */
export function rangeStep(
  from: PathArgument | undefined,
  to: PathArgument | undefined,
  stride: PathArgument | undefined,
): PathStep {
  return step((scope, current, next) => {
    if (!isList(current)) throw wrongTarget('range', current, 'array slice');
    const read = (argument: PathArgument | undefined, otherwise: number): number =>
      argument === undefined ? otherwise : integerArgument(resolve(argument, 'range', scope, current));
    const { length } = current;
    const clamp = (index: number): number =>
      Math.min(Math.max(index < 0 ? index + length : index, 0), length);
    const [start, end] = [clamp(read(from, 0)), clamp(read(to, length))];
    const by = read(stride, 1);
    if (by === 0) throw new PathError('range: invalid token out of range');
    const values: Value[] = [];
    if (by > 0) for (let index = start; index < end; index += by) values.push(current[index] ?? null);
    else for (let index = end - 1; index >= start; index += by) values.push(current[index] ?? null);
    return proceedWithMany(scope, values, next);
  });
}

function integerArgument(value: Value): number {
  const integer = integerOf(value);
  if (integer !== undefined) return integer;
  throw new PathError(
    `range: invalid token unexpected expression result. expected [int] got [${kindOf(value)}]`,
  );
}

function integerOf(value: Value): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}
