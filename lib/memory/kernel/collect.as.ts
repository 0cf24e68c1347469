// @ts-nocheck  AssemblyScript: TypeScript's syntax, compiled to WebAssembly by scripts/build.mjs.
//
// The collector's steps. Each is one section under the right to collect: a holder that was stopped by the operating
// system and taken over finds out inside its next step, before it touches a number. The loops stand between sections, so
// a thread that is killed there leaves nothing half done.
import {
  CELL_GAUGE, CELL_SUM, CUT_AT, DONE, DRAINED, EPOCH, GAUGE_CURRENT, GAUGE_CURRENT_KIND, GAUGE_EPOCH, GAUGE_PREVIOUS,
  GAUGE_PREVIOUS_KIND, GAUGE_SIZE, HISTOGRAM_BUCKETS, HISTOGRAM_MAX, HISTOGRAM_MIN, HISTOGRAM_SUM, LAYOUT_GAUGES,
  LAYOUT_GAUGE_KINDS, LAYOUT_HISTOGRAM_TOTALS, LAYOUT_SLOT_TABLE, LAYOUT_SLOT_WORDS, LAYOUT_TOTALS, LOST, MORE, PLANES, PLANE_ACTIVE,
  PLANE_COUNTS, PLANE_HISTOGRAMS, PLANE_LOGS, PLANE_SCALARS, PLANE_SIZE, PLANE_STATE, QUIESCED, RIGHT, SLOT_CELL,
  SLOT_HISTOGRAM, SLOT_LIVE, SLOT_RETIRING, SLOT_SIZE, SLOT_STATE_MASK, SLOT_USED, STRIPE_COUNTS, STRIPE_COUNT_SHIFT, STRIPE_HISTOGRAMS, STRIPE_LOGS, STRIPE_SCALARS,
} from "../words";

@inline
export function heldBy(word: i64, generation: i32): bool {
  return <i32>(word >> 32) == generation && (<i32>word & 3) == 2;
}

@inline
export function leave(word: i64): void {
  // The step count moves on, so that others can tell a slow holder from a dead one. It must not carry into the generation.
  atomic.store<i64>(RIGHT, (word & ~0xffffffff) | <i64>(((<u32>word + 4) & ~3) | 2));
}

/** Takes the right if nobody holds it, or (`force`) if its word is still the one that was seen. Returns the new generation or 0. */
export function takeRight(force: i32, seenLow: i32, seenHigh: i32): i32 {
  const word = atomic.load<i64>(RIGHT);
  if (<i32>word & 1) return 0; // Inside a step, where nobody dies: this never lasts.
  if (<i32>word & 2) if (!force || <i32>word != seenLow || <i32>(word >> 32) != seenHigh) return 0;
  let generation = <u32>(word >> 32) + 1;
  if (generation == 0) generation = 1;
  const mine = (<i64>generation << 32) | 2;
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
  if (atomic.cmpxchg<i64>(RIGHT, word, word | 1) != word) return LOST;
  leave(word);
  return DONE;
}

/** Swaps hot and cold for all threads and all instruments, unless a cut is still open (then MORE). */
export function swap(generation: i32): i32 {
  const word = atomic.load<i64>(RIGHT);
  if (!heldBy(word, generation)) return LOST;
  if (atomic.cmpxchg<i64>(RIGHT, word, word | 1) != word) return LOST;
  const epoch = atomic.load<i64>(EPOCH);
  const open = atomic.load<i64>(DRAINED) != epoch;
  if (!open) atomic.store<i64>(EPOCH, epoch + 1);
  leave(word);
  return open ? MORE : DONE;
}

/** Notes that every writer has left the cold banks. From here on nobody looks at the stripes again for this cut. */
export function quiesce(generation: i32): i32 {
  const word = atomic.load<i64>(RIGHT);
  if (!heldBy(word, generation)) return LOST;
  if (atomic.cmpxchg<i64>(RIGHT, word, word | 1) != word) return LOST;
  atomic.store<i64>(QUIESCED, atomic.load<i64>(EPOCH));
  leave(word);
  return DONE;
}

