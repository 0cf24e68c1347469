import { LimitError } from '../../budget/evaluation-limits.js';
import { AnyKeyMap, ByteList, GoFunction, GoObject } from './go-value.js';
import { EvaluationError } from '../evaluation-error.js';
import type { Value, ValueMap } from './value.js';

const DEPTH_MAX = 500;

/**
 * The value with what only this language knows replaced by what JSON makes of it. Most values are returned as they are.
 *
 * @throws EvaluationError where Go's JSON refuses the type.
 */
export function plainValue(value: Value): Value {
  return typeof value === 'object' && value !== null ? new Replacement().of(value, 0) : value;
}

class Replacement {
  /** Lists can hold one list many times: each is looked at once. */
  readonly #known = new Map<object, Value>();

  of(value: Value, depth: number): Value {
    if (typeof value !== 'object' || value === null) return value;
    if (depth > DEPTH_MAX) throw new LimitError(`more than ${DEPTH_MAX} nested lists and maps`);
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const plain = this.#replace(value, depth);
    this.#known.set(value, plain);
    return plain;
  }

  #replace(value: Value & object, depth: number): Value {
    const special = value as unknown;
    if (special instanceof GoFunction || special instanceof AnyKeyMap)
      throw new EvaluationError(`json: unsupported type: ${special.type}`);
    if (special instanceof GoObject) return special.json;
    if (value instanceof ByteList) return Buffer.from([...value].map(Number)).toString('base64');
    if (Array.isArray(value)) return this.#list(value as readonly Value[], depth);
    return value instanceof Map ? this.#map(value as ValueMap, depth) : value;
  }

  #list(list: readonly Value[], depth: number): readonly Value[] {
    let changed: Value[] | undefined;
    for (const [index, element] of list.entries()) {
      const plain = this.of(element, depth + 1);
      if (plain === element) continue;
      changed ??= [...list];
      changed[index] = plain;
    }
    return changed ?? list;
  }

  #map(map: ValueMap, depth: number): ValueMap {
    let changed: Map<string, Value> | undefined;
    for (const [key, member] of map) {
      const plain = this.of(member, depth + 1);
      if (plain === member) continue;
      changed ??= new Map(map);
      changed.set(key, plain);
    }
    return changed ?? map;
  }
}
