// @ts-nocheck  AssemblyScript: TypeScript's syntax, compiled to WebAssembly by scripts/build.mjs.
//
// The places of delta readers. A thread takes a place, and gives it back, whenever it likes, by one compare-and-swap of
// its lease; which places a drain serves is decided in the section that begins the drain, and nowhere else. So no series
// and no cut is ever served in half. Why: lib/memory/swap.ts, point 11.
import {
  AGGREGATION_GAUGE, AGGREGATION_SUM, CUT_AT, DONE, DROP_LEFT_OVER, HISTOGRAM_HEAD_SIZE, LAYOUT_SLOT_TABLE, LEASED,
  LEASE_BEAT, LEASE_CLAIMED, LEASE_STATE_MASK, LOST, MERGE, MORE, PLANES, PLANE_ACTIVE, PLANE_COUNTS, PLANE_HISTOGRAMS,
  PLANE_LEASE, PLANE_LIVES, PLANE_LOGS, PLANE_SCALARS, PLANE_SERVED, PLANE_SINCE, PLANE_SIZE, PLANE_USED_AT, RIGHT,
  RIGHT_INSIDE, SERVED_LEFT_OVER, SLOT_AGGREGATION, SLOT_HISTOGRAM_OFFSET, SLOT_SIZE,
} from "../words";
import { kindOf, widthOf } from "./aggregation.as";
import { addGroup, addScalar, mergeHead, zeroGroup, zeroHead } from "./cells.as";
import { heldBy, leave } from "./right.as";

// ---- What a drain adds ---------------------------------------------------------------------------------------------

@inline
function isServed(plane: usize): bool {
  return load<i32>(plane + PLANE_SERVED) > 0;
}

@inline
function noteInPlane(plane: usize, half: usize, slot: usize): void {
  const counts = plane + PLANE_COUNTS + (half << 2);
  const count = <usize>load<u32>(counts);
  store<u32>(<usize>load<u32>(plane + PLANE_LOGS + (half << 2)) + (count << 2), <u32>slot);
  store<u32>(counts, <u32>(count + 1));
}

@inline
function scalarToHalf(plane: usize, half: usize, slot: usize, value: f64): void {
  const at = <usize>load<u32>(plane + PLANE_SCALARS + (half << 2)) + (slot << 3);
  if (load<i64>(at) == 0) noteInPlane(plane, half, slot);
  addScalar(at, value);
}

@inline
export function scalarToPlane(index: usize, slot: usize, value: f64): void {
  const plane = PLANES + index * PLANE_SIZE;
  if (isServed(plane)) scalarToHalf(plane, <usize>load<u32>(plane + PLANE_ACTIVE), slot, value);
}

// A gauge's value needs no plane: the total is it. A plane only remembers that it was written.
@inline
function touchHalf(plane: usize, half: usize, slot: usize): void {
  const at = <usize>load<u32>(plane + PLANE_SCALARS + (half << 2)) + (slot << 3);
  if (load<i64>(at) == 0) noteInPlane(plane, half, slot);
  store<f64>(at, 1.0);
}

@inline
export function touchPlane(index: usize, slot: usize): void {
  const plane = PLANES + index * PLANE_SIZE;
  if (isServed(plane)) touchHalf(plane, <usize>load<u32>(plane + PLANE_ACTIVE), slot);
}

@inline
export function groupToPlane(index: usize, from: usize, offset: usize): void {
  const plane = PLANES + index * PLANE_SIZE;
  if (isServed(plane))
    addGroup(from, <usize>load<u32>(plane + PLANE_HISTOGRAMS + (<usize>load<u32>(plane + PLANE_ACTIVE) << 2)) + offset);
}

@inline
function headToHalf(plane: usize, half: usize, slot: usize, from: usize, offset: usize): void {
  const to = <usize>load<u32>(plane + PLANE_HISTOGRAMS + (half << 2)) + offset;
  if (load<i64>(to) == 0) noteInPlane(plane, half, slot);
  mergeHead(from, to);
}

@inline
export function headToPlane(index: usize, slot: usize, from: usize, offset: usize): void {
  const plane = PLANES + index * PLANE_SIZE;
  if (isServed(plane)) headToHalf(plane, <usize>load<u32>(plane + PLANE_ACTIVE), slot, from, offset);
}

// ---- Leases --------------------------------------------------------------------------------------------------------

/** Takes a free place. Returns the lease's number, or 0. Any thread, without the right. */
export function claimPlane(plane: usize, now: f64): i32 {
  const free = atomic.load<i64>(plane + PLANE_LEASE);
  if (<i32>free & LEASE_STATE_MASK) return 0;
  let number = <i32>(free >> 32) + 1;
  if (number <= 0) number = 1;
  const lease = <i64>number << 32;
  if (atomic.cmpxchg<i64>(plane + PLANE_LEASE, free, lease | LEASE_CLAIMED) != free) return 0;
  // Before the lease counts as one: nobody may judge it by its predecessor's time, or hold that one's sign of life for its own.
  atomic.store<i64>(plane + PLANE_USED_AT, reinterpret<i64>(now));
  atomic.store<i32>(plane + PLANE_LIVES, 0);
  atomic.store<i64>(plane + PLANE_LEASE, lease | LEASED);
  return number;
}

