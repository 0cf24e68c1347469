// @ts-nocheck  AssemblyScript: TypeScript's syntax, compiled to WebAssembly by scripts/build.mjs.
//
// Numbers as text: whole ones below 2^53 as their digits, every other one as the shortest digits that read back as the same
// double, laid out as `String()` of ECMAScript does. The digits are found as in Raffaello Giulietti's "The Schubfach way to
// render doubles" (2020), whose names the variables have.
import { POWERS, POWERS_FIRST } from "../row-layout";

const WHOLE_END: f64 = 9007199254740992.0; // 2^53: from here on not every whole number is a double.
const ZERO: u64 = 48;

@inline
function mulHigh(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const low = aLow * bLow;
  const cross = aLow * bHigh;
  const other = aHigh * bLow;
  const middle = (low >> 32) + (cross & 0xffffffff) + (other & 0xffffffff);
  return aHigh * bHigh + (cross >> 32) + (other >> 32) + (middle >> 32);
}

// The upper part of g × c, its last bit set when anything below it is.
@inline
function roundToOdd(gHigh: u64, gLow: u64, c: u64): u64 {
  const carry = mulHigh(gLow, c);
  const low = gHigh * c;
  const sum = low + carry;
  const high = mulHigh(gHigh, c) + (sum < low ? 1 : 0);
  return high | (sum > 1 ? 1 : 0);
}

@inline
function lengthOf(value: u64): usize {
  let length: usize = 1;
  let rest = value;
  while (rest >= 10000) {
    rest /= 10000;
    length += 4;
  }
  if (rest >= 1000) return length + 3;
  if (rest >= 100) return length + 2;
  return rest >= 10 ? length + 1 : length;
}

@inline
function putByte(at: usize, byte: u64): void {
  store<u8>(at, <u8>byte);
}

// Puts `length` digits that end before `end`.
@inline
function putDigits(end: usize, value: u64): void {
  let at = end;
  let rest = value;
  while (rest >= 0x100000000) {
    const shorter = rest / 10;
    putByte(--at, ZERO + rest - shorter * 10);
    rest = shorter;
  }
  let few = <u32>rest;
  do {
    const shorter = few / 10;
    putByte(--at, ZERO + few - shorter * 10);
    few = shorter;
  } while (few != 0);
}

// A whole number. How many bytes it takes.
@inline
export function putWhole(to: usize, value: u64): usize {
  if (value < 10) {
    putByte(to, ZERO + value);
    return 1;
  }
  const length = lengthOf(value);
  putDigits(to + length, value);
  return length;
}

@inline
function putZeros(to: usize, count: usize): void {
  for (let index: usize = 0; index < count; index++) putByte(to + index, ZERO);
}

// 0.d × 10^point, with `length` digits, as ECMAScript lays it out: the same four cases as in its Number::toString.
function layOut(to: usize, digits: u64, length: i32, point: i32): usize {
  if (point >= length && point <= 21) {
    putDigits(to + length, digits);
    putZeros(to + length, point - length);
    return point;
  }
  if (point > 0 && point <= 21) {
    // One further to the right, then the whole part goes back to make room for the point.
    putDigits(to + 1 + length, digits);
    for (let index = 0; index < point; index++) store<u8>(to + index, load<u8>(to + index + 1));
    putByte(to + point, 46);
    return length + 1;
  }
  if (point > -6 && point <= 0) {
    putByte(to, ZERO);
    putByte(to + 1, 46);
    putZeros(to + 2, -point);
    putDigits(to + 2 - point + length, digits);
    return 2 - point + length;
  }
  putDigits(to + 1 + length, digits);
  store<u8>(to, load<u8>(to + 1));
  let at = to + 1;
  if (length > 1) {
    putByte(at, 46);
    at += length;
  }
  const exponent = point - 1;
  putByte(at, 101);
  putByte(at + 1, exponent < 0 ? 45 : 43);
  return at + 2 + putWhole(at + 2, exponent < 0 ? -exponent : exponent) - to;
}

// Positive and finite.
function putShortest(to: usize, value: f64): usize {
  const bits = reinterpret<u64>(value);
  const fraction = bits & 0xfffffffffffff;
  const biased = <i32>(bits >> 52);
  const c = biased != 0 ? fraction | 0x10000000000000 : fraction;
  const q = (biased != 0 ? biased : 1) - 1075;
  // The next smaller double is nearer than the next greater one.
  const isIrregular = fraction == 0 && biased > 1;
  const odd = c & 1;
  const k = (q * 1262611 - (isIrregular ? 524031 : 0)) >> 22;
  const h = <u64>(q + ((-k * 1741647) >> 19) + 1);
  const power = POWERS + (<usize>(-k - POWERS_FIRST) << 4);
  const gHigh = load<u64>(power);
  const gLow = load<u64>(power, 8);
  const cb = c << 2;
  const lower = roundToOdd(gHigh, gLow, (cb - (isIrregular ? 1 : 2)) << h) + odd;
  const vb = roundToOdd(gHigh, gLow, cb << h);
  const upper = roundToOdd(gHigh, gLow, (cb + 2) << h) - odd;
  const s = vb >> 2;
  let digits: u64 = 0;
  let exponent = k;
  if (s >= 10) {
    const tenth = s / 10;
    const isBelowIn = lower <= 40 * tenth;
    const isAboveIn = 40 * tenth + 40 <= upper;
    if (isBelowIn != isAboveIn) {
      digits = tenth + (isAboveIn ? 1 : 0);
      exponent++;
    }
  }
  if (digits == 0) {
    const isBelowIn = lower <= 4 * s;
    const isAboveIn = 4 * s + 4 <= upper;
    const middle = 4 * s + 2;
    const isNearerAbove = vb > middle || (vb == middle && (s & 1) != 0);
    digits = s + ((isBelowIn != isAboveIn ? isAboveIn : isNearerAbove) ? 1 : 0);
  }
  for (let tenth = digits / 10; tenth * 10 == digits; tenth = digits / 10) {
    digits = tenth;
    exponent++;
  }
  const length = <i32>lengthOf(digits);
  return layOut(to, digits, length, length + exponent);
}

function putInfinity(to: usize, value: f64): usize {
  putByte(to, value > 0 ? 43 : 45);
  store<u8>(to, 73, 1);
  store<u8>(to, 110, 2);
  store<u8>(to, 102, 3);
  return 4;
}

function putNotANumber(to: usize): usize {
  store<u8>(to, 78);
  store<u8>(to, 97, 1);
  store<u8>(to, 78, 2);
  return 3;
}

// How many bytes it takes, NUMBER_LENGTH_MAX at most. Both zeros are `0`.
export function putNumber(to: usize, value: f64): usize {
  const magnitude = abs<f64>(value);
  let at = to;
  if (value < 0) putByte(at++, 45);
  if (magnitude < WHOLE_END) {
    const whole = <u64>magnitude;
    if (<f64>whole == magnitude) return at + putWhole(at, whole) - to;
  }
  if (magnitude != magnitude) return putNotANumber(to);
  if (magnitude == Infinity) return putInfinity(to, value);
  return at + putShortest(at, magnitude) - to;
}
