// Go's `reflect.DeepEqual`, as keys: two values are deeply equal if their keys are. Lists are then searched in one pass.
import { GoObject } from './go-value.js';
import type { Value } from './value.js';
import { BoundedText, checkDepth } from '../../budget/evaluation-limits.js';
import { isList, isMap, sortedEntries } from './go-format.js';
import { GoDuration, GoTime } from '../time/go-time.js';

/** Numbers of different types differ: 1 is not 1.0. `undefined` for what equals nothing, not even itself: NaN. */
export function equalityKey(value: Value): string | undefined {
  const out = new BoundedText();
  return writeKey(value, out, 0) ? out.toString() : undefined;
}

export function deepEqual(left: Value, right: Value): boolean {
  const key = equalityKey(left);
  return key !== undefined && key === equalityKey(right);
}

/** False where a part of the value equals nothing. */
function writeKey(value: Value, out: BoundedText, depth: number): boolean {
  checkDepth(depth);
  if (isList(value)) {
    out.add(`[${value.length}:`);
    return value.every(element => writeKey(element, out, depth + 1));
  }
  if (isMap(value)) {
    out.add(`{${value.size}:`);
    return sortedEntries(value).every(([key, member]) => {
      out.add(`${key.length}:${key}`);
      return writeKey(member, out, depth + 1);
    });
  }
  out.add(scalarKey(value));
  return !Number.isNaN(value);
}

function scalarKey(value: null | boolean | string | number | bigint | GoTime | GoDuration): string {
  const object: unknown = value;
  if (object instanceof GoObject) return `o${object.type}:${object.identity.length}:${object.identity};`;
  if (value instanceof GoTime) return `t${value.unixNanos}@${value.zone.name};`;
  if (value instanceof GoDuration) return `d${value.nanos};`;
  if (typeof value === 'string') return `s${value.length}:${value}`;
  if (typeof value === 'bigint') return `i${value};`;
  // Zero has one key, whatever its sign.
  return typeof value === 'number' ? `f${value === 0 ? 0 : value};` : `${value};`;
}
