// Turns a syntax tree into closures. Everything that does not depend on the variables is done here, once.
import { NIL_LIST } from '../../go/json/go-json.js';
import { compileRegexp } from '../../go/text/go-regexp.js';
import { callValue, fetchMember, lengthInBytes, sliceOf } from '../operations/access.js';
import { BUILTINS } from '../builtins/builtins.js';
import { isIn, toKey } from '../operations/comparison.js';
import { compileLoop } from './compile-loop.js';
import { foldBoolean } from '../syntax/constant.js';
import { ENVIRONMENT } from '../builtins/environment.js';
import type { Evaluation, Run } from '../run/evaluation.js';
import { ByteList, mismatch } from '../../go/value/go-value.js';
import { applyUnary, binaryOperation, matchable } from '../operations/operations.js';
import { parameterKindsOf } from '../syntax/predicates.js';
import type {
  BinarySyntax,
  BuiltinSyntax,
  CallSyntax,
  ListSyntax,
  MapSyntax,
  MemberSyntax,
  SliceSyntax,
  Syntax,
} from '../syntax/syntax.js';
import type { Value, ValueMap } from '../../go/value/value.js';

/** The tree must have passed the checker. */
export function compileExpression(node: Syntax): Run {
  switch (node.kind) {
    case 'nil':
      return () => null;
    case 'bool':
    case 'integer':
    case 'float':
    case 'text':
      return constantly(node.value);
    case 'bytes':
      return constantly(ByteList.from(node.value, BigInt));
    case 'list':
      return compileList(node);
    case 'map':
      return compileMap(node);
    case 'identifier':
      return compileIdentifier(node.name);
    case 'pointer':
      return compilePointer(node.name);
    case 'unary': {
      const operand = compileExpression(node.operand);
      const { operator, position } = node;
      return evaluation => {
        const value = operand(evaluation);
        evaluation.position = position;
        return applyUnary(operator, value);
      };
    }
    case 'binary':
      return compileBinary(node);
    case 'conditional': {
      const [test, yes, no] = [node.test, node.yes, node.no].map(compileExpression) as [Run, Run, Run];
      const { position } = node;
      return evaluation => {
        const answer = test(evaluation);
        evaluation.position = position;
        return boolean(answer) ? yes(evaluation) : no(evaluation);
      };
    }
    case 'member':
      return compileMember(node);
    case 'slice':
      return compileSlice(node);
    case 'chain': {
      const run = compileExpression(node.node) as (evaluation: Evaluation) => Value | undefined;
      return evaluation => run(evaluation) ?? null;
    }
    case 'predicate':
      return compileExpression(node.body);
    case 'call':
      return compileCall(node);
    case 'builtin':
      return compileBuiltin(node);
    case 'let': {
      // Argo takes a variable that is declared for a missing one when it is used, so the value is never read.
      const [value, body] = [compileExpression(node.value), compileExpression(node.body)];
      return evaluation => {
        value(evaluation);
        return body(evaluation);
      };
    }
    case 'sequence':
      return compileSequence(node.nodes);
  }
}

function compileSequence(nodes: readonly Syntax[]): Run {
  const parts = nodes.map(compileExpression);
  return evaluation => {
    let last: Value = null;
    for (const part of parts) last = part(evaluation);
    return last;
  };
}

function constantly(value: Value): Run {
  return () => value;
}

/** @throws EvaluationError as Go does when something else is taken for a condition. */
export function boolean(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  throw mismatch(value, 'bool');
}

function compileList({ items, position }: ListSyntax): Run {
  const runs = items.map(compileExpression);
  return evaluation => {
    const values = runs.map(run => run(evaluation));
    evaluation.position = position;
    evaluation.budget.spendList(values.length);
    return values;
  };
}

function compileMap({ pairs, position }: MapSyntax): Run {
  const runs = pairs.map(({ key, value }) => [compileExpression(key), compileExpression(value)] as const);
  return evaluation => {
    const values = runs.map(([key, value]) => [key(evaluation), value(evaluation)] as const);
    evaluation.position = position;
    evaluation.budget.spendList(values.length);
    const map = new Map<string, Value>();
    for (const [key, value] of values) {
      if (typeof key !== 'string') throw mismatch(key, 'string');
      // Go fills the map from the last pair to the first: the first one of a key stays.
      if (!map.has(key)) map.set(key, value);
    }
    return map;
  };
}

function compileIdentifier(name: string): Run {
  const known = ENVIRONMENT.get(name);
  if (known) return constantly(known.value);
  return evaluation => evaluation.variables.value(name);
}

function compilePointer(name: string): Run {
  if (name === 'index') return ({ frame }) => BigInt(frame?.index ?? 0);
  if (name === 'acc') return ({ frame }) => frame?.accumulator ?? null;
  return ({ frame }) => frame?.item ?? null;
}

function compileBinary(node: BinarySyntax): Run {
  const { operator, position } = node;
  const left = compileExpression(node.left);
  const right = compileExpression(node.right);
  if (operator === '??')
    return evaluation => {
      const value = left(evaluation);
      return value === null || value === NIL_LIST ? right(evaluation) : value;
    };
  if (operator === 'and' || operator === '&&') return compileLogic(node, left, right, true);
  if (operator === 'or' || operator === '||') return compileLogic(node, left, right, false);
  if (operator === 'matches' && node.right.kind === 'text') {
    const pattern = compileRegexp(node.right.value);
    return evaluation => {
      const text = left(evaluation);
      evaluation.position = position;
      if (text === null) return false;
      return pattern.test(matchable(text));
    };
  }
  if (operator === 'in') return compileIn(node, left, right);
  const operation = binaryOperation(operator);
  return evaluation => {
    const first = left(evaluation);
    const second = right(evaluation);
    evaluation.position = position;
    return operation(first, second, evaluation.budget);
  };
}

