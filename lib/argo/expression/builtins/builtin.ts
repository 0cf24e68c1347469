// What the files with functions of the language share.
import type { Budget } from '../../budget/budget.js';
import type { ArgumentCheck, ArgumentRule } from './call-nature.js';
import { AnyKeyMap, GoFunction, GoObject, mismatch } from '../../go/value/go-value.js';
import type { Nature } from '../../go/value/nature.js';
import { EvaluationError } from '../../go/evaluation-error.js';
import type { Value, ValueMap } from '../../go/value/value.js';

/** A function of the language. The check has seen how many arguments there are, not always their types. */
export interface Builtin {
  readonly check: ArgumentCheck;
  readonly call: (args: readonly Value[], budget: Budget) => Value;
}

export function textAt(args: readonly Value[], index: number): string {
  const value = args[index] ?? null;
  if (typeof value !== 'string') throw mismatch(value, 'string');
  return value;
}

export function listAt(args: readonly Value[], index: number): readonly Value[] | undefined {
  const value = args[index] ?? null;
  return Array.isArray(value) ? (value as readonly Value[]) : undefined;
}

export function mapAt(args: readonly Value[], index: number): ValueMap | undefined {
  const value = args[index] ?? null;
  return value instanceof Map ? (value as ValueMap) : undefined;
}

/** The members in an order that does not change; Go's changes from run to run. */
export function membersOf(map: ValueMap): [Value, Value][] {
  const members = [...map];
  return map instanceof AnyKeyMap ? members : members.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** As Go's `reflect.Kind`. */
export function kindName(value: Value): string {
  if (value === null) return 'invalid';
  if (Array.isArray(value)) return 'slice';
  if (value instanceof Map) return 'map';
  const special = value as unknown;
  if (special instanceof GoFunction) return 'func';
  if (special instanceof GoObject) return special.type.startsWith('*') ? 'ptr' : 'int';
  const names: Readonly<Record<string, string>> = { bigint: 'int', number: 'float64', boolean: 'bool' };
  return typeof value === 'object' ? 'struct' : (names[typeof value] ?? typeof value);
}

/** The check of a function with a fixed number of arguments of certain kinds. */
export function exactly(count: number, check: ArgumentRule): ArgumentRule {
  return args =>
    args.length === count
      ? check(args)
      : `invalid number of arguments (expected ${count}, got ${args.length})`;
}

/** Go's name of a type in a message of a check. */
export function typeOf({ kind, type }: Nature): string {
  return kind === 'nil' ? '%!s(<nil>)' : type;
}

export function refuse(message: string): never {
  throw new EvaluationError(message);
}
