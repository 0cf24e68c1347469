// The language's functions on numbers.
import { parseGoFloat } from '../../go/number/go-number.js';
import { toInt, truncateToInt } from '../operations/arithmetic.js';
import type { Budget } from '../../budget/budget.js';
import type { Builtin } from './builtin.js';
import { exactly, kindName, refuse, typeOf } from './builtin.js';
import { compare } from '../operations/comparison.js';
import { GoObject, typeName } from '../../go/value/go-value.js';
import { GoDuration } from '../../go/time/go-time.js';
import { FLOAT, INT, isNumber, signatureOf, UNKNOWN } from '../../go/value/nature.js';
import type { Nature, Signature } from '../../go/value/nature.js';
import type { Value } from '../../go/value/value.js';

const INT_TEXT = /^[+-]?\d+$/;
const INT_BITS = 64;
const DEPTH_MAX = 500;

/** The language's `int`, and Argo's `asInt`. */
export function toIntOrRefuse(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return truncateToInt(value);
  if (value instanceof GoDuration) return value.nanos;
  const object = value as unknown;
  if (object instanceof GoObject && typeof object.json === 'bigint') return object.json;
  if (typeof value !== 'string') return refuse(`invalid operation: int(${typeName(value)})`);
  if (value.length <= INT_BITS && INT_TEXT.test(value)) {
    const parsed = BigInt(value.startsWith('+') ? value.slice(1) : value);
    if (BigInt.asIntN(INT_BITS, parsed) === parsed) return parsed;
  }
  return refuse(`invalid operation: int(${value})`);
}

/** The language's `float`, and Argo's `asFloat`. */
export function toFloatOrRefuse(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') return refuse(`invalid operation: float(${typeName(value)})`);
  const parsed = parseGoFloat(value);
  return 'value' in parsed ? parsed.value : refuse(`invalid operation: float(${value})`);
}

function conversion(name: string, result: Nature, call: (value: Value) => Value): Builtin {
  const check = exactly(1, ([arg = UNKNOWN]) => {
    const isFit = isNumber(arg) || arg.kind === 'unknown' || arg.kind === 'text';
    const isNamedInt = name === 'int' && ['time.Month', 'time.Weekday', 'time.Duration'].includes(arg.type);
    return isFit || isNamedInt ? result : `invalid argument for ${name} (type ${typeOf(arg)})`;
  });
  return { check, call: args => call(args[0] ?? null) };
}

function rounding(name: string, round: (value: number) => number): Builtin {
  const check = exactly(1, ([arg = UNKNOWN]) =>
    isNumber(arg) || arg.kind === 'unknown' ? FLOAT : `invalid argument for ${name} (type ${typeOf(arg)})`,
  );
  const call = ([value = null]: readonly Value[]): Value => {
    if (typeof value === 'bigint') return Number(value);
    return typeof value === 'number'
      ? round(value)
      : refuse(`invalid argument for ${name} (type ${typeName(value)})`);
  };
  return { check, call };
}

/** Half away from zero, as in Go. */
function roundHalfAway(value: number): number {
  const whole = Math.trunc(value);
  if (Math.abs(value - whole) < 0.5) return Object.is(whole, 0) && value < 0 ? -0 : whole;
  return whole + Math.sign(value);
}

const ABS: Builtin = {
  check: exactly(1, ([arg = UNKNOWN]) =>
    isNumber(arg) || arg.kind === 'unknown' ? arg : `invalid argument for abs (type ${typeOf(arg)})`,
  ),
  call: ([value = null]) => {
    if (typeof value === 'bigint') return BigInt.asIntN(INT_BITS, value < 0n ? -value : value);
    if (typeof value !== 'number') return refuse(`invalid argument for abs (type ${typeName(value)})`);
    return value < 0 ? -value : value;
  },
};

function checkAggregate(name: string): (args: readonly Nature[]) => Nature | string {
  return args => {
    for (const arg of args) {
      if (arg.kind === 'unknown' || arg.kind === 'list') return UNKNOWN;
      if (!isNumber(arg)) return `invalid argument for ${name} (type ${typeOf(arg)})`;
    }
    return args[0] ?? `not enough arguments to call ${name}`;
  };
}