/** @param neutral what leaves the decision to the other operand. */
function compileLogic(node: BinarySyntax, left: Run, right: Run, neutral: boolean): Run {
  // expr-lang folds literals first, so the other operand of a decisive one is not even evaluated.
  for (const literal of [node.left, node.right]) {
    const value = foldBoolean(literal);
    if (value === undefined) continue;
    if (value !== neutral) return constantly(!neutral);
    return literal === node.left ? right : left;
  }
  const { position } = node;
  return evaluation => {
    const first = left(evaluation);
    evaluation.position = position;
    return boolean(first) === neutral ? right(evaluation) : first;
  };
}

function compileIn(node: BinarySyntax, left: Run, right: Run): Run {
  const { position } = node;
  const items = node.right.kind === 'list' ? node.right.items : [];
  // expr-lang makes a set of literal texts. What is no text cannot be looked up in it.
  if (items.length > 0 && items.every(item => item.kind === 'text')) {
    const texts = new Set(items.map(item => item.value));
    return evaluation => {
      const needle = left(evaluation);
      evaluation.position = position;
      return texts.has(toKey(needle));
    };
  }
  return evaluation => {
    const needle = left(evaluation);
    const haystack = right(evaluation);
    evaluation.position = position;
    return isIn(needle, haystack, evaluation.budget);
  };
}

/** The dotted name of a variable that the node asks for, if it is as simple as that. */
function pathOf(node: Syntax): string | undefined {
  if (node.kind === 'identifier') return ENVIRONMENT.has(node.name) ? undefined : node.name;
  if (node.kind !== 'member' || node.property.kind !== 'text') return undefined;
  const { value } = node.property;
  const parent = value.includes('.') ? undefined : pathOf(node.object);
  return parent === undefined ? undefined : `${parent}.${value}`;
}

function compileMember(node: MemberSyntax): Run {
  const path = pathOf(node);
  const walk = compileWalk(node);
  if (path === undefined) return walk;
  const parent = path.slice(0, path.lastIndexOf('.'));
  return evaluation => {
    const found = evaluation.variables.member(parent, path);
    return found === undefined ? walk(evaluation) : found;
  };
}

function compileWalk({ object, property, isOptional, position }: MemberSyntax): Run {
  const base = compileExpression(object) as (evaluation: Evaluation) => Value | undefined;
  const key = compileExpression(property);
  return evaluation => {
    const value = base(evaluation);
    // The end of the chain, which is somewhere above, turns it into nil.
    if (value === undefined || (isOptional && value === null)) return undefined as unknown as Value;
    const member = key(evaluation);
    evaluation.position = position;
    return fetchMember(value, member);
  };
}

function compileSlice({ object, from, to, position }: SliceSyntax): Run {
  const base = compileExpression(object);
  const end = to && compileExpression(to);
  const start = from ? compileExpression(from) : constantly(0n);
  return evaluation => {
    const value = base(evaluation);
    const last = end ? end(evaluation) : lengthInBytes(value);
    const first = start(evaluation);
    evaluation.position = position;
    evaluation.budget.spend(costOf(value));
    return sliceOf(value, first, last);
  };
}

function compileCall({ callee, args, position }: CallSyntax): Run {
  const runs = args.map(compileExpression);
  const called = compileExpression(callee) as (evaluation: Evaluation) => Value | undefined;
  return evaluation => {
    const values = runs.map(run => run(evaluation));
    const target = called(evaluation);
    if (target === undefined) return undefined as unknown as Value;
    evaluation.position = position;
    spendOn(evaluation, values);
    const result = callValue(target, values);
    evaluation.budget.spend(costOf(result));
    return result;
  };
}

function compileBuiltin(node: BuiltinSyntax): Run {
  if (parameterKindsOf(node.name)) return compileLoop(node, compileExpression);
  const builtin = BUILTINS.get(node.name);
  const runs = node.args.map(compileExpression);
  const { position } = node;
  return evaluation => {
    const values = runs.map(run => run(evaluation));
    evaluation.position = position;
    spendOn(evaluation, values);
    const result = builtin?.call(values, evaluation.budget) ?? null;
    evaluation.budget.spend(costOf(result));
    return result;
  };
}

function spendOn(evaluation: Evaluation, values: readonly Value[]): void {
  let cost = CALL_COST;
  for (const value of values) cost += costOf(value);
  evaluation.budget.spend(cost);
}

/** More than an operator, less than some of the functions. */
const CALL_COST = 10;

/** Looking at a value once. */
function costOf(value: Value): number {
  if (typeof value === 'string') return value.length >> 1;
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.length;
  return value instanceof Map ? costOfMembers(value as ValueMap) : 0;
}

/** Functions that take a map look at the texts in it, and may give a short one for long ones. */
function costOfMembers(map: ValueMap): number {
  let cost = map.size;
  for (const member of map.values()) if (typeof member === 'string') cost += costOf(member);
  return cost;
}
