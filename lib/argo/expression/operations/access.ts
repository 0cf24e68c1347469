// Elements, members and slices. Positions in text are bytes of its UTF-8.
import { sprint } from '../../go/value/go-format.js';
import { NIL_LIST } from '../../go/json/go-json.js';
import { bytesOf, textOf } from '../../go/text/go-text.js';
import { toInt } from './arithmetic.js';
import { toKey } from './comparison.js';
import { AnyKeyMap, ByteList, GoFunction, typeName } from '../../go/value/go-value.js';
import { methodOf } from './methods.js';
import { EvaluationError } from '../../go/evaluation-error.js';
import type { Value } from '../../go/value/value.js';

/** `object[key]`. A key that a map does not have gives nil; everything else that is not there is an error. */
export function fetchMember(object: Value, key: Value): Value {
  if (object instanceof AnyKeyMap) return object.at(key) ?? missingMember(object);
  if (object instanceof Map) return (object as Map<string, Value>).get(toKey(key)) ?? null;
  if (Array.isArray(object)) return fetchElement(object, key);
  if (typeof object === 'string') return fetchByte(object, key);
  const method = typeof key === 'string' ? methodOf(object, key) : undefined;
  if (method) return method.asValue();
  throw new EvaluationError(`cannot fetch ${sprint(key)} from ${typeName(object)}`);
}

/** As {@link fetchMember}, but whatever is not there is nil. */
export function findMember(object: Value, key: Value): Value {
  if (object === null) return null;
  if (Array.isArray(object)) return (object as readonly Value[])[Number(indexOf(key, object.length))] ?? null;
  if (typeof object === 'string') {
    const byte = bytesOf(object)[Number(indexOf(key, byteLength(object)))];
    return byte === undefined ? null : BigInt(byte);
  }
  if (object instanceof Map) return fetchMember(object, key);
  const method = typeof key === 'string' ? methodOf(object, key) : undefined;
  return method?.asValue() ?? null;
}

function missingMember(map: AnyKeyMap): Value {
  return map.type.endsWith('[]interface {}') ? NIL_LIST : null;
}

/** Negative ones count from the end. */
function indexOf(key: Value, length: number): bigint {
  const index = toInt(key);
  return index < 0n ? BigInt.asIntN(64, BigInt(length) + index) : index;
}

function fetchElement(list: readonly Value[], key: Value): Value {
  const index = indexOf(key, list.length);
  const element = index < 0n ? undefined : list[Number(index)];
  return element === undefined ? outOfRange(index, list.length) : element;
}

function fetchByte(text: string, key: Value): Value {
  const bytes = bytesOf(text);
  const index = indexOf(key, bytes.length);
  const byte = index < 0n ? undefined : bytes[Number(index)];
  return byte === undefined ? outOfRange(index, bytes.length) : BigInt(byte);
}

function outOfRange(index: bigint, length: number): never {
  throw new EvaluationError(`index out of range: ${index} (array length is ${length})`);
}

/** `object[from:to]`: bounds that are out of range are moved into it. */
export function sliceOf(object: Value, from: Value, to: Value): Value {
  if (typeof object === 'string') {
    const length = byteLength(object);
    const [start, end] = bounds(length, from, to);
    if (length === object.length) return object.slice(start, end);
    return textOf(bytesOf(object).subarray(start, end));
  }
  if (!Array.isArray(object)) throw new EvaluationError(`cannot slice ${sprint(from)}`);
  const [start, end] = bounds(object.length, from, to);
  const part = (object as readonly Value[]).slice(start, end);
  return object instanceof ByteList ? ByteList.from(part as bigint[]) : part;
}

function bounds(length: number, from: Value, to: Value): [number, number] {
  const clamp = (index: bigint): number => {
    if (index < 0n) return 0;
    return index > BigInt(length) ? length : Number(index);
  };
  const start = indexOf(from, length);
  const end = clamp(indexOf(to, length));
  return [Math.min(clamp(start), end), end];
}

/** What `[:]` takes for the end. */
export function lengthInBytes(object: Value): bigint {
  if (typeof object === 'string') return BigInt(byteLength(object));
  if (Array.isArray(object)) return BigInt(object.length);
  if (object instanceof Map) return BigInt(object.size);
  throw new EvaluationError(`invalid argument for len (type ${typeName(object)})`);
}

export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

/** @throws EvaluationError when the value is no function. */
export function callValue(callee: Value, args: readonly Value[]): Value {
  const called = callee as unknown;
  if (called instanceof GoFunction) return called.call(...args);
  if (called === null) throw new EvaluationError('invalid operation: cannot call nil');
  const message = `invalid operation: cannot call non-function of type ${typeName(callee)}`;
  throw new EvaluationError(message);
}
