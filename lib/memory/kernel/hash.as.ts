// @ts-nocheck  AssemblyScript: TypeScript's syntax, compiled to WebAssembly by scripts/build.mjs.
//
// Keys: SipHash-2-4 with an answer of 128 bits, under the secret that the store was created with, so that nobody who
// chooses the labels can choose what they collide with. The text comes as arguments: a thread has no memory of its own
// here, and a mere search must not take a place in the one of all. What stands between two calls are globals, which each
// instance, so each thread, has for itself; no section knows them.
import { SECRET } from "../words";

let v0: u64 = 0;
let v1: u64 = 0;
let v2: u64 = 0;
let v3: u64 = 0;
let key0: u64 = 0;
let key1: u64 = 0;

// Takes the first `count` of the words in, each with so many rounds. In locals: globals would be read and written each time.
@inline
function mix(count: i32, rounds: i32, first: u64, second: u64, third: u64, fourth: u64): void {
  let a = v0, b = v1, c = v2, d = v3, word = first, next = second, afterNext = third;
  for (; count > 0; count--) {
    d ^= word;
    for (let left = rounds; left > 0; left--) {
      a += b;
      c += d;
      b = rotl<u64>(b, 13) ^ a;
      d = rotl<u64>(d, 16) ^ c;
      a = rotl<u64>(a, 32) + d;
      c += b;
      d = rotl<u64>(d, 21) ^ a;
      b = rotl<u64>(b, 17) ^ c;
      c = rotl<u64>(c, 32);
    }
    a ^= word;
    word = next;
    next = afterNext;
    afterNext = fourth;
  }
  v0 = a;
  v1 = b;
  v2 = c;
  v3 = d;
}

@inline
function wordOf(low: i32, high: i32): u64 {
  return <u64><u32>low | (<u64>high << 32);
}

@inline
function finish(): u64 {
  mix(1, 4, 0, 0, 0, 0);
  return v0 ^ v1 ^ v2 ^ v3;
}

/** Begins a key. One at a time in a thread. */
export function hashBegin(): void {
  const low = <u64>load<i64>(SECRET), high = <u64>load<i64>(SECRET + 8);
  v0 = low ^ 0x736f6d6570736575;
  v1 = high ^ 0x646f72616e646f6d ^ 0xee;
  v2 = low ^ 0x6c7967656e657261;
  v3 = high ^ 0x7465646279746573;
}

/** 32 bytes more, as they stand in memory. */
export function hashBlock(a: i32, b: i32, c: i32, d: i32, e: i32, f: i32, g: i32, h: i32): void {
  mix(4, 2, wordOf(a, b), wordOf(c, d), wordOf(e, f), wordOf(g, h));
}

/** What is left: of these words `length` modulo 32 bytes count. `length` is the whole text's. */
export function hashEnd(length: i32, a: i32, b: i32, c: i32, d: i32, e: i32, f: i32, g: i32, h: i32): void {
  const whole = (length >> 3) & 3;
  let first = wordOf(a, b), second = wordOf(c, d), third = wordOf(e, f), fourth = wordOf(g, h);
  let last = whole > 1 ? (whole > 2 ? fourth : third) : whole > 0 ? second : first;
  last = (last & ((<u64>1 << (<u64>(length & 7) << 3)) - 1)) | (<u64>length << 56);
  if (whole == 0) first = last;
  if (whole == 1) second = last;
  if (whole == 2) third = last;
  if (whole == 3) fourth = last;
  mix(whole + 1, 2, first, second, third, fourth);
  v2 ^= 0xee;
  key0 = finish();
  v1 ^= 0xdd;
  key1 = finish();
}

/** One of the four words of the key. */
export function hashWord(index: i32): i32 {
  const half = index < 2 ? key0 : key1;
  return <i32>(half >> (<u64>(index & 1) << 5));
}
