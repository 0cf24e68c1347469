// Sprig's functions on lists. Those that begin with `must` are the same here: both report what is wrong.
import { EvaluationError } from '../go/evaluation-error.js';
import type { ExpressionFunction, Value } from '../go/value/value.js';
import { checkListLength } from '../budget/evaluation-limits.js';
import { toInt64, truncate } from './go-cast.js';
import { deepEqual, equalityKey } from '../go/value/go-equality.js';
import { isList } from '../go/value/go-format.js';
import { goFunction, goKindOf, isEmpty, variadic } from '../go/value/go-function.js';
import { NIL_LIST } from '../go/json/go-json.js';

type List = readonly Value[];

const list = variadic([], 'any', (_, values) => values);
const append = goFunction(['any', 'any'], (value, element) => [
  ...elementsOf(value, 'Cannot push on type'),
  element,
]);
const prepend = goFunction(['any', 'any'], (value, element) => [
  element,
  ...elementsOf(value, 'Cannot prepend on type'),
]);
const first = listFunction('Cannot find first on type', elements => elements[0] ?? null);
const last = listFunction('Cannot find last on type', elements => elements.at(-1) ?? null);
const rest = listFunction('Cannot find rest on type', elements =>
  elements.length === 0 ? NIL_LIST : elements.slice(1),
);
const initial = listFunction('Cannot find initial on type', elements =>
  elements.length === 0 ? NIL_LIST : elements.slice(0, -1),
);
const reverse = listFunction('Cannot find reverse on type', elements => [...elements].reverse());
const compact = listFunction('Cannot compact on type', elements =>
  elements.filter(element => !isEmpty(element)),
);
const uniq = listFunction('Cannot find uniq on type', withoutRepetitions);
const without = variadic(['any'], 'any', ([value], omitted) =>
  withoutAny(elementsOf(value, 'Cannot find without on type'), omitted),
);
const has = goFunction(['any', 'any'], (needle, value) => {
  if (value === null) return false;
  return elementsOf(value, 'Cannot find has on type').some(element => deepEqual(needle, element));
});
const slice = variadic(['any'], 'any', ([value], indices) =>
  slicedList(elementsOf(value, 'list should be type of slice or array but'), indices),
);
const chunk = goFunction(['size', 'any'], (size, value) =>
  chunked(elementsOf(value, 'Cannot chunk type'), size),
);

export const LIST_FUNCTIONS: Readonly<Record<string, ExpressionFunction>> = {
  list,
  tuple: list,
  append,
  mustAppend: append,
  push: append,
  mustPush: append,
  prepend,
  mustPrepend: prepend,
  first,
  mustFirst: first,
  last,
  mustLast: last,
  rest,
  mustRest: rest,
  initial,
  mustInitial: initial,
  reverse,
  mustReverse: reverse,
  compact,
  mustCompact: compact,
  uniq,
  mustUniq: uniq,
  without,
  mustWithout: without,
  has,
  mustHas: has,
  slice,
  mustSlice: slice,
  chunk,
  mustChunk: chunk,
  concat: variadic([], 'any', (_, lists) => concatenated(lists)),
};

function listFunction(complaint: string, body: (elements: List) => Value): ExpressionFunction {
  return goFunction(['any'], value => body(elementsOf(value, complaint)));
}

function elementsOf(value: Value, complaint: string, tail = ''): List {
  if (isList(value)) return value;
  if (value === null)
    throw new EvaluationError('runtime error: invalid memory address or nil pointer dereference');
  throw new EvaluationError(`${complaint} ${goKindOf(value)}${tail}`);
}

function withoutRepetitions(elements: List): Value[] {
  const seen = new Set<string>();
  return elements.filter(element => {
    const key = equalityKey(element);
    if (key === undefined) return true;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function withoutAny(elements: List, omitted: List): Value[] {
  const keys = new Set(omitted.map(equalityKey));
  // Undefined is the key of what equals nothing.
  keys.delete(undefined);
  return elements.filter(element => !keys.has(equalityKey(element)));
}

function slicedList(elements: List, indices: List): Value {
  if (elements.length === 0) return null;
  const start = indices.length > 0 ? toInt64(indices[0] ?? null) : 0n;
  const end = indices.length > 1 ? toInt64(indices[1] ?? null) : BigInt(elements.length);
  if (start < 0n || end < start || end > BigInt(elements.length))
    throw new EvaluationError('reflect.Value.Slice: slice index out of bounds');
  return elements.slice(Number(start), Number(end));
}

/** Go computes the number of chunks in floating point; sizes below one give what they give there. */
function chunked(elements: List, size: number): Value[] {
  const count = truncate(Math.floor((elements.length - 1) / size) + 1);
  const isSane = count >= 0n && (count === 0n || lastChunkLength(elements.length, size) >= 0);
  if (!isSane) throw new EvaluationError('runtime error: makeslice: len out of range');
  return Array.from({ length: Number(count) }, (_, index) => {
    const isLast = index === Number(count) - 1;
    const length = isLast ? lastChunkLength(elements.length, size) : size;
    return elements.slice(index * size, index * size + length);
  });
}

function lastChunkLength(length: number, size: number): number {
  return length % size || size;
}

function concatenated(lists: List): Value {
  const joined: Value[] = [];
  for (const value of lists) {
    const elements = elementsOf(value, 'Cannot concat type', ' as list');
    checkListLength(joined.length + elements.length);
    for (const element of elements) joined.push(element);
  }
  return joined.length === 0 ? NIL_LIST : joined;
}
