// Operators on numbers, text, times and durations. An int and a float give a float; ints wrap at 64 bits.
import { checkTextLength } from '../../budget/evaluation-limits.js';
import { GoDuration, GoTime } from '../../go/time/go-time.js';
import { power } from '../../go/number/go-power.js';
import { typeName } from '../../go/value/go-value.js';
import { EvaluationError } from '../../go/evaluation-error.js';
import type { Value } from '../../go/value/value.js';

export function add(left: Value, right: Value): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') return BigInt.asIntN(64, left + right);
  if (isNumber(left) && isNumber(right)) return Number(left) + Number(right);
  if (typeof left === 'string' && typeof right === 'string') {
    checkTextLength(left.length + right.length);
    return left + right;
  }
  if (left instanceof GoTime && right instanceof GoDuration) return left.add(right);
  if (left instanceof GoDuration && right instanceof GoTime) return right.add(left);
  if (left instanceof GoDuration && right instanceof GoDuration)
    return new GoDuration(left.nanos + right.nanos);
  throw invalid('+', left, right);
}

export function subtract(left: Value, right: Value): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') return BigInt.asIntN(64, left - right);
  if (isNumber(left) && isNumber(right)) return Number(left) - Number(right);
  if (left instanceof GoTime && right instanceof GoTime) return left.since(right);
  if (left instanceof GoTime && right instanceof GoDuration) return left.add(new GoDuration(-right.nanos));
  if (left instanceof GoDuration && right instanceof GoDuration)
    return new GoDuration(left.nanos - right.nanos);
  throw invalid('-', left, right);
}

export function multiply(left: Value, right: Value): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') return BigInt.asIntN(64, left * right);
  if (isNumber(left) && isNumber(right)) return Number(left) * Number(right);
  if (left instanceof GoDuration && right instanceof GoDuration)
    return new GoDuration(left.nanos * right.nanos);
  if (left instanceof GoDuration && isNumber(right)) return scale(left, right);
  if (isNumber(left) && right instanceof GoDuration) return scale(right, left);
  throw invalid('*', left, right);
}

/** A duration times a float is a float of nanoseconds, as in expr-lang. */
function scale({ nanos }: GoDuration, factor: bigint | number): Value {
  return typeof factor === 'bigint' ? new GoDuration(nanos * factor) : Number(nanos) * factor;
}

export function divide(left: Value, right: Value): number {
  if (isNumber(left) && isNumber(right)) return Number(left) / Number(right);
  throw invalid('/', left, right);
}

export function remainder(left: Value, right: Value): bigint {
  if (typeof left !== 'bigint' || typeof right !== 'bigint') throw invalid('%', left, right);
  if (right === 0n) throw new EvaluationError('runtime error: integer divide by zero');
  return left % right;
}

export function raise(left: Value, right: Value): number {
  return power(toFloat(left), toFloat(right));
}

export function negate(value: Value): Value {
  if (typeof value === 'bigint') return BigInt.asIntN(64, -value);
  if (typeof value === 'number') return -value;
  throw new EvaluationError(`invalid operation: - ${typeName(value)}`);
}

function toFloat(value: Value): number {
  if (isNumber(value)) return Number(value);
  throw new EvaluationError(`invalid operation: float(${typeName(value)})`);
}

/** Truncates; what an int cannot hold is what Go on amd64 makes of it. */
export function toInt(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return truncateToInt(value);
  throw new EvaluationError(`invalid operation: int(${typeName(value)})`);
}

const INT_MIN = -(2n ** 63n);

export function truncateToInt(value: number): bigint {
  if (!(value >= -(2 ** 63) && value < 2 ** 63)) return INT_MIN;
  return BigInt(Math.trunc(value));
}

export function isNumber(value: Value): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}

function invalid(operator: string, left: Value, right: Value): EvaluationError {
  return new EvaluationError(`invalid operation: ${typeName(left)} ${operator} ${typeName(right)}`);
}