/** Notes that all cold banks are empty. */
export function settle(generation: i32, cutAt: f64): i32 {
  const word = atomic.load<i64>(RIGHT);
  if (!heldBy(word, generation)) return LOST;
  if (atomic.cmpxchg<i64>(RIGHT, word, word | 1) != word) return LOST;
  store<f64>(CUT_AT, cutAt);
  atomic.store<i64>(DRAINED, atomic.load<i64>(QUIESCED));
  leave(word);
  return DONE;
}

// ---- Moving numbers ------------------------------------------------------------------------------------------------

@inline
function noteInPlane(plane: usize, half: usize, slot: usize): void {
  const counts = plane + PLANE_COUNTS + (half << 2);
  const count = <usize>load<u32>(counts);
  store<u32>(<usize>load<u32>(plane + PLANE_LOGS + (half << 2)) + (count << 2), <u32>slot);
  store<u32>(counts, <u32>(count + 1));
}

@inline
function addScalar(at: usize, value: f64): void {
  const sum = load<f64>(at) + value;
  store<f64>(at, sum == 0.0 ? -0.0 : sum); // -0: touched, but zero.
}

@inline
function scalarToHalf(plane: usize, half: usize, slot: usize, value: f64): void {
  const at = <usize>load<u32>(plane + PLANE_SCALARS + (half << 2)) + (slot << 3);
  if (load<i64>(at) == 0) noteInPlane(plane, half, slot);
  addScalar(at, value);
}

@inline
function scalarToPlane(index: usize, slot: usize, value: f64): void {
  const plane = PLANES + index * PLANE_SIZE;
  if (load<i32>(plane + PLANE_STATE) == 1) scalarToHalf(plane, <usize>load<u32>(plane + PLANE_ACTIVE), slot, value);
}

// A gauge's value needs no plane: the total is it. A plane only remembers that it was written.
@inline
function touchHalf(plane: usize, half: usize, slot: usize): void {
  const at = <usize>load<u32>(plane + PLANE_SCALARS + (half << 2)) + (slot << 3);
  if (load<i64>(at) == 0) noteInPlane(plane, half, slot);
  store<f64>(at, 1.0);
}

@inline
function touchPlane(index: usize, slot: usize): void {
  const plane = PLANES + index * PLANE_SIZE;
  if (load<i32>(plane + PLANE_STATE) == 1) touchHalf(plane, <usize>load<u32>(plane + PLANE_ACTIVE), slot);
}

@inline
function addOne(from: usize, to: usize): void {
  store<f64>(to, load<f64>(to) + load<f64>(from));
}

