// The functions that evaluate one of their arguments for every element of a list.
import { bytesOf } from '../../go/text/go-text.js';
import { add } from '../operations/arithmetic.js';
import { isDescending, sortBy } from '../builtins/builtins-list.js';
import type { Evaluation, Frame, Run } from '../run/evaluation.js';
import { AnyKeyMap, mismatch, typeName } from '../../go/value/go-value.js';
import { GROUPS } from '../../go/value/nature.js';
import { partsOf } from '../syntax/syntax.js';
import type { BuiltinSyntax, Syntax } from '../syntax/syntax.js';
import { EvaluationError } from '../../go/evaluation-error.js';
import type { Value } from '../../go/value/value.js';

/** A list, and what is evaluated for an element of it. */
class Loop {
  readonly items: readonly Value[];
  readonly evaluation: Evaluation;
  readonly #body: Run | undefined;
  readonly #cost: number;
  readonly #outer: Frame | undefined;
  readonly #position: number;

  constructor(items: readonly Value[], evaluation: Evaluation, body: Run | undefined, cost: number) {
    this.#position = evaluation.position;
    this.items = items;
    this.evaluation = evaluation;
    this.#body = body;
    this.#cost = cost;
    this.#outer = evaluation.frame;
  }

  /** The predicate's value for the element; without a predicate the element itself. */
  at(index: number, accumulator: Value = null): Value {
    const item = this.items[index] ?? null;
    this.evaluation.budget.spend(this.#cost);
    if (!this.#body) return item;
    this.evaluation.frame = { item, index, accumulator };
    const value = this.#body(this.evaluation);
    this.evaluation.frame = this.#outer;
    // What is done with the value is done by the function.
    this.evaluation.position = this.#position;
    return value;
  }

  isTrueAt(index: number): boolean {
    const value = this.at(index);
    if (typeof value === 'boolean') return value;
    throw mismatch(value, 'bool');
  }

  /** The first place, or the last one, where the predicate is true; -1 if there is none. */
  find(isBackwards = false, wanted = true): number {
    const { length } = this.items;
    for (let step = 0; step < length; step++) {
      const index = isBackwards ? length - 1 - step : step;
      if (this.isTrueAt(index) === wanted) return index;
    }
    return -1;
  }

  count(): number {
    let count = 0;
    for (let index = 0; index < this.items.length; index++) if (this.isTrueAt(index)) count++;
    return count;
  }

  map(): Value[] {
    this.evaluation.budget.spendList(this.items.length);
    return this.items.map((_, index) => this.at(index));
  }
}

type Ending = (loop: Loop, last: Value | undefined) => Value;

function itemAt(loop: Loop, index: number): Value {
  return loop.items[index] ?? null;
}

function indexOrNil(index: number): Value {
  return index < 0 ? null : BigInt(index);
}

const ENDINGS: ReadonlyMap<string, Ending> = new Map<string, Ending>([
  ['all', loop => loop.find(false, false) < 0],
  ['none', loop => loop.find() < 0],
  ['any', loop => loop.find() >= 0],
  ['one', loop => loop.count() === 1],
  ['count', loop => BigInt(loop.count())],
  ['find', loop => itemAt(loop, loop.find())],
  ['findIndex', loop => indexOrNil(loop.find())],
  ['findLast', loop => itemAt(loop, loop.find(true))],
  ['findLastIndex', loop => indexOrNil(loop.find(true))],
  ['filter', loop => loop.items.filter((_, index) => loop.isTrueAt(index))],
  ['map', loop => loop.map()],
  ['sum', sum],
  ['groupBy', groupBy],
  ['sortBy', sortByPredicate],
  ['reduce', reduce],
]);

/** @param compile the compiler, which this file is a part of. */
export function compileLoop(node: BuiltinSyntax, compile: (node: Syntax) => Run): Run {
  const [listNode = node, predicate, lastNode] = node.args;
  const folded = node.name === 'sum' && !predicate ? compileSum(listNode, compile) : undefined;
  if (folded) return folded;
  const list = compile(listNode);
  const body = predicate && compile(predicate);
  const last = lastNode && compile(lastNode);
  const cost = predicate ? countNodes(predicate) : 1;
  const end = ENDINGS.get(node.name) ?? sum;
  const { position } = node;
  return evaluation => {
    const value = list(evaluation);
    evaluation.position = position;
    const loop = new Loop(itemsOf(value), evaluation, body, cost);
    return end(loop, last?.(evaluation));
  };
}

/** The forms that expr-lang computes without a list: they come out differently, or would be too long. */
function compileSum(list: Syntax, compile: (node: Syntax) => Run): Run | undefined {
  if (list.kind === 'binary' && list.operator === '..') {
    const { left, right } = list;
    if (left.kind !== 'integer' || right.kind !== 'integer' || right.value < left.value) return undefined;
    const twice = BigInt.asIntN(64, (right.value - left.value + 1n) * (left.value + right.value));
    return () => twice / 2n;
  }
  if (list.kind !== 'list' || list.items.length < 2 || list.items.every(isLiteral)) return undefined;
  const items = list.items.map(compile);
  return evaluation => {
    const values = items.map(item => item(evaluation));
    evaluation.position = list.position;
    return values.reduceRight((total, value) => add(value, total));
  };
}

function isLiteral(node: Syntax): boolean {
  if (node.kind === 'unary') return node.operand.kind === 'integer' || node.operand.kind === 'float';
  return ['integer', 'float', 'text', 'bool'].includes(node.kind);
}

function countNodes(node: Syntax): number {
  return partsOf(node).reduce((count, part) => count + countNodes(part), 1);
}

function itemsOf(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value as readonly Value[];
  if (typeof value === 'string') return Array.from(bytesOf(value), BigInt);
  if (value instanceof Map && value.size === 0) return [];
  const type = value === null ? 'zone' : typeName(value);
  const what =
    value === null
      ? 'Len on zero Value'
      : value instanceof Map
        ? 'Index on map Value'
        : `Len on ${type} Value`;
  throw new EvaluationError(`reflect: call of reflect.Value.${what}`);
}

function sum(loop: Loop): Value {
  let total: Value = 0n;
  for (let index = 0; index < loop.items.length; index++) total = add(loop.at(index), total);
  return total;
}

function groupBy(loop: Loop): Value {
  const groups = new AnyKeyMap(GROUPS.type);
  for (let index = 0; index < loop.items.length; index++) {
    const key = loop.at(index);
    const group = groups.at(key) as Value[] | undefined;
    if (group) group.push(itemAt(loop, index));
    else groups.put(key, [itemAt(loop, index)]);
  }
  return groups;
}

function sortByPredicate(loop: Loop, order: Value | undefined): Value {
  const isReversed =
    order !== undefined &&
    isDescending(order, {
      type: 'sortBy order argument must be a string',
      unknown: 'unknown order, use asc or desc',
    });
  const keys = loop.map();
  loop.evaluation.budget.spend(keys.length * Math.ceil(Math.log2(keys.length + 1)));
  const places = sortBy([...keys.keys()], place => keys[place] ?? null, isReversed);
  return places.map(place => itemAt(loop, place));
}

function reduce(loop: Loop, initial: Value | undefined): Value {
  let from = 0;
  let accumulator = initial;
  if (accumulator === undefined) {
    if (loop.items.length === 0) throw new EvaluationError('reduce of empty array with no initial value');
    accumulator = itemAt(loop, 0);
    from = 1;
  }
  for (let index = from; index < loop.items.length; index++) accumulator = loop.at(index, accumulator);
  return accumulator;
}
