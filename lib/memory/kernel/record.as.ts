// @ts-nocheck  AssemblyScript: TypeScript's syntax, compiled to WebAssembly by scripts/build.mjs.
//
// The record path. Why it is right is argued in lib/memory/swap.ts; the rules that make it so, checked at the build:
// between the first and the last store of a section there is no call and no loop, because V8 can stop a thread there;
// nothing inside can trap, because a trap would leave the stripe's word odd for ever (every index was checked when the
// series was admitted); and the bank is chosen after the announcement.
import {
  BUSY, CLOSED, ENDED, EPOCH, GAUGE_ABSENT, GAUGE_ADDED, GAUGE_CURRENT, GAUGE_CURRENT_KIND, GAUGE_ELAPSED, GAUGE_EPOCH,
  GAUGE_PREVIOUS, GAUGE_PREVIOUS_KIND, GAUGE_SIZE, HISTOGRAM_HEAD_SIZE, HISTOGRAM_MAX, HISTOGRAM_MIN, HISTOGRAM_SUM,
  LAYOUT_GAUGES, LAYOUT_SLOT_TABLE, LAYOUT_SLOT_WORDS, OK, SLOT_HISTOGRAM_OFFSET, SLOT_SIZE, STALE, STRIPE_COUNTS,
  STRIPE_COUNT_SHIFT, STRIPE_HISTOGRAMS, STRIPE_LOGS, STRIPE_SCALARS,
} from "../words";

// Whether the series of a handle still has its slot. Read after the bank was chosen (EPOCH): who passes chose its bank
// before a retirement's mark, so it wrote into the bank that the next drain empties, and the series counts as touched.
@inline
function wordOf(slot: usize): i32 {
  return atomic.load<i32>(<usize>load<u32>(LAYOUT_SLOT_WORDS) + (slot << 2));
}

// Remembers that a series has something in this bank, so that a drain costs what was touched and not what exists.
@inline
function note(stripe: usize, bank: usize, slot: usize): void {
  const counts = stripe + STRIPE_COUNTS + (bank << STRIPE_COUNT_SHIFT);
  const count = <usize>load<u32>(counts);
  store<u32>(<usize>load<u32>(stripe + STRIPE_LOGS + (bank << 2)) + (count << 2), <u32>slot);
  store<u32>(counts, <u32>(count + 1));
}

@inline
function addTo(stripe: usize, bank: usize, slot: usize, value: f64): void {
  const cell = <usize>load<u32>(stripe + STRIPE_SCALARS + (bank << 2)) + (slot << 3);
  const was = load<f64>(cell);
  const sum = was + value;
  // +0 means untouched, so a sum that came out as zero is stored as -0.
  store<f64>(cell, sum == 0.0 ? -0.0 : sum);
  if (reinterpret<i64>(was) == 0) note(stripe, bank, slot);
}

// The index of the first boundary that is not below the value. A loop: it stands before the announcement.
@inline
function bucketOf(boundaries: usize, count: i32, value: f64): usize {
  let low = 0, high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<f64>(boundaries + (<usize>middle << 3)) < value) low = middle + 1;
    else high = middle;
  }
  return <usize>low;
}

@inline
function recordInto(stripe: usize, bank: usize, slot: usize, value: f64, bucket: usize): void {
  const cell = <usize>load<u32>(stripe + STRIPE_HISTOGRAMS + (bank << 2))
    + <usize>load<u32>(<usize>load<u32>(LAYOUT_SLOT_TABLE) + slot * SLOT_SIZE + SLOT_HISTOGRAM_OFFSET);
  const count = load<f64>(cell);
  store<f64>(cell, count + 1.0);
  store<f64>(cell + HISTOGRAM_SUM, load<f64>(cell + HISTOGRAM_SUM) + value);
  if (count == 0.0) {
    store<f64>(cell + HISTOGRAM_MIN, value);
    store<f64>(cell + HISTOGRAM_MAX, value);
    // A count of -0 was noted when it was made so.
    if (reinterpret<i64>(count) == 0) note(stripe, bank, slot);
  } else {
    if (value < load<f64>(cell + HISTOGRAM_MIN)) store<f64>(cell + HISTOGRAM_MIN, value);
    if (value > load<f64>(cell + HISTOGRAM_MAX)) store<f64>(cell + HISTOGRAM_MAX, value);
  }
  const counter = cell + HISTOGRAM_HEAD_SIZE + (bucket << 3);
  store<f64>(counter, load<f64>(counter) + 1.0);
}

// A count of -0: the series exists, without a record. What is noted already exists already.
@inline
function initInto(stripe: usize, bank: usize, slot: usize): void {
  const cell = <usize>load<u32>(stripe + STRIPE_HISTOGRAMS + (bank << 2))
    + <usize>load<u32>(<usize>load<u32>(LAYOUT_SLOT_TABLE) + slot * SLOT_SIZE + SLOT_HISTOGRAM_OFFSET);
  if (load<i64>(cell) == 0) {
    store<f64>(cell, -0.0);
    note(stripe, bank, slot);
  }
}

