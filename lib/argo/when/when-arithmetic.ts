// Go's arithmetic on float64, with integers of 64 bits where bits are meant, converted as amd64 does.

const LOWEST = -(2n ** 63n);
const TWO_TO_63 = 2 ** 63;

type Operation = (left: number, right: number) => number;

/** What operators do with two numbers. */
export const ARITHMETIC: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['+', (left, right) => left + right],
  ['-', (left, right) => left - right],
  ['*', (left, right) => left * right],
  ['/', (left, right) => left / right],
  ['%', (left, right) => left % right],
  ['**', power],
  ['&', (left, right) => Number(toInt64(left) & toInt64(right))],
  ['|', (left, right) => Number(toInt64(left) | toInt64(right))],
  ['^', (left, right) => Number(toInt64(left) ^ toInt64(right))],
  ['<<', shiftLeft],
  ['>>', shiftRight],
]);

/** `~`. */
export function complement(value: number): number {
  return Number(~toInt64(value));
}

/** Go: 1 to any power, and -1 to an infinite one, is 1. Whole powers are products, and so rounded as Go rounds them. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1;
  if (Math.abs(exponent) === 0.5) return exponent > 0 ? Math.sqrt(base) : 1 / Math.sqrt(base);
  const product = Number.isSafeInteger(exponent) ? productOf(base, Math.abs(exponent)) : 0;
  // At the ends of the range the product is lost before the power is.
  if (product === 0 || !Number.isFinite(product)) return base ** exponent;
  return exponent < 0 ? 1 / product : product;
}

/** `base` multiplied with itself, by squares. */
function productOf(base: number, times: number): number {
  let product = 1;
  let square = base;
  for (let rest = times; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) product *= square;
    square *= square;
  }
  return product;
}

function shiftLeft(left: number, right: number): number {
  const by = toUint64(right);
  return by >= 64n ? 0 : Number(BigInt.asUintN(64, toUint64(left) << by));
}

function shiftRight(left: number, right: number): number {
  const by = toUint64(right);
  return by >= 64n ? 0 : Number(toUint64(left) >> by);
}

/** Out of range is the lowest integer. */
function toInt64(value: number): bigint {
  return value >= -TWO_TO_63 && value < TWO_TO_63 ? BigInt(Math.trunc(value)) : LOWEST;
}

/** Out of range is the highest bit alone. */
function toUint64(value: number): bigint {
  if (value < TWO_TO_63) return BigInt.asUintN(64, toInt64(value));
  return BigInt.asUintN(64, toInt64(value - TWO_TO_63) | LOWEST);
}
