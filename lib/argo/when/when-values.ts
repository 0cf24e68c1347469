import { formatFloat } from '../go/value/go-format.js';
import { WhenError } from './when-error.js';
import type { WhenValue } from './when-tree.js';

/** As Go's `%v`: `[a false <nil>]`. */
export function show(value: WhenValue): string {
  if (value === null) return '<nil>';
  if (typeof value === 'number') return formatFloat(value);
  if (Array.isArray(value)) return `[${value.map(show).join(' ')}]`;
  return typeof value === 'object' ? value.regexp.pattern : String(value);
}

/** As `reflect.DeepEqual`: nothing equals a value of another type, and NaN not even itself. */
export function equal(left: WhenValue, right: WhenValue): boolean {
  if (!Array.isArray(left) || !Array.isArray(right)) return left === right;
  return left.length === right.length && left.every((value, index) => equal(value, right[index] ?? null));
}

/** Go cannot compare lists with `==`, and panics where a list meets one. */
export function isIn(value: WhenValue, list: readonly WhenValue[], position: number): boolean {
  if (!Array.isArray(value)) return list.includes(value) && !Number.isNaN(value);
  if (list.some(member => Array.isArray(member)))
    throw new WhenError('evaluate', position, 'comparing uncomparable type []interface {}');
  return false;
}