/** Ends a lease whose reader last collected before a time. Returns whether it did. Any thread, without the right. */
export function endLease(plane: usize, number: i32, before: f64): i32 {
  const lease = atomic.load<i64>(plane + PLANE_LEASE);
  if (<i32>(lease >> 32) != number || (<i32>lease & LEASE_STATE_MASK) != LEASED) return 0;
  // After the lease: a reader that collects in this moment changed it meanwhile, or will find out that it is over.
  if (!(reinterpret<f64>(atomic.load<i64>(plane + PLANE_USED_AT)) < before)) return 0;
  return i32(atomic.cmpxchg<i64>(plane + PLANE_LEASE, lease, lease & ~0xffffffff) == lease);
}

/**
 * Decides whom the drain that begins serves: whoever has the lease, once nothing of another is left in the place. Returns
 * whether that is so. Only between two drains.
 */
@inline
export function prepare(index: usize): bool {
  const plane = PLANES + index * PLANE_SIZE;
  const lease = atomic.load<i64>(plane + PLANE_LEASE);
  const reader = (<i32>lease & LEASE_STATE_MASK) == LEASED ? <i32>(lease >> 32) : 0;
  if (load<i32>(plane + PLANE_SERVED) == reader) return true;
  const isEmpty = load<i64>(plane + PLANE_COUNTS) == 0; // Both halves at once.
  store<i32>(plane + PLANE_SERVED, isEmpty ? reader : SERVED_LEFT_OVER);
  store<f64>(plane + PLANE_SINCE, load<f64>(CUT_AT));
  return isEmpty;
}

/**
 * Empties one half of a plane. MERGE: into the other half, because it was exported in vain and comes again. DROP: into
 * nothing, because it arrived. DROP_LEFT_OVER: the place was given back, and its reader may have died while it merged, so the
 * buckets of the other half go too. The same form as `drain`.
 */
export function emptyHalf(generation: i32, plane: usize, half: usize, how: i32, steps: i32): i32 {
  const counts = plane + PLANE_COUNTS + (half << 2), log = <usize>load<u32>(plane + PLANE_LOGS + (half << 2));
  const scalars = <usize>load<u32>(plane + PLANE_SCALARS + (half << 2));
  const histograms = <usize>load<u32>(plane + PLANE_HISTOGRAMS + (half << 2));
  const other = half ^ 1, target = <usize>load<u32>(plane + PLANE_HISTOGRAMS + (other << 2));
  const slotTable = <usize>load<u32>(LAYOUT_SLOT_TABLE);
  let moved: usize = 0;
  while (steps-- > 0) {
    const word = atomic.load<i64>(RIGHT);
    if (!heldBy(word, generation)) return LOST;
    if (atomic.cmpxchg<i64>(RIGHT, word, word | RIGHT_INSIDE) != word) return LOST;
    const count = <usize>load<u32>(counts);
    if (count != 0) {
      const slot = <usize>load<u32>(log + ((count - 1) << 2));
      const record = slotTable + slot * SLOT_SIZE;
      const aggregation = load<i32>(record + SLOT_AGGREGATION), kind = kindOf(aggregation);
      if (kind == AGGREGATION_SUM || kind == AGGREGATION_GAUGE) {
        const at = scalars + (slot << 3);
        if (how == MERGE) {
          if (kind == AGGREGATION_SUM) scalarToHalf(plane, other, slot, load<f64>(at));
          else touchHalf(plane, other, slot);
        }
        store<i64>(at, 0);
        store<u32>(counts, <u32>(count - 1));
      } else {
        const offset = <usize>load<u32>(record + SLOT_HISTOGRAM_OFFSET);
        if (moved < <usize>widthOf(aggregation)) {
          const at = offset + HISTOGRAM_HEAD_SIZE + (moved << 3);
          if (how == MERGE) addGroup(histograms + at, target + at);
          if (how == DROP_LEFT_OVER) zeroGroup(target + at);
          zeroGroup(histograms + at);
          moved += 8;
        } else {
          if (how == MERGE) headToHalf(plane, other, slot, histograms + offset, offset);
          zeroHead(histograms + offset);
          store<u32>(counts, <u32>(count - 1));
          moved = 0;
        }
      }
    }
    leave(word);
    if (count == 0) return DONE;
  }
  return MORE;
}

/**
 * Lets the drain fill the other half from now on; what the plane held until now is sealed. Without effect on a place that
 * is not served yet. Returns LOST, DONE, or MORE: the lease is over.
 */
export function sealHalf(generation: i32, plane: usize, number: i32, now: f64): i32 {
  const word = atomic.load<i64>(RIGHT);
  if (!heldBy(word, generation)) return LOST;
  if (atomic.cmpxchg<i64>(RIGHT, word, word | RIGHT_INSIDE) != word) return LOST;
  const lease = atomic.load<i64>(plane + PLANE_LEASE);
  let answer = MORE;
  if (<i32>(lease >> 32) == number && (<i32>lease & LEASE_STATE_MASK) == LEASED) {
    // The time first, then the lease: whoever ends it has seen neither, or fails.
    atomic.store<i64>(plane + PLANE_USED_AT, reinterpret<i64>(now));
    const beaten = (lease & ~0xffffffff) | <i64>(<u32>lease + LEASE_BEAT);
    if (atomic.cmpxchg<i64>(plane + PLANE_LEASE, lease, beaten) == lease) {
      if (load<i32>(plane + PLANE_SERVED) == number) store<i32>(plane + PLANE_ACTIVE, load<i32>(plane + PLANE_ACTIVE) ^ 1);
      answer = DONE;
    }
  }
  leave(word);
  return answer;
}
