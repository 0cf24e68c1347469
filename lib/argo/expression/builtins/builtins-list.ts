// The language's functions on lists and maps that take no predicate.
import { SWALLOWED_COST } from '../../budget/evaluation-limits.js';
import { sprint } from '../../go/value/go-format.js';
import { NIL_LIST } from '../../go/json/go-json.js';
import { fetchMember, findMember, lengthInBytes, sliceOf } from '../operations/access.js';
import type { Budget } from '../../budget/budget.js';
import type { Builtin } from './builtin.js';
import { exactly, kindName, listAt, mapAt, membersOf, refuse, typeOf } from './builtin.js';
import { compare, isEqual } from '../operations/comparison.js';
import { AnyKeyMap, ByteList, typeName } from '../../go/value/go-value.js';
import {
  ANY_KEY_MAP,
  elementOf,
  INT,
  isAssignable,
  LIST,
  signatureOf,
  TEXT,
  TEXTS,
  UNKNOWN,
} from '../../go/value/nature.js';
import type { Nature } from '../../go/value/nature.js';
import { EvaluationError } from '../../go/evaluation-error.js';
import type { Value, ValueMap } from '../../go/value/value.js';

const DEPTH_MAX = 500;

function isListLike({ kind }: Nature): boolean {
  return kind === 'list' || kind === 'unknown';
}

/** @param verb what the message says of what is no list: `cannot reverse string`. */
function ofList(verb: string, call: (list: readonly Value[], budget: Budget) => Value): Builtin {
  return {
    check: exactly(1, ([arg = UNKNOWN]) => (isListLike(arg) ? LIST : `cannot ${verb} ${typeOf(arg)}`)),
    call: (args, budget) => {
      const list = listAt(args, 0) ?? refuse(`cannot ${verb} ${kindName(args[0] ?? null)}`);
      budget.spendList(list.length);
      return call(list, budget);
    },
  };
}

function ofMap(verb: (type: string) => string, call: (map: ValueMap) => Value): Builtin {
  return {
    check: exactly(1, ([arg = UNKNOWN]) =>
      arg.kind === 'map' || arg.kind === 'unknown' ? LIST : verb(typeOf(arg)),
    ),
    call: (args, budget) => {
      const map = mapAt(args, 0) ?? refuse(verb(kindName(args[0] ?? null)));
      budget.spendList(map.size);
      return call(map);
    },
  };
}

/** @param index of the element that is taken; nil when there is none. */
function edge(name: string, index: bigint): Builtin {
  return {
    check: exactly(1, ([arg = UNKNOWN]) => {
      if (arg.kind === 'unknown') return UNKNOWN;
      return arg.kind === 'list' ? elementOf(arg) : `cannot get ${name} element from ${typeOf(arg)}`;
    }),
    call: ([from = null], budget) => {
      try {
        return fetchMember(from, index);
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
        budget.spend(SWALLOWED_COST);
        return null;
      }
    },
  };
}

const GET: Builtin = {
  check: exactly(2, ([from = UNKNOWN, key = UNKNOWN]) => {
    if (from.kind === 'unknown') return UNKNOWN;
    if (from.kind === 'list') {
      const isIndex = key.kind === 'int' || key.kind === 'unknown';
      return isIndex ? elementOf(from) : { index: 1, message: `non-integer slice index ${key.type}` };
    }
    if (from.kind !== 'map') return { index: 0, message: `type ${from.type} does not support indexing` };
    const isKey = key.kind === 'unknown' || isAssignable(key, from.key ?? UNKNOWN);
    const message = `cannot use ${key.type} to get an element from ${from.type}`;
    return isKey ? elementOf(from) : { index: 1, message };
  }),
  call: ([from = null, key = null]) => findMember(from, key),
};

const LEN: Builtin = {
  check: exactly(1, ([arg = UNKNOWN]) =>
    ['list', 'map', 'text', 'unknown'].includes(arg.kind)
      ? INT
      : `invalid argument for len (type ${typeOf(arg)})`,
  ),
  // Of text it counts code points; everything else in the language counts bytes.
  call: ([value = null], budget) => {
    if (typeof value !== 'string') return lengthInBytes(value);
    budget.spend(value.length >> 3);
    let length = 0;
    for (const _ of value) length++;
    return BigInt(length);
  },
};

const TAKE: Builtin = {
  check: exactly(2, ([list = UNKNOWN, count = UNKNOWN]) => {
    if (!isListLike(list)) return `cannot take from ${typeOf(list)}`;
    return count.kind === 'int' || count.kind === 'unknown' ? list : `cannot take ${typeOf(count)} elements`;
  }),
  call: (args, budget) => {
    const list = listAt(args, 0) ?? refuse(`cannot take from ${kindName(args[0] ?? null)}`);
    const count = args[1] ?? null;
    if (typeof count !== 'bigint') return refuse(`cannot take ${kindName(count)} elements`);
    if (count < 0n) refuse('reflect.Value.Slice: slice index out of bounds');
    budget.spendList(list.length);
    return sliceOf(list, 0n, count);
  },
};

