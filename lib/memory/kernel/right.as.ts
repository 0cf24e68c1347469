// @ts-nocheck  AssemblyScript: TypeScript's syntax, compiled to WebAssembly by scripts/build.mjs.
//
// The right to collect, as the kernel's sections see it: RIGHT is odd while one of them is inside.
import { DONE, LOST, RIGHT, RIGHT_HELD, RIGHT_INSIDE, RIGHT_STEP } from "../words";

@inline
export function heldBy(word: i64, generation: i32): bool {
  return <i32>(word >> 32) == generation && (<i32>word & (RIGHT_INSIDE | RIGHT_HELD)) == RIGHT_HELD;
}

@inline
export function leave(word: i64): void {
  // The step count moves on, so that others can tell a slow holder from a dead one. It must not carry into the generation.
  atomic.store<i64>(RIGHT, (word & ~0xffffffff) | <i64>(((<u32>word + RIGHT_STEP) & ~(RIGHT_INSIDE | RIGHT_HELD)) | RIGHT_HELD));
}

/** Takes the right if nobody holds it, or (`force`) if its word is still the one that was seen. Returns the new generation or 0. */
export function takeRight(force: i32, seenLow: i32, seenHigh: i32): i32 {
  const word = atomic.load<i64>(RIGHT);
  if (<i32>word & RIGHT_INSIDE) return 0; // Inside a step, where nobody dies: this never lasts.
  if (<i32>word & RIGHT_HELD) if (!force || <i32>word != seenLow || <i32>(word >> 32) != seenHigh) return 0;
  let generation = <u32>(word >> 32) + 1;
  if (generation == 0) generation = 1;
  const mine = (<i64>generation << 32) | RIGHT_HELD;
  return atomic.cmpxchg<i64>(RIGHT, word, mine) == word ? <i32>generation : 0;
}

export function giveRight(generation: i32): i32 {
  const word = atomic.load<i64>(RIGHT);
  if (!heldBy(word, generation)) return LOST;
  return i32(atomic.cmpxchg<i64>(RIGHT, word, word & ~0xffffffff) == word);
}

/** The empty section: says "I am alive", and proves that nobody took the right since it was taken. */
export function beat(generation: i32): i32 {
  const word = atomic.load<i64>(RIGHT);
  if (!heldBy(word, generation)) return LOST;
  if (atomic.cmpxchg<i64>(RIGHT, word, word | RIGHT_INSIDE) != word) return LOST;
  leave(word);
  return DONE;
}