/** The numbers in the arguments and in lists inside them. */
function numbersIn(name: string, args: readonly Value[], budget: Budget, depth = 0): (bigint | number)[] {
  if (depth > DEPTH_MAX) refuse('recursion depth exceeded');
  budget.spend(args.length + 1);
  const numbers: (bigint | number)[] = [];
  for (const arg of args)
    if (typeof arg === 'bigint' || typeof arg === 'number') numbers.push(arg);
    else if (!Array.isArray(arg)) refuse(`invalid argument for ${name} (type ${typeName(arg)})`);
    else
      for (const number of numbersIn(name, arg as readonly Value[], budget, depth + 1)) numbers.push(number);
  return numbers;
}

/** @param sign 1 for the greatest, -1 for the least. The first of equal ones. */
function extreme(name: string, sign: number): Builtin {
  const call = (args: readonly Value[], budget: Budget): Value => {
    const [first = null] = args;
    const isAlone = args.length === 1 && !Array.isArray(first);
    if (isAlone && !['int', 'float64'].includes(kindName(first))) return first;
    let best: bigint | number | undefined;
    for (const number of numbersIn(name, args, budget))
      if (best === undefined || compare(number, best, '<') * sign > 0) best = number;
    return best ?? null;
  };
  return { check: checkAggregate(name), call };
}

function aggregate(name: string, call: (numbers: readonly number[]) => number): Builtin {
  return {
    check: checkAggregate(name),
    call: (args, budget) => call(numbersIn(name, args, budget).map(Number)),
  };
}

function mean(numbers: readonly number[]): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return numbers.length === 0 ? 0 : sum / numbers.length;
}

function median(numbers: readonly number[]): number {
  // Go sorts NaN before everything.
  const sorted = [...numbers].sort((a, b) => (Number.isNaN(a) ? -1 : Number.isNaN(b) ? 1 : a - b));
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

const INTS: readonly Signature[] = [signatureOf([INT, INT], INT)];

function intAt(name: string, args: readonly Value[], index: number): bigint {
  const value = args[index] ?? null;
  if (typeof value === 'bigint') return value;
  return refuse(`cannot use ${typeName(value)} as argument (type int) to call ${name}`);
}

function bits(name: string, call: (left: bigint, right: bigint) => bigint): readonly [string, Builtin] {
  return [
    name,
    {
      check: INTS,
      call: args => BigInt.asIntN(INT_BITS, call(intAt(name, args, 0), intAt(name, args, 1))),
    },
  ];
}

/** Beyond the bits of an int all are shifted out. */
function shift(count: bigint): bigint {
  if (count < 0n) refuse(`invalid operation: negative shift count ${count} (type int)`);
  return count > BigInt(INT_BITS) ? BigInt(INT_BITS) : count;
}

export const NUMBER_BUILTINS: readonly (readonly [string, Builtin])[] = [
  ['int', conversion('int', INT, toIntOrRefuse)],
  ['float', conversion('float', FLOAT, toFloatOrRefuse)],
  ['abs', ABS],
  ['ceil', rounding('ceil', Math.ceil)],
  ['floor', rounding('floor', Math.floor)],
  ['round', rounding('round', roundHalfAway)],
  ['max', extreme('max', 1)],
  ['min', extreme('min', -1)],
  ['mean', aggregate('mean', mean)],
  ['median', aggregate('median', median)],
  bits('bitand', (left, right) => left & right),
  bits('bitor', (left, right) => left | right),
  bits('bitxor', (left, right) => left ^ right),
  bits('bitnand', (left, right) => left & ~right),
  bits('bitshl', (left, right) => left << shift(right)),
  bits('bitshr', (left, right) => left >> shift(right)),
  bits('bitushr', (left, right) => BigInt.asUintN(INT_BITS, left) >> shift(right)),
  ['bitnot', { check: [signatureOf([INT], INT)], call: args => ~toInt(intAt('bitnot', args, 0)) }],
];
