// Sprig's functions on maps. In Go some change the map that they are given; here values never change, and they return a
// changed copy. Go walks over maps in random order where this library keeps to the order of keys.
import { EvaluationError } from '../go/evaluation-error.js';
import type { ExpressionFunction, Value, ValueMap } from '../go/value/value.js';
import { checkDepth, checkListLength } from '../budget/evaluation-limits.js';
import { isMap, sortedEntries, toText } from '../go/value/go-format.js';
import { goFunction, goTypeOf, isEmpty, variadic } from '../go/value/go-function.js';

const merge = merging((own, other) => isEmpty(own) && other !== null);
const mergeOverwrite = merging(() => true);
const deepCopy = goFunction(['any'], value => value);

export const DICT_FUNCTIONS: Readonly<Record<string, ExpressionFunction>> = {
  dict: variadic([], 'any', (_, values) => dictOf(values)),
  get: goFunction(['map', 'string'], (map, key) => map.get(key) ?? (map.has(key) ? null : '')),
  set: goFunction(['map', 'string', 'any'], (map, key, value) => new Map(map).set(key, value)),
  unset: goFunction(['map', 'string'], (map, key) => filtered(map, own => own !== key)),
  hasKey: goFunction(['map', 'string'], (map, key) => map.has(key)),
  pluck: variadic(['string'], 'map', ([key], maps) =>
    maps.filter(map => map.has(key)).map(map => map.get(key) ?? null),
  ),
  keys: variadic([], 'map', (_, maps) => allKeys(maps)),
  values: goFunction(['map'], map => sortedEntries(map).map(([, value]) => value)),
  pick: variadic(['map'], 'string', ([map], keys) => {
    const picked = new Set(keys);
    return filtered(map, key => picked.has(key));
  }),
  omit: variadic(['map'], 'string', ([map], keys) => {
    const omitted = new Set(keys);
    return filtered(map, key => !omitted.has(key));
  }),
  merge,
  mustMerge: merge,
  mergeOverwrite,
  mustMergeOverwrite: mergeOverwrite,
  dig: variadic([], 'any', (_, values) => dig(values)),
  deepCopy,
  mustDeepCopy: deepCopy,
};

function dictOf(values: readonly Value[]): ValueMap {
  const map = new Map<string, Value>();
  for (let index = 0; index < values.length; index += 2) {
    const isLone = index + 1 >= values.length;
    map.set(toText(values[index] ?? null), isLone ? '' : (values[index + 1] ?? null));
  }
  return map;
}

function filtered(map: ValueMap, keeps: (key: string) => boolean): ValueMap {
  return new Map([...map].filter(([key]) => keeps(key)));
}

function allKeys(maps: readonly ValueMap[]): string[] {
  checkListLength(maps.reduce((sum, map) => sum + map.size, 0));
  return maps.flatMap(map => sortedEntries(map).map(([key]) => key));
}

/** Maps are merged into one another; of other values the other map's is taken where `takes` says so. */
function merging(takes: (own: Value, other: Value) => boolean): ExpressionFunction {
  const mergeInto = (own: ValueMap, other: ValueMap, depth: number): ValueMap => {
    checkDepth(depth);
    const merged = new Map(own);
    for (const [key, value] of other) {
      const current = own.get(key) ?? null;
      if (isMap(current) && isMap(value)) merged.set(key, mergeInto(current, value, depth + 1));
      else if (takes(current, value)) merged.set(key, value);
    }
    return merged;
  };
  return variadic(['map'], 'map', ([first], rest) =>
    rest.reduce((own, other) => mergeInto(own, other, 0), first),
  );
}

/** The keys from the outside in, what to give for a key that is missing, and the map. */
function dig(values: readonly Value[]): Value {
  if (values.length < 3) throw new EvaluationError('dig needs at least three arguments');
  const keys = values.slice(0, -2).map(key => {
    if (typeof key === 'string') return key;
    throw conversionError(key, 'string');
  });
  let value: Value = values.at(-1) ?? null;
  for (const key of keys) {
    if (!isMap(value)) throw conversionError(value, 'map[string]interface {}');
    if (!value.has(key)) return values.at(-2) ?? null;
    value = value.get(key) ?? null;
  }
  return value;
}

function conversionError(value: Value, type: string): EvaluationError {
  const actual = value === null ? 'nil' : goTypeOf(value);
  return new EvaluationError(`interface conversion: interface {} is ${actual}, not ${type}`);
}
