import { LimitError } from '../../budget/evaluation-limits.js';
import { compareText } from '../../go/text/go-text.js';
import { GoDuration, GoTime } from '../../go/time/go-time.js';
import { isNumber } from './arithmetic.js';
import type { Budget } from '../../budget/budget.js';
import { AnyKeyMap, GoObject, typeName } from '../../go/value/go-value.js';
import { EvaluationError } from '../../go/evaluation-error.js';
import type { Value, ValueMap } from '../../go/value/value.js';

const DEPTH_MAX = 500;

/** The language's `==`. Numbers compare across types, also inside lists, but not inside maps. */
export function isEqual(left: Value, right: Value, budget: Budget): boolean {
  if (typeof left !== 'object' || left === null) {
    if (isNumber(left)) return isNumber(right) && isSameNumber(left, right);
    if (typeof left === 'string') budget.spend(left.length >> 6);
    return left === right;
  }
  return new Equality(budget).areEqual(left, right, 0, false);
}

/** Go compares an int with a float as floats. */
function isSameNumber(left: bigint | number, right: bigint | number): boolean {
  return typeof left === typeof right ? left === right : Number(left) === Number(right);
}

/** Lists and maps may hold one list many times, so looking into them is work that must be bounded. */
class Equality {
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** @param isStrict as Go's `reflect.DeepEqual`: an int is no float. */
  areEqual(left: Value, right: Value, depth: number, isStrict: boolean): boolean {
    if (typeof left !== 'object' || left === null)
      return !isStrict && isNumber(left) ? isNumber(right) && isSameNumber(left, right) : left === right;
    this.#budget.spend(1);
    if (depth > DEPTH_MAX) throw new LimitError(`more than ${DEPTH_MAX} nested lists and maps`);
    if (Array.isArray(left)) return this.#areListsEqual(left, right, depth + 1, isStrict);
    if (left instanceof GoTime) return right instanceof GoTime && left.unixNanos === right.unixNanos;
    if (left instanceof GoDuration) return right instanceof GoDuration && left.nanos === right.nanos;
    if (left instanceof Map) return this.#areMapsEqual(left as ValueMap, right, depth + 1);
    const [object, other]: unknown[] = [left, right];
    if (!(object instanceof GoObject) || !(other instanceof GoObject)) return left === right;
    return object.type === other.type && object.identity === other.identity;
  }

  #areListsEqual(left: readonly Value[], right: Value, depth: number, isStrict: boolean): boolean {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    const others = right as readonly Value[];
    return left.every((element, index) => this.areEqual(element, others[index] ?? null, depth, isStrict));
  }

  #areMapsEqual(left: ValueMap, right: Value, depth: number): boolean {
    if (!(right instanceof Map) || left.size !== right.size) return false;
    for (const [key, value] of left) {
      const other = right.get(key) as Value | undefined;
      if (other === undefined || !this.areEqual(value, other, depth, true)) return false;
    }
    return true;
  }
}

/** Less than 0, 0, or more than 0; `NaN` when neither holds. `operator` is for the message. */
export function compare(left: Value, right: Value, operator: string): number {
  if (typeof left === 'bigint' && typeof right === 'bigint') return left < right ? -1 : left > right ? 1 : 0;
  if (isNumber(left) && isNumber(right)) return compareFloats(Number(left), Number(right));
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  if (left instanceof GoTime && right instanceof GoTime) return compareInts(left.unixNanos, right.unixNanos);
  if (left instanceof GoDuration && right instanceof GoDuration) return compareInts(left.nanos, right.nanos);
  throw new EvaluationError(`invalid operation: ${typeName(left)} ${operator} ${typeName(right)}`);
}

function compareFloats(left: number, right: number): number {
  if (left < right) return -1;
  if (left > right) return 1;
  return left === right ? 0 : NaN;
}

function compareInts(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The language's `in`. */
export function isIn(needle: Value, haystack: Value, budget: Budget): boolean {
  if (haystack === null) return false;
  if (Array.isArray(haystack)) {
    budget.spend(haystack.length);
    return haystack.some((element: Value) => isEqual(element, needle, budget));
  }
  if (haystack instanceof AnyKeyMap) return haystack.at(needle) !== undefined;
  if (haystack instanceof Map) return haystack.has(toKey(needle));
  if (haystack instanceof GoTime) {
    if (typeof needle === 'string') return false;
    throw new EvaluationError(`cannot use ${typeName(needle)} as field name of time.Time`);
  }
  throw new EvaluationError(`operator "in" not defined on ${typeName(haystack)}`);
}

/** The key of a map whose keys are texts; nil is the empty one. */
export function toKey(key: Value): string {
  if (typeof key === 'string') return key;
  if (key === null) return '';
  const rule = `value of type ${typeName(key)} is not assignable to type string`;
  throw new EvaluationError(`reflect.Value.MapIndex: ${rule}`);
}
