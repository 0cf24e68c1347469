// Sprig's arithmetic: whole numbers are int64 and wrap around, fractions are computed as decimals.
import { EvaluationError } from '../go/evaluation-error.js';
import type { ExpressionFunction, Value } from '../go/value/value.js';
import { Decimal } from './decimal.js';
import { checkListLength } from '../budget/evaluation-limits.js';
import { parseDecimal, parseOctal, toFloat64, toInt64 } from './go-cast.js';
import { sprint } from '../go/value/go-format.js';
import { goFunction, variadic } from '../go/value/go-function.js';
import { joinTexts } from './sprig-strings.js';

const max = folded((left, right) => (right > left ? right : left));
const toInteger = goFunction(['any'], toInt64);

export const MATH_FUNCTIONS: Readonly<Record<string, ExpressionFunction>> = {
  atoi: goFunction(['string'], parseDecimal),
  int: toInteger,
  int64: toInteger,
  float64: goFunction(['any'], toFloat64),
  toDecimal: goFunction(['any'], value => parseOctal(sprint(value))),
  add1: goFunction(['any'], value => wrapped(toInt64(value) + 1n)),
  add: variadic([], 'any', (_, values) =>
    values.map(toInt64).reduce((sum, value) => wrapped(sum + value), 0n),
  ),
  sub: goFunction(['any', 'any'], (left, right) => wrapped(toInt64(left) - toInt64(right))),
  mul: folded((left, right) => wrapped(left * right)),
  div: goFunction(['any', 'any'], (left, right) => wrapped(toInt64(left) / divisor(right))),
  mod: goFunction(['any', 'any'], (left, right) => toInt64(left) % divisor(right)),
  max,
  biggest: max,
  min: folded((left, right) => (right < left ? right : left)),
  add1f: goFunction(['any'], value => inDecimals(value, [1n], (left, right) => left.plus(right))),
  addf: variadic([], 'any', (_, values) => inDecimals(0, values, (left, right) => left.plus(right))),
  subf: variadic(['any'], 'any', ([first], rest) =>
    inDecimals(first, rest, (left, right) => left.minus(right)),
  ),
  mulf: variadic(['any'], 'any', ([first], rest) =>
    inDecimals(first, rest, (left, right) => left.times(right)),
  ),
  divf: variadic(['any'], 'any', ([first], rest) =>
    inDecimals(first, rest, (left, right) => left.dividedBy(right)),
  ),
  maxf: variadic(['any'], 'any', ([first], rest) => extreme([first, ...rest], Infinity, Math.max)),
  minf: variadic(['any'], 'any', ([first], rest) => extreme([first, ...rest], -Infinity, Math.min)),
  ceil: goFunction(['any'], value => Math.ceil(toFloat64(value))),
  floor: goFunction(['any'], value => Math.floor(toFloat64(value))),
  round: variadic(['any', 'size'], 'float', ([value, places], [roundOn = 0.5]) =>
    round(toFloat64(value), places, roundOn),
  ),
  until: goFunction(['int'], count => countUntil(0n, count, count < 0n ? -1n : 1n)),
  untilStep: goFunction(['int', 'int', 'int'], countUntil),
  seq: variadic([], 'int', (_, parameters) => sequence(parameters)),
};

function folded(combine: (left: bigint, right: bigint) => bigint): ExpressionFunction {
  return variadic(['any'], 'any', ([first], rest) => rest.map(toInt64).reduce(combine, toInt64(first)));
}

function wrapped(number: bigint): bigint {
  return BigInt.asIntN(64, number);
}

function divisor(value: Value): bigint {
  const number = toInt64(value);
  if (number === 0n) throw new EvaluationError('runtime error: integer divide by zero');
  return number;
}

function inDecimals(
  first: Value,
  rest: readonly Value[],
  combine: (left: Decimal, right: Decimal) => Decimal,
): number {
  const start = Decimal.of(toFloat64(first));
  return rest.reduce<Decimal>((sum, value) => combine(sum, Decimal.of(toFloat64(value))), start).toNumber();
}

/** Go's maximum of an infinity and NaN is the infinity; JavaScript's is NaN. */
function extreme(
  values: readonly Value[],
  end: number,
  choose: (left: number, right: number) => number,
): number {
  const numbers = values.map(toFloat64);
  return numbers.includes(end) ? end : numbers.reduce((left, right) => choose(left, right));
}

/** As Sprig: negative numbers go down where they are not whole, because the rest of -2.5 is -0.5, less than `roundOn`. */
function round(number: number, places: number, roundOn: number): number {
  const power = Number(`1e${places}`);
  const digits = power * number;
  const rest = Number.isFinite(digits) ? digits - Math.trunc(digits) : NaN;
  return (rest >= roundOn ? Math.ceil(digits) : Math.floor(digits)) / power;
}

function countUntil(start: bigint, stop: bigint, step: bigint): bigint[] {
  const isDown = stop < start;
  if (isDown ? step >= 0n : step <= 0n) return [];
  const distance = isDown ? start - stop : stop - start;
  const stride = isDown ? -step : step;
  const length = (distance + stride - 1n) / stride;
  checkListLength(Number(length));
  return Array.from({ length: Number(length) }, (_, index) => start + BigInt(index) * step);
}

/** As `seq` of the shell: up to a number, from a number to a number, or with a step in the middle. */
function sequence(parameters: readonly bigint[]): string {
  if (parameters.length === 0 || parameters.length > 3) return '';
  const start = parameters.length === 1 ? 1n : (parameters[0] ?? 0n);
  const end = parameters.at(-1) ?? 0n;
  const direction = end < start ? -1n : 1n;
  const step = parameters.length === 3 ? (parameters[1] ?? 0n) : direction;
  if (end < start && step > 0n) return '';
  return joinTexts(countUntil(start, end + direction, step).map(String), ' ');
}