@inline
function addGroup(from: usize, to: usize): void {
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
function groupToPlane(index: usize, from: usize, offset: usize): void {
  const plane = PLANES + index * PLANE_SIZE;
  if (load<i32>(plane + PLANE_STATE) == 1)
    addGroup(from, <usize>load<u32>(plane + PLANE_HISTOGRAMS + (<usize>load<u32>(plane + PLANE_ACTIVE) << 2)) + offset);
}

@inline
function mergeHead(from: usize, to: usize): void {
  const had = load<f64>(to);
  const low = load<f64>(from + HISTOGRAM_MIN), high = load<f64>(from + HISTOGRAM_MAX);
  if (had == 0.0 || low < load<f64>(to + HISTOGRAM_MIN)) store<f64>(to + HISTOGRAM_MIN, low);
  if (had == 0.0 || high > load<f64>(to + HISTOGRAM_MAX)) store<f64>(to + HISTOGRAM_MAX, high);
  store<f64>(to, had + load<f64>(from));
  addOne(from + HISTOGRAM_SUM, to + HISTOGRAM_SUM);
}

@inline
function headToHalf(plane: usize, half: usize, slot: usize, from: usize, offset: usize): void {
  const to = <usize>load<u32>(plane + PLANE_HISTOGRAMS + (half << 2)) + offset;
  if (load<f64>(to) == 0.0) noteInPlane(plane, half, slot);
  mergeHead(from, to);
}

@inline
function headToPlane(index: usize, slot: usize, from: usize, offset: usize): void {
  const plane = PLANES + index * PLANE_SIZE;
  if (load<i32>(plane + PLANE_STATE) == 1) headToHalf(plane, <usize>load<u32>(plane + PLANE_ACTIVE), slot, from, offset);
}

@inline
function zeroHead(at: usize): void {
  store<i64>(at, 0);
  store<i64>(at + 8, 0);
  store<i64>(at + 16, 0);
  store<i64>(at + 24, 0);
}

// A series that is used is not idle: who was retiring lives on, with its total and start time.
@inline
function touch(slot: usize, record: usize, now: f64): void {
  store<f64>(record + SLOT_USED, now);
  const at = <usize>load<u32>(LAYOUT_SLOT_WORDS) + (slot << 2);
  const word = atomic.load<i32>(at);
  if ((word & SLOT_STATE_MASK) == SLOT_RETIRING)
    atomic.cmpxchg<i32>(at, word, (word & ~SLOT_STATE_MASK) | SLOT_LIVE);
}

@inline
function drainSum(cell: usize, slot: usize): void {
  const value = load<f64>(cell);
  addScalar(<usize>load<u32>(LAYOUT_TOTALS) + (slot << 3), value);
  scalarToPlane(0, slot, value);
  scalarToPlane(1, slot, value);
  scalarToPlane(2, slot, value);
  scalarToPlane(3, slot, value);
  store<i64>(cell, 0);
}

// The value at the cut: `previous` if the cell was written after the swap, else `current`. `current` is read before the
// epoch, so an old epoch proves that it was not yet a value of after the cut.
@inline
function drainGauge(slot: usize): void {
  const cell = <usize>load<u32>(LAYOUT_GAUGES) + slot * GAUGE_SIZE;
  const current = atomic.load<i64>(cell + GAUGE_CURRENT);
  const kind = atomic.load<i32>(cell + GAUGE_CURRENT_KIND);
  const newer = atomic.load<i64>(cell + GAUGE_EPOCH) > atomic.load<i64>(EPOCH);
  const previous = atomic.load<i64>(cell + GAUGE_PREVIOUS);
  const previousKind = atomic.load<i32>(cell + GAUGE_PREVIOUS_KIND);
  store<i64>(<usize>load<u32>(LAYOUT_TOTALS) + (slot << 3), newer ? previous : current);
  store<i32>(<usize>load<u32>(LAYOUT_GAUGE_KINDS) + (slot << 2), newer ? previousKind : kind);
  touchPlane(0, slot);
  touchPlane(1, slot);
  touchPlane(2, slot);
  touchPlane(3, slot);
}

/**
 * Empties one cold bank of one stripe into the totals and the planes, the last series noted first, in at most `steps`
 * sections. A wide histogram takes several: a successor that begins it again finds the moved buckets empty, and its head
 * moves last, together with the note. Returns DONE, MORE or LOST.
 */
export function drain(generation: i32, stripe: usize, bank: usize, steps: i32, now: f64): i32 {
  const counts = stripe + STRIPE_COUNTS + (<usize>bank << STRIPE_COUNT_SHIFT), log = <usize>load<u32>(stripe + STRIPE_LOGS + (bank << 2));
  const scalars = <usize>load<u32>(stripe + STRIPE_SCALARS + (bank << 2));
  const histograms = <usize>load<u32>(stripe + STRIPE_HISTOGRAMS + (bank << 2));
  const totals = <usize>load<u32>(LAYOUT_HISTOGRAM_TOTALS), slots = <usize>load<u32>(LAYOUT_SLOT_TABLE);
  let moved: usize = 0; // Buckets of the histogram at hand that were moved.
  while (steps-- > 0) {
    const word = atomic.load<i64>(RIGHT);
    if (!heldBy(word, generation)) return LOST;
    if (atomic.cmpxchg<i64>(RIGHT, word, word | 1) != word) return LOST;
    const count = <usize>load<u32>(counts);
    if (count != 0) {
      const slot = <usize>load<u32>(log + ((count - 1) << 2));
      const record = slots + slot * SLOT_SIZE;
      const cell = load<i32>(record + SLOT_CELL);
      touch(slot, record, now);
      if (cell == CELL_SUM) {
        drainSum(scalars + (slot << 3), slot);
        store<u32>(counts, <u32>(count - 1));
      } else if (cell == CELL_GAUGE) {
        drainGauge(slot);
        store<u32>(counts, <u32>(count - 1));
      } else {
        const offset = <usize>load<u32>(record + SLOT_HISTOGRAM);
        if (moved < <usize>cell) {
          const at = offset + HISTOGRAM_BUCKETS + (moved << 3);
          const from = histograms + at;
          addGroup(from, totals + at);
          groupToPlane(0, from, at);
          groupToPlane(1, from, at);
          groupToPlane(2, from, at);
          groupToPlane(3, from, at);
          zeroGroup(from);
          moved += 8;
        } else {
          const from = histograms + offset;
          mergeHead(from, totals + offset);
          headToPlane(0, slot, from, offset);
          headToPlane(1, slot, from, offset);
          headToPlane(2, slot, from, offset);
          headToPlane(3, slot, from, offset);
          zeroHead(from);
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
 * Empties one half of a plane: into the other half (`merge`: what was exported in vain comes again) or into nothing (what
 * arrived, or a place given back). The same form as `drain`.
 */
export function emptyHalf(generation: i32, plane: usize, half: usize, merge: i32, steps: i32): i32 {
  const counts = plane + PLANE_COUNTS + (half << 2), log = <usize>load<u32>(plane + PLANE_LOGS + (half << 2));
  const scalars = <usize>load<u32>(plane + PLANE_SCALARS + (half << 2));
  const histograms = <usize>load<u32>(plane + PLANE_HISTOGRAMS + (half << 2));
  const other = half ^ 1, target = <usize>load<u32>(plane + PLANE_HISTOGRAMS + (other << 2));
  const slots = <usize>load<u32>(LAYOUT_SLOT_TABLE);
  let moved: usize = 0;
  while (steps-- > 0) {
    const word = atomic.load<i64>(RIGHT);
    if (!heldBy(word, generation)) return LOST;
    if (atomic.cmpxchg<i64>(RIGHT, word, word | 1) != word) return LOST;
    const count = <usize>load<u32>(counts);
    if (count != 0) {
      const slot = <usize>load<u32>(log + ((count - 1) << 2));
      const record = slots + slot * SLOT_SIZE;
      const cell = load<i32>(record + SLOT_CELL);
      if (cell == CELL_SUM || cell == CELL_GAUGE) {
        const at = scalars + (slot << 3);
        if (merge) {
          if (cell == CELL_SUM) scalarToHalf(plane, other, slot, load<f64>(at));
          else touchHalf(plane, other, slot);
        }
        store<i64>(at, 0);
        store<u32>(counts, <u32>(count - 1));
      } else {
        const offset = <usize>load<u32>(record + SLOT_HISTOGRAM);
        if (moved < <usize>cell) {
          const at = offset + HISTOGRAM_BUCKETS + (moved << 3);
          if (merge) addGroup(histograms + at, target + at);
          zeroGroup(histograms + at);
          moved += 8;
        } else {
          if (merge) headToHalf(plane, other, slot, histograms + offset, offset);
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

/** Lets the drain fill the other half from now on; what the plane held until now is sealed. */
export function sealHalf(generation: i32, plane: usize): i32 {
  const word = atomic.load<i64>(RIGHT);
  if (!heldBy(word, generation)) return LOST;
  if (atomic.cmpxchg<i64>(RIGHT, word, word | 1) != word) return LOST;
  store<i32>(plane + PLANE_ACTIVE, load<i32>(plane + PLANE_ACTIVE) ^ 1);
  leave(word);
  return DONE;
}
