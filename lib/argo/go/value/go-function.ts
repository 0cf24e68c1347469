// Calls as Go's `reflect` makes them: the number and the types of the arguments are checked, and nil becomes the zero
// value of the parameter's type.
import { GoFunction, GoObject, typeName } from './go-value.js';
import { EvaluationError } from '../evaluation-error.js';
import type { ExpressionFunction, Value, ValueMap } from './value.js';
import { isList, isMap } from './go-format.js';
import { GoDuration, GoTime } from '../time/go-time.js';

/** What a function receives for a parameter. A `size` is an int that is good enough as a number: an index or a length. */
interface Kinds {
  any: Value;
  string: string;
  int: bigint;
  size: number;
  float: number;
  bool: boolean;
  map: ValueMap;
  time: GoTime;
}
type Kind = keyof Kinds;
type Arguments<K extends readonly Kind[]> = { -readonly [I in keyof K]: Kinds[K[I]] };

const GO_TYPES: Readonly<Record<Kind, string>> = {
  any: 'interface {}',
  string: 'string',
  int: 'int',
  size: 'int',
  float: 'float64',
  bool: 'bool',
  map: 'map[string]interface {}',
  time: 'time.Time',
};

const NO_ENTRIES: ValueMap = new Map();

/** A function with these parameters. */
export function goFunction<const K extends readonly Kind[]>(
  kinds: K,
  body: (...args: Arguments<K>) => Value,
): ExpressionFunction {
  return (...args) => {
    if (args.length !== kinds.length)
      throw new EvaluationError(`invalid number of arguments: expected ${kinds.length}, got ${args.length}`);
    return body(
      ...(kinds.map((kind, index) => convert(kind, args[index] ?? null, describeFixed)) as Arguments<K>),
    );
  };
}

/** A function with these parameters and any number of further ones of the kind `rest`. */
export function variadic<const K extends readonly Kind[], R extends Kind>(
  kinds: K,
  rest: R,
  body: (fixed: Arguments<K>, rest: Kinds[R][]) => Value,
): ExpressionFunction {
  return (...args) => {
    if (args.length < kinds.length)
      throw new EvaluationError(
        `invalid number of arguments: expected at least ${kinds.length}, got ${args.length}`,
      );
    const fixed = kinds.map((kind, index) => convert(kind, args[index] ?? null, describeFixed));
    const more = args.slice(kinds.length).map(value => convert(rest, value, describeVariadic));
    return body(fixed as Arguments<K>, more as Kinds[R][]);
  };
}

function convert(kind: Kind, value: Value, describe: typeof describeFixed): Kinds[Kind] {
  if (kind === 'any') return value;
  if (value === null) return zeroOf(kind);
  if (!isOfKind(kind, value)) throw new EvaluationError(describe(goTypeOf(value), GO_TYPES[kind]));
  return kind === 'size' ? Number(value) : value;
}

function describeFixed(actual: string, expected: string): string {
  return `reflect: Call using ${actual} as type ${expected}`;
}

function describeVariadic(actual: string, expected: string): string {
  return `reflect: cannot use ${actual} as type ${expected} in Call`;
}

function isOfKind(kind: Kind, value: Value): boolean {
  switch (kind) {
    case 'string':
      return typeof value === 'string';
    case 'int':
    case 'size':
      return typeof value === 'bigint';
    case 'float':
      return typeof value === 'number';
    case 'bool':
      return typeof value === 'boolean';
    case 'map':
      return isMap(value);
    case 'time':
      return value instanceof GoTime;
    case 'any':
      return true;
  }
}

function zeroOf(kind: Kind): Kinds[Kind] {
  switch (kind) {
    case 'string':
      return '';
    case 'int':
      return 0n;
    case 'size':
    case 'float':
      return 0;
    case 'bool':
      return false;
    case 'map':
      return NO_ENTRIES;
    case 'time':
      return GoTime.ZERO;
    case 'any':
      return null;
  }
}

/** As %T. An int64 is called an int, and a list of texts a list of anything: values do not know better here. */
export function goTypeOf(value: Value): string {
  return typeName(value);
}

/** As `reflect.Kind`. */
export function goKindOf(value: Value): string {
  if (value === null) return 'invalid';
  if (value instanceof GoTime) return 'struct';
  if (value instanceof GoDuration) return 'int64';
  if (isList(value)) return 'slice';
  if (isMap(value)) return 'map';
  const object: unknown = value;
  if (object instanceof GoFunction) return 'func';
  return object instanceof GoObject ? object.kind : goTypeOf(value);
}

/** As Sprig's `empty`: nil, zero, false, and what has no elements. */
export function isEmpty(value: Value): boolean {
  if (value instanceof GoDuration) return value.nanos === 0n;
  if (isList(value)) return value.length === 0;
  if (isMap(value)) return value.size === 0;
  if (typeof value === 'number') return value === 0;
  return value === null || value === '' || value === false || value === 0n;
}

/** The check of Go's slice expressions. */
export function checkSlice(start: number, end: number, length: number): void {
  if (end < 0) throw new EvaluationError(`runtime error: slice bounds out of range [:${end}]`);
  if (end > length)
    throw new EvaluationError(`runtime error: slice bounds out of range [:${end}] with length ${length}`);
  if (start > end) throw new EvaluationError(`runtime error: slice bounds out of range [${start}:${end}]`);
}
