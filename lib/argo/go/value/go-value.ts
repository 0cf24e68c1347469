// Values of Go types that expressions can hold but hardly compute with. They are no part of `Value`, whose users never
// meet them: an expression may pass them on, call them, or turn them into text.
import { GoDuration, GoTime } from '../time/go-time.js';
import { EvaluationError } from '../evaluation-error.js';
import type { ExpressionFunction, Value } from './value.js';

/** A function as a value. */
export class GoFunction {
  readonly type: string;
  readonly call: ExpressionFunction;

  constructor(type: string, call: ExpressionFunction) {
    this.type = type;
    this.call = call;
  }

  asValue(): Value {
    return this as unknown as Value;
  }

  toString(): string {
    return this.type;
  }
}

/** A value of a named type, such as a month. */
export class GoObject {
  readonly type: string;
  /** What JSON makes of it. */
  readonly json: Value;
  readonly #text: string;
  /** What it stands for. */
  readonly inner: unknown;

  constructor(type: string, text: string, json: Value, inner?: unknown) {
    this.type = type;
    this.#text = text;
    this.json = json;
    this.inner = inner;
  }

  /** As `reflect.Kind`. The named types that are no structures are whole numbers. */
  get kind(): string {
    if (this.type.startsWith('*')) return 'ptr';
    return typeof this.json === 'bigint' ? 'int' : 'struct';
  }

  /** Two objects of one type are equal if these are. */
  get identity(): string {
    return this.#text;
  }

  asValue(): Value {
    return this as unknown as Value;
  }

  toString(): string {
    return this.#text;
  }
}

/** A map whose keys can be of any type: what `fromPairs` and `groupBy` make. JSON has no such thing. */
export class AnyKeyMap extends Map<string, Value> {
  readonly type: string;

  constructor(type = 'map[interface {}]interface {}') {
    super();
    this.type = type;
  }

  at(key: Value): Value | undefined {
    return this.get(key as string);
  }

  /** @throws EvaluationError when Go cannot use the key. */
  put(key: Value, value: Value): void {
    if (Array.isArray(key) || key instanceof Map)
      throw new EvaluationError(`hash of unhashable type: ${typeName(key)}`);
    this.set(key as string, value);
  }
}

/** The bytes of `b'…'`: a list of small ints that JSON writes as base64. */
export class ByteList extends Array<bigint> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/** As Go's %T. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float64';
    default:
      return objectTypeName(value);
  }
}

function objectTypeName(value: unknown): string {
  if (value === null) return '<nil>';
  if (value instanceof ByteList) return '[]uint8';
  if (Array.isArray(value)) return '[]interface {}';
  if (value instanceof AnyKeyMap || value instanceof GoFunction || value instanceof GoObject)
    return value.type;
  if (value instanceof GoTime) return 'time.Time';
  if (value instanceof GoDuration) return 'time.Duration';
  return 'map[string]interface {}';
}

/** What Go says when a value is not of the type that is needed. */
export function mismatch(value: Value, wanted: string): EvaluationError {
  const is = value === null ? 'nil' : typeName(value);
  return new EvaluationError(`interface conversion: interface {} is ${is}, not ${wanted}`);
}
