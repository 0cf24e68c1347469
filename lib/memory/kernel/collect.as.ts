// @ts-nocheck  AssemblyScript: TypeScript's syntax, compiled to WebAssembly by scripts/build.mjs.
//
// The collector's steps. Each is one section under the right to collect: a holder that was stopped by the operating
// system and taken over finds out inside its next step, before it touches a number. The loops stand between sections, so
// a thread that is killed there leaves nothing half done.
import {
  AGGREGATION_GAUGE, AGGREGATION_SUM, CUT_AT, CUT_CLOCK, DONE, DRAINED, EPOCH, GAUGE_CURRENT, GAUGE_CURRENT_KIND,
  GAUGE_EPOCH, GAUGE_PREVIOUS, GAUGE_PREVIOUS_KIND, GAUGE_SIZE, HISTOGRAM_HEAD_SIZE, LAYOUT_FIRST_SEEN, LAYOUT_GAUGES,
  LAYOUT_GAUGE_KINDS, LAYOUT_HISTOGRAM_TOTALS, LAYOUT_SLOT_TABLE, LAYOUT_SLOT_WORDS, LAYOUT_TOTALS, LOST, MORE,
  QUIESCED, RIGHT, RIGHT_INSIDE, SATURATED, SLOT_AGGREGATION, SLOT_HISTOGRAM_OFFSET, SLOT_LIVE, SLOT_MARK,
  SLOT_RETIRING, SLOT_SIZE, SLOT_START, SLOT_STATE_MASK, SLOT_USED, STRIPE_COUNTS, STRIPE_COUNT_SHIFT, STRIPE_HISTOGRAMS,
  STRIPE_LOGS, STRIPE_SCALARS, SWAPPED_AT,
} from "../words";
import { hasCell, kindOf, widthOf } from "./aggregation.as";
import { addGroup, addScalar, mergeHead, zeroGroup, zeroHead } from "./cells.as";
import { groupToPlane, headToPlane, prepare, scalarToPlane, touchPlane } from "./planes.as";
import { heldBy, leave } from "./right.as";

// What CUT_CLOCK will be of a cut of this time. It stays so until the cut is settled.
@inline
function clockAt(now: f64): f64 {
  return load<f64>(CUT_CLOCK) + max<f64>(0.0, now - load<f64>(CUT_AT));
}

// A clock that stands at 0 makes no series that nobody has seen.
@inline
function seenAt(now: f64): f64 {
  return max<f64>(clockAt(now), f64.MIN_VALUE);
}

/** Swaps hot and cold for all threads and all instruments, unless a cut is still open (then MORE). `now` is the cut's time. */
export function swap(generation: i32, now: f64): i32 {
  const word = atomic.load<i64>(RIGHT);
  if (!heldBy(word, generation)) return LOST;
  if (atomic.cmpxchg<i64>(RIGHT, word, word | RIGHT_INSIDE) != word) return LOST;
  const epoch = atomic.load<i64>(EPOCH);
  const open = atomic.load<i64>(DRAINED) != epoch;
  if (!open) {
    store<f64>(SWAPPED_AT, now);
    atomic.store<i64>(EPOCH, epoch + 1);
  }
  leave(word);
  return open ? MORE : DONE;
}

/**
 * Begins the drain: notes that every writer has left the cold banks, and decides which places of delta readers it serves.
 * From here on nobody looks at the stripes again for this cut, nor at the leases. Returns LOST, DONE, or MORE: places that
 * were given back must be emptied first.
 */
export function quiesce(generation: i32): i32 {
  const word = atomic.load<i64>(RIGHT);
  if (!heldBy(word, generation)) return LOST;
  if (atomic.cmpxchg<i64>(RIGHT, word, word | RIGHT_INSIDE) != word) return LOST;
  const ready = i32(prepare(0)) & i32(prepare(1)) & i32(prepare(2)) & i32(prepare(3));
  if (ready) atomic.store<i64>(QUIESCED, atomic.load<i64>(EPOCH));
  leave(word);
  return ready ? DONE : MORE;
}

/** Notes that all cold banks are empty, and when they became cold: whoever drains them may come much later. */
export function settle(generation: i32): i32 {
  const word = atomic.load<i64>(RIGHT);
  if (!heldBy(word, generation)) return LOST;
  if (atomic.cmpxchg<i64>(RIGHT, word, word | RIGHT_INSIDE) != word) return LOST;
  const cutAt = load<f64>(SWAPPED_AT);
  store<f64>(CUT_CLOCK, clockAt(cutAt));
  store<f64>(CUT_AT, cutAt);
  atomic.store<i64>(DRAINED, atomic.load<i64>(QUIESCED));
  leave(word);
  return DONE;
}

// ---- Moving numbers ------------------------------------------------------------------------------------------------

// Whether what comes is a new life: the series was left out of a collection, and nobody removed it.
@inline
function beginsAnew(slot: usize, record: usize): bool {
  const state = atomic.load<i32>(<usize>load<u32>(LAYOUT_SLOT_WORDS) + (slot << 2)) & SLOT_STATE_MASK;
  return load<i64>(record + SLOT_MARK) != 0 && (state == SLOT_LIVE || state == SLOT_RETIRING);
}