// Every access to the cell is atomic, because the collector reads it while it changes. `previous` and its kind are
// complete before the new epoch is visible, and never change within an epoch.
@inline
function writeGauge(stripe: usize, slot: usize, live: i32, cell: usize, operation: i32, value: f64): i32 {
  // EPOCH is read inside the lock: read before it, a late writer would put an old epoch over a newer one.
  const epoch = atomic.load<i64>(EPOCH);
  if (wordOf(slot) != live) return STALE;
  const current = atomic.load<i64>(cell + GAUGE_CURRENT);
  const kind = atomic.load<i32>(cell + GAUGE_CURRENT_KIND);
  if (atomic.load<i64>(cell + GAUGE_EPOCH) != epoch + 1) {
    atomic.store<i64>(cell + GAUGE_PREVIOUS, current);
    atomic.store<i32>(cell + GAUGE_PREVIOUS_KIND, kind);
    atomic.store<i64>(cell + GAUGE_EPOCH, epoch + 1);
    note(stripe, <usize>(epoch & 1), slot);
  }
  let next = value;
  // An Add to what is absent or a running clock begins at zero: there is no number to add to.
  if (operation == GAUGE_ADDED) if (kind != GAUGE_ABSENT) if (kind != GAUGE_ELAPSED) next += reinterpret<f64>(current);
  atomic.store<i64>(cell + GAUGE_CURRENT, reinterpret<i64>(next));
  atomic.store<i32>(cell + GAUGE_CURRENT_KIND, operation);
  return OK;
}

/** Adds to a sum, from any thread. `stripe` is the address of the stripe's line, `live` the slot's word in the handle. */
export function add(stripe: usize, slot: usize, live: i32, value: f64): i32 {
  const word = atomic.load<i64>(stripe);
  if (<i32>word & 1) return BUSY;
  if (atomic.cmpxchg<i64>(stripe, word, word + 1) != word) return BUSY;
  // Atomic, and after the announcement: a collector that swaps in between finds the word odd and waits.
  const bank = <usize>(atomic.load<i32>(EPOCH) & 1);
  let answer = ENDED;
  if (!atomic.load<i32>(CLOSED)) {
    answer = STALE;
    if (wordOf(slot) == live) {
      addTo(stripe, bank, slot, value);
      answer = OK;
    }
  }
  // Pairs with the collector's atomic load of this word: what it then reads from the cold bank is complete.
  atomic.store<i64>(stripe, word + 2);
  return answer;
}

/** Records into a histogram, from any thread. */
export function record(stripe: usize, slot: usize, live: i32, value: f64, boundaries: usize, count: i32): i32 {
  const bucket = bucketOf(boundaries, count, value);
  const word = atomic.load<i64>(stripe);
  if (<i32>word & 1) return BUSY;
  if (atomic.cmpxchg<i64>(stripe, word, word + 1) != word) return BUSY;
  const bank = <usize>(atomic.load<i32>(EPOCH) & 1);
  let answer = ENDED;
  if (!atomic.load<i32>(CLOSED)) {
    answer = STALE;
    if (wordOf(slot) == live) {
      recordInto(stripe, bank, slot, value, bucket);
      answer = OK;
    }
  }
  atomic.store<i64>(stripe, word + 2);
  return answer;
}

/** Makes a histogram exist without a record, from any thread. A sum needs none of it: adding 0 does the same. */
export function init(stripe: usize, slot: usize, live: i32): i32 {
  const word = atomic.load<i64>(stripe);
  if (<i32>word & 1) return BUSY;
  if (atomic.cmpxchg<i64>(stripe, word, word + 1) != word) return BUSY;
  const bank = <usize>(atomic.load<i32>(EPOCH) & 1);
  let answer = ENDED;
  if (!atomic.load<i32>(CLOSED)) {
    answer = STALE;
    if (wordOf(slot) == live) {
      initInto(stripe, bank, slot);
      answer = OK;
    }
  }
  atomic.store<i64>(stripe, word + 2);
  return answer;
}

/**
 * Writes a gauge, from any thread. `operation` is one of the kinds of a gauge's value. It announces on a stripe like
 * every record, so that a drain that waited for the stripes finds no writer of before the swap in any gauge.
 */
export function write(stripe: usize, slot: usize, live: i32, operation: i32, value: f64): i32 {
  const cell = <usize>load<u32>(LAYOUT_GAUGES) + slot * GAUGE_SIZE;
  const word = atomic.load<i64>(stripe);
  if (<i32>word & 1) return BUSY;
  if (atomic.cmpxchg<i64>(stripe, word, word + 1) != word) return BUSY;
  const lock = atomic.load<i64>(cell);
  let answer = BUSY;
  if (!(<i32>lock & 1)) if (atomic.cmpxchg<i64>(cell, lock, lock + 1) == lock) {
    answer = ENDED;
    if (!atomic.load<i32>(CLOSED)) answer = writeGauge(stripe, slot, live, cell, operation, value);
    atomic.store<i64>(cell, lock + 2);
  }
  atomic.store<i64>(stripe, word + 2);
  return answer;
}

/** The same four for a store of one thread, which run-to-completion already protects. */
export function addAlone(stripe: usize, slot: usize, live: i32, value: f64): i32 {
  if (load<i32>(CLOSED)) return ENDED;
  if (wordOf(slot) != live) return STALE;
  addTo(stripe, <usize>(load<i32>(EPOCH) & 1), slot, value);
  return OK;
}

export function recordAlone(stripe: usize, slot: usize, live: i32, value: f64, boundaries: usize, count: i32): i32 {
  if (load<i32>(CLOSED)) return ENDED;
  if (wordOf(slot) != live) return STALE;
  recordInto(stripe, <usize>(load<i32>(EPOCH) & 1), slot, value, bucketOf(boundaries, count, value));
  return OK;
}

export function initAlone(stripe: usize, slot: usize, live: i32): i32 {
  if (load<i32>(CLOSED)) return ENDED;
  if (wordOf(slot) != live) return STALE;
  initInto(stripe, <usize>(load<i32>(EPOCH) & 1), slot);
  return OK;
}

export function writeAlone(stripe: usize, slot: usize, live: i32, operation: i32, value: f64): i32 {
  if (load<i32>(CLOSED)) return ENDED;
  return writeGauge(stripe, slot, live, <usize>load<u32>(LAYOUT_GAUGES) + slot * GAUGE_SIZE, operation, value);
}
