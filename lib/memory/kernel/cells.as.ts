// @ts-nocheck  AssemblyScript: TypeScript's syntax, compiled to WebAssembly by scripts/build.mjs.
//
// The numbers of a series where a drain moves them: totals and the halves of planes. Plain stores, for use inside the
// sections of the holder of the right.
import { HISTOGRAM_MAX, HISTOGRAM_MIN, HISTOGRAM_SUM } from "../words";

// A sum that went past the largest number stops there: infinities of both signs would make it NaN for ever.
@inline
export function addScalar(at: usize, value: f64): f64 {
  const exact = load<f64>(at) + value;
  const sum = max<f64>(min<f64>(exact, f64.MAX_VALUE), -f64.MAX_VALUE);
  store<f64>(at, sum == 0.0 ? -0.0 : sum); // -0: touched, but zero.
  return sum;
}

@inline
function addOne(from: usize, to: usize): void {
  store<f64>(to, load<f64>(to) + load<f64>(from));
}

@inline
export function addGroup(from: usize, to: usize): void {
  addOne(from, to);
  addOne(from + 8, to + 8);
  addOne(from + 16, to + 16);
  addOne(from + 24, to + 24);
  addOne(from + 32, to + 32);
  addOne(from + 40, to + 40);
  addOne(from + 48, to + 48);
  addOne(from + 56, to + 56);
}

@inline
export function zeroGroup(at: usize): void {
  store<i64>(at, 0);
  store<i64>(at + 8, 0);
  store<i64>(at + 16, 0);
  store<i64>(at + 24, 0);
  store<i64>(at + 32, 0);
  store<i64>(at + 40, 0);
  store<i64>(at + 48, 0);
  store<i64>(at + 56, 0);
}

@inline
export function mergeHead(from: usize, to: usize): void {
  const had = load<f64>(to), count = load<f64>(from), sum = had + count;
  const low = load<f64>(from + HISTOGRAM_MIN), high = load<f64>(from + HISTOGRAM_MAX);
  if (count != 0.0) {
    if (had == 0.0 || low < load<f64>(to + HISTOGRAM_MIN)) store<f64>(to + HISTOGRAM_MIN, low);
    if (had == 0.0 || high > load<f64>(to + HISTOGRAM_MAX)) store<f64>(to + HISTOGRAM_MAX, high);
  }
  store<f64>(to, sum == 0.0 ? -0.0 : sum); // -0: it exists, without a record.
  addOne(from + HISTOGRAM_SUM, to + HISTOGRAM_SUM);
}

@inline
export function zeroHead(at: usize): void {
  store<i64>(at, 0);
  store<i64>(at + 8, 0);
  store<i64>(at + 16, 0);
  store<i64>(at + 24, 0);
}