// Begins it, with nothing of the last one: the buckets of a histogram are empty already. Who has never had anything has no
// life to end. A thread that removes the series in this moment reads start and first seen: it finds none missing.
@inline
function beginLife(slot: usize, record: usize, aggregation: i32, now: f64): void {
  const seen = <usize>load<u32>(LAYOUT_FIRST_SEEN) + (slot << 3);
  if (load<i64>(seen) != 0) {
    const start = max<f64>(load<f64>(record + SLOT_START) + 1.0, load<f64>(CUT_AT));
    atomic.store<i64>(record + SLOT_START, reinterpret<i64>(start));
    atomic.store<i64>(seen, reinterpret<i64>(seenAt(now)));
    store<i64>(<usize>load<u32>(LAYOUT_TOTALS) + (slot << 3), 0);
    if (hasCell(aggregation))
      zeroHead(<usize>load<u32>(LAYOUT_HISTOGRAM_TOTALS) + <usize>load<u32>(record + SLOT_HISTOGRAM_OFFSET));
  }
  store<i64>(record + SLOT_MARK, 0);
}

// A series that is used is not idle: who was retiring lives on.
@inline
function touch(slot: usize, record: usize, now: f64): void {
  store<f64>(record + SLOT_USED, now);
  const seen = <usize>load<u32>(LAYOUT_FIRST_SEEN) + (slot << 3);
  if (load<i64>(seen) == 0) {
    // Whoever was bound long ago, or made for what overflows, was nothing until the last cut: its numbers begin there.
    const since = max<f64>(load<f64>(record + SLOT_START), load<f64>(CUT_AT));
    atomic.store<i64>(record + SLOT_START, reinterpret<i64>(since));
    atomic.store<i64>(seen, reinterpret<i64>(seenAt(now)));
  }
  const at = <usize>load<u32>(LAYOUT_SLOT_WORDS) + (slot << 2);
  const word = atomic.load<i32>(at);
  if ((word & SLOT_STATE_MASK) == SLOT_RETIRING)
    atomic.cmpxchg<i32>(at, word, (word & ~SLOT_STATE_MASK) | SLOT_LIVE);
}

@inline
function drainSum(cell: usize, slot: usize): void {
  const value = load<f64>(cell);
  const total = addScalar(<usize>load<u32>(LAYOUT_TOTALS) + (slot << 3), value);
  if (abs<f64>(total) == f64.MAX_VALUE) store<i64>(SATURATED, load<i64>(SATURATED) + 1);
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
 * moves last, together with the note. Before that the buckets of a life that is over are emptied: the section that begins
 * the new one comes behind them, so a successor empties them again. Returns DONE, MORE or LOST.
 */
export function drain(generation: i32, stripe: usize, bank: usize, steps: i32, now: f64): i32 {
  const counts = stripe + STRIPE_COUNTS + (<usize>bank << STRIPE_COUNT_SHIFT), log = <usize>load<u32>(stripe + STRIPE_LOGS + (bank << 2));
  const scalars = <usize>load<u32>(stripe + STRIPE_SCALARS + (bank << 2));
  const histograms = <usize>load<u32>(stripe + STRIPE_HISTOGRAMS + (bank << 2));
  const totals = <usize>load<u32>(LAYOUT_HISTOGRAM_TOTALS), slotTable = <usize>load<u32>(LAYOUT_SLOT_TABLE);
  let cleared: usize = 0, moved: usize = 0; // Buckets of the histogram at hand: of its last life, of this cut.
  while (steps-- > 0) {
    const word = atomic.load<i64>(RIGHT);
    if (!heldBy(word, generation)) return LOST;
    if (atomic.cmpxchg<i64>(RIGHT, word, word | RIGHT_INSIDE) != word) return LOST;
    const count = <usize>load<u32>(counts);
    if (count != 0) {
      const slot = <usize>load<u32>(log + ((count - 1) << 2));
      const record = slotTable + slot * SLOT_SIZE;
      const aggregation = load<i32>(record + SLOT_AGGREGATION), kind = kindOf(aggregation);
      const offset = <usize>load<u32>(record + SLOT_HISTOGRAM_OFFSET), isNew = beginsAnew(slot, record);
      if (isNew && hasCell(aggregation) && cleared < <usize>widthOf(aggregation)) {
        zeroGroup(totals + offset + HISTOGRAM_HEAD_SIZE + (cleared << 3));
        cleared += 8;
      } else {
        if (isNew) beginLife(slot, record, aggregation, now);
        touch(slot, record, now);
        if (kind == AGGREGATION_SUM) {
          drainSum(scalars + (slot << 3), slot);
          store<u32>(counts, <u32>(count - 1));
        } else if (kind == AGGREGATION_GAUGE) {
          drainGauge(slot);
          store<u32>(counts, <u32>(count - 1));
        } else if (moved < <usize>widthOf(aggregation)) {
          const at = offset + HISTOGRAM_HEAD_SIZE + (moved << 3);
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
          cleared = 0;
        }
      }
    }
    leave(word);
    if (count == 0) return DONE;
  }
  return MORE;
}