const FROM_PAIRS: Builtin = {
  check: exactly(1, ([arg = UNKNOWN]) =>
    isListLike(arg) ? ANY_KEY_MAP : `cannot transform ${typeOf(arg)} from pairs`,
  ),
  call: (args, budget) => {
    const list = listAt(args, 0) ?? refuse(`cannot transform ${kindName(args[0] ?? null)} from pairs`);
    budget.spendList(list.length);
    const map = new AnyKeyMap();
    for (const pair of list) {
      if (!Array.isArray(pair)) refuse(`invalid pair of type ${typeName(pair)}`);
      const [key = null, value = null, ...rest] = pair as readonly Value[];
      if ((pair as readonly Value[]).length !== 2 || rest.length > 0) refuse('invalid pair length');
      map.put(key, value);
    }
    return map;
  },
};

function uniq(list: readonly Value[], budget: Budget): Value {
  const found: Value[] = [];
  const types = new Set(list.map(value => typeof value));
  // Values of one simple type are equal when they are the same; anything else has to be compared one by one.
  if (types.size === 1 && !types.has('object')) return [...new Set(list)];
  for (const value of list) {
    budget.spend(found.length);
    if (!found.some(other => isEqual(value, other, budget))) found.push(value);
  }
  return found;
}

function flatten(list: readonly Value[], budget: Budget, out: Value[], depth: number): Value[] {
  if (depth > DEPTH_MAX) refuse('recursion depth exceeded');
  budget.spend(list.length + 1);
  for (const element of list)
    if (Array.isArray(element)) flatten(element as readonly Value[], budget, out, depth + 1);
    else out.push(element);
  return out;
}

const CONCAT: Builtin = {
  check: args => {
    if (args.length === 0) return 'invalid number of arguments (expected at least 1, got 0)';
    const wrong = args.find(arg => !isListLike(arg));
    return wrong ? `cannot concat ${typeOf(wrong)}` : LIST;
  },
  call: (args, budget) => {
    const lists = args.map((arg, index) => listAt(args, index) ?? refuse(`cannot concat ${kindName(arg)}`));
    budget.spendList(lists.reduce((length, list) => length + list.length, 0));
    const all = lists.flatMap(list => list);
    return all.length === 0 ? NIL_LIST : all;
  },
};

/** @throws EvaluationError */
export function isDescending(order: Value, what: { type: string; unknown: string }): boolean {
  if (typeof order !== 'string') return refuse(what.type);
  if (order !== 'asc' && order !== 'desc') return refuse(what.unknown);
  return order === 'desc';
}

/** Keeps the order of equal elements, which Go does not promise. */
export function sortBy<T>(list: readonly T[], keyOf: (element: T) => Value, isDescendingOrder: boolean): T[] {
  const sign = isDescendingOrder ? -1 : 1;
  return [...list].sort((left, right) => {
    const order = compare(keyOf(left), keyOf(right), '<');
    return Number.isNaN(order) ? 0 : order * sign;
  });
}

const SORTED = [LIST, TEXTS];

const SORT: Builtin = {
  check: [
    ...SORTED.map(list => signatureOf([list, TEXT], LIST)),
    ...SORTED.map(list => signatureOf([list], LIST)),
  ],
  call: (args, budget) => {
    const list = listAt(args, 0);
    const order = args[1] ?? null;
    const isReversed =
      args.length === 2 &&
      isDescending(order, {
        type: `sort order argument must be a string (got ${typeName(order)})`,
        unknown: `invalid order ${sprint(order)}, expected asc or desc`,
      });
    // What is no list is sorted to nothing.
    if (!list || list instanceof ByteList) return NIL_LIST;
    budget.spend(list.length * Math.ceil(Math.log2(list.length + 1)));
    return sortBy(list, element => element, isReversed);
  },
};

export const LIST_BUILTINS: readonly (readonly [string, Builtin])[] = [
  ['len', LEN],
  ['get', GET],
  ['first', edge('first', 0n)],
  ['last', edge('last', -1n)],
  ['take', TAKE],
  [
    'keys',
    ofMap(
      type => `cannot get keys from ${type}`,
      map => membersOf(map).map(([key]) => key),
    ),
  ],
  [
    'values',
    ofMap(
      type => `cannot get values from ${type}`,
      map => membersOf(map).map(([, value]) => value),
    ),
  ],
  [
    'toPairs',
    ofMap(
      type => `cannot transform ${type} to pairs`,
      map => membersOf(map),
    ),
  ],
  ['fromPairs', FROM_PAIRS],
  ['reverse', ofList('reverse', list => [...list].reverse())],
  ['uniq', ofList('uniq', uniq)],
  ['concat', CONCAT],
  ['flatten', ofList('flatten', (list, budget) => flatten(list, budget, [], 0))],
  ['sort', SORT],
];
