// Go's `math.Pow`. JavaScript's is closer to the true value, and so differs from Go's in the last digit now and then.
const LARGE = 2 ** 63;
/** Beyond it the result is 0 or infinite whatever the rest of the exponent does. */
const EXPONENT_MAX = 4096;

export function power(base: number, exponent: number): number {
  if (exponent === 0 || base === 1) return 1;
  if (exponent === 1) return base;
  if (Number.isNaN(base) || Number.isNaN(exponent)) return NaN;
  if (base === -1 && !Number.isFinite(exponent)) return 1;
  if (exponent === 0.5) return Math.sqrt(base);
  if (exponent === -0.5) return 1 / Math.sqrt(base);
  const magnitude = Math.abs(exponent);
  // Zeros and infinities are as in JavaScript, and so is what overflows.
  if (base === 0 || !Number.isFinite(base) || magnitude >= LARGE) return base ** exponent;
  return finitePower(base, exponent, magnitude);
}

/** By squaring the fraction of the base; a fractional part of the exponent goes through a logarithm. */
function finitePower(base: number, exponent: number, magnitude: number): number {
  let whole = Math.trunc(magnitude);
  let part = magnitude - whole;
  if (part !== 0 && base < 0) return NaN;
  let result = 1;
  let twos = 0;
  if (part !== 0) {
    if (part > 0.5) {
      part--;
      whole++;
    }
    result = Math.exp(part * Math.log(base));
  }
  let [fraction, binaryExponent] = fractionAndExponent(base);
  for (let left = BigInt(whole); left !== 0n; left >>= 1n) {
    if (Math.abs(binaryExponent) > EXPONENT_MAX) {
      twos += binaryExponent;
      break;
    }
    if ((left & 1n) === 1n) {
      result *= fraction;
      twos += binaryExponent;
    }
    fraction *= fraction;
    binaryExponent *= 2;
    if (fraction < 0.5) {
      fraction += fraction;
      binaryExponent--;
    }
  }
  return exponent < 0 ? scaled(1 / result, -twos) : scaled(result, twos);
}

/** `value * 2 ** exponent`; the power of two alone can be out of range. */
function scaled(value: number, exponent: number): number {
  const first = Math.max(-1000, Math.min(1000, exponent));
  const second = Math.max(-1000, Math.min(1000, exponent - first));
  return value * 2 ** first * 2 ** second * 2 ** Math.max(-1000, Math.min(1000, exponent - first - second));
}

/** The number as a fraction of at least a half, less than one, times a power of two. */
function fractionAndExponent(value: number): [number, number] {
  const view = new DataView(new ArrayBuffer(8));
  // Subnormal numbers have no exponent of their own.
  const isSubnormal = Math.abs(value) < 2 ** -1022;
  view.setFloat64(0, isSubnormal ? value * 2 ** 52 : value);
  const high = view.getUint32(0);
  const exponent = ((high >>> 20) & 0x7ff) - 1022 - (isSubnormal ? 52 : 0);
  view.setUint32(0, (high & 0x800fffff) | (1022 << 20));
  return [view.getFloat64(0), exponent];
}
