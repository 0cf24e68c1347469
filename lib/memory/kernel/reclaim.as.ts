// @ts-nocheck  AssemblyScript: TypeScript's syntax, compiled to WebAssembly by scripts/build.mjs.
//
// Reclaim: how an idle or removed series gives its slot back, under the right to collect. Idle: LIVE -> RETIRING -> DEAD ->
// FREE with a new generation; a writer may turn RETIRING back to LIVE, nobody turns DEAD back. Removed: LEAVING -> LEFT ->
// GONE -> FREE; nobody turns any of them back. Why no record is lost: lib/memory/swap.ts.
import {
  ADMISSION, AGGREGATION_GAUGE, DONE, DRAINED, EPOCH, GAUGE_ABSENT, GAUGE_ADDED,
  GAUGE_CURRENT, GAUGE_CURRENT_KIND, GAUGE_ELAPSED, GAUGE_EPOCH, GAUGE_HELD,
  GAUGE_SIZE, HISTOGRAM_HEAD_SIZE, HISTOGRAM_MAX, HISTOGRAM_MIN, HISTOGRAM_SUM, LAYOUT_FIRST_SEEN, LAYOUT_GAUGES,
  LAYOUT_GAUGE_KINDS, LAYOUT_HISTOGRAM_FREE, LAYOUT_HISTOGRAM_TOTALS, LAYOUT_SLOT_TABLE, LAYOUT_SLOT_WORDS,
  LAYOUT_STREAM_COUNT, LAYOUT_STREAM_TABLE, LAYOUT_TEXT_FREE, LAYOUT_TOTALS, LOST, MORE, PLANES, PLANE_HISTOGRAMS, PLANE_SCALARS, PLANE_SIZE,
  RIGHT, RIGHT_INSIDE, SLOTS_FREE, SLOTS_FREE_COUNT, SLOT_AGGREGATION, SLOT_DEAD, SLOT_GENERATION, SLOT_GONE,
  SLOT_HISTOGRAM_OFFSET, SLOT_KEY, SLOT_LEAVING, SLOT_LEFT, SLOT_LIVE, SLOT_MARK, SLOT_NEXT, SLOT_RETIRING, SLOT_SIZE,
  SLOT_START, SLOT_STATE_MASK, SLOT_STREAM, SLOT_TEXT_ADDRESS, SLOT_USED, SLOT_WORD_MAX, STREAM_ADMITTED, STREAM_BURIED_AT,
  STREAM_EXPIRES_ADDED, STREAM_HIDDEN, STREAM_SIZE, STREAM_TTL, TEXT_FREE_BYTES,
} from "../words";
import { chainOf } from "./admit.as";
import { groupsOf, hasCell, kindOf } from "./aggregation.as";
import { zeroGroup } from "./cells.as";
import { heldBy, leave } from "./right.as";

@inline
function wordAt(slot: usize): usize {
  return <usize>load<u32>(LAYOUT_SLOT_WORDS) + (slot << 2);
}

@inline
function recordAt(slot: usize): usize {
  return <usize>load<u32>(LAYOUT_SLOT_TABLE) + slot * SLOT_SIZE;
}

@inline
function streamOf(record: usize): usize {
  return <usize>load<u32>(LAYOUT_STREAM_TABLE) + <usize>load<i32>(record + SLOT_STREAM) * STREAM_SIZE;
}

@inline
function hasExpired(slot: usize, now: f64): bool {
  const record = recordAt(slot), entry = streamOf(record);
  const ttl = load<f64>(entry + STREAM_TTL);
  const isIdle = ttl > 0.0 && now - load<f64>(record + SLOT_USED) >= ttl;
  if (kindOf(load<i32>(record + SLOT_AGGREGATION)) != AGGREGATION_GAUGE) return isIdle;
  const kind = load<i32>(<usize>load<u32>(LAYOUT_GAUGE_KINDS) + (slot << 2));
  // Withdrawn: it was written once, and is absent. That needs no time to live.
  if (kind == GAUGE_ABSENT)
    return isIdle || atomic.load<i64>(<usize>load<u32>(LAYOUT_GAUGES) + slot * GAUGE_SIZE + GAUGE_EPOCH) != 0;
  if (kind == GAUGE_ELAPSED || kind == GAUGE_HELD) return false;
  return isIdle && (kind != GAUGE_ADDED || load<i32>(entry + STREAM_EXPIRES_ADDED) != 0);
}

/**
 * The first slot from `slot` on that a collector has to do something about; `end` if there is none. A place of a hidden
 * stream that retires is none: who marked it asks first whether anybody needs it.
 */
export function nextIdle(slot: usize, end: usize, now: f64): usize {
  for (; slot < end; slot++) {
    const state = atomic.load<i32>(wordAt(slot)) & SLOT_STATE_MASK;
    if (state > SLOT_RETIRING) break;
    if (state == SLOT_RETIRING && load<i32>(streamOf(recordAt(slot)) + STREAM_HIDDEN) == 0) break;
    if (state == SLOT_LIVE && hasExpired(slot, now)) break;
  }
  return slot;
}

/**
 * LIVE -> RETIRING or LEAVING -> LEFT, noting EPOCH: who has a mark is left out of collections, and what is recorded from
 * now on is a new life. Only between two cuts: who writes into the bank of this epoch is waited for by the next. An
 * overflow series only gets the mark, since nobody takes its slot. A gauge is taken as its writers take it, never waited
 * for: one that somebody writes, or has written since the swap, is not idle.
 */
export function retire(generation: i32, slot: usize): i32 {
  const at = wordAt(slot), record = recordAt(slot), gauge = <usize>load<u32>(LAYOUT_GAUGES) + slot * GAUGE_SIZE;
  const right = atomic.load<i64>(RIGHT);
  if (!heldBy(right, generation)) return LOST;
  if (atomic.cmpxchg<i64>(RIGHT, right, right | RIGHT_INSIDE) != right) return LOST;
  const epoch = atomic.load<i64>(EPOCH), word = atomic.load<i32>(at), state = word & SLOT_STATE_MASK;
  const isGauge = state == SLOT_LIVE && kindOf(load<i32>(record + SLOT_AGGREGATION)) == AGGREGATION_GAUGE;
  if (atomic.load<i64>(DRAINED) == epoch && (state == SLOT_LIVE || state == SLOT_LEAVING)) {
    const lock = isGauge ? atomic.load<i64>(gauge) : 0;
    if (!isGauge || (!(<i32>lock & 1) && atomic.cmpxchg<i64>(gauge, lock, lock + 1) == lock)) {
      if (!isGauge || atomic.load<i64>(gauge + GAUGE_EPOCH) <= epoch) {
        store<i64>(record + SLOT_MARK, epoch);
        if (slot >= <usize>load<i32>(LAYOUT_STREAM_COUNT))
          atomic.cmpxchg<i32>(at, word, (word & ~SLOT_STATE_MASK) | (state == SLOT_LIVE ? SLOT_RETIRING : SLOT_LEFT));
        if (isGauge) atomic.store<i32>(gauge + GAUGE_CURRENT_KIND, GAUGE_ABSENT);
      }
      if (isGauge) atomic.store<i64>(gauge, lock + 2);
    }
  }
  leave(right);
  return DONE;
}

// Whether a half of a delta reader still has something of the series.
@inline
function isInHalf(half: usize, slot: usize, isCell: bool, offset: usize): bool {
  const line = PLANES + (half >> 1) * PLANE_SIZE + ((half & 1) << 2);
  return isCell
    ? load<i64>(<usize>load<u32>(line + PLANE_HISTOGRAMS) + offset) != 0
    : load<i64>(<usize>load<u32>(line + PLANE_SCALARS) + (slot << 3)) != 0;
}

/**
 * RETIRING -> DEAD or LEFT -> GONE, if a cut was drained since the mark and no delta reader has something of the series.
 * Who finds it dead admits the next life, so from here on the stream knows when this one ended. Returns LOST, DONE, or
 * MORE: not yet, or somebody changes the tables.
 */
export function kill(generation: i32, slot: usize, now: f64): i32 {
  const before = atomic.load<i64>(ADMISSION);
  if (<i32>before & 1) return MORE;
  const at = wordAt(slot), record = recordAt(slot);
  const entry = streamOf(record);
  const right = atomic.load<i64>(RIGHT);
  if (!heldBy(right, generation)) return LOST;
  if (atomic.cmpxchg<i64>(RIGHT, right, right | RIGHT_INSIDE) != right) return LOST;
  const word = atomic.load<i32>(at), epoch = atomic.load<i64>(EPOCH);
  const isCell = hasCell(load<i32>(record + SLOT_AGGREGATION));
  const offset = <usize>load<u32>(record + SLOT_HISTOGRAM_OFFSET);
  let answer = MORE;
  const state = word & SLOT_STATE_MASK, isOver = atomic.load<i64>(DRAINED) == epoch && load<i64>(record + SLOT_MARK) < epoch;
  const end = state == SLOT_LEFT ? SLOT_GONE : SLOT_DEAD;
  if ((state == SLOT_RETIRING || state == SLOT_LEFT) && isOver)
    if (!(
      isInHalf(0, slot, isCell, offset) || isInHalf(1, slot, isCell, offset) || isInHalf(2, slot, isCell, offset)
      || isInHalf(3, slot, isCell, offset) || isInHalf(4, slot, isCell, offset) || isInHalf(5, slot, isCell, offset)
      || isInHalf(6, slot, isCell, offset) || isInHalf(7, slot, isCell, offset)
    )) if (atomic.cmpxchg<i64>(ADMISSION, before, before + 1) == before) {
      if (atomic.cmpxchg<i32>(at, word, (word & ~SLOT_STATE_MASK) | end) == word) {
        // It may have begun later than it ends: by a clock that was set back meanwhile.
        if (end == SLOT_DEAD) {
          const ended = max<f64>(now, load<f64>(record + SLOT_START) + 1.0);
          store<f64>(entry + STREAM_BURIED_AT, max<f64>(ended, load<f64>(entry + STREAM_BURIED_AT)));
        }
        answer = DONE;
      }
      atomic.store<i64>(ADMISSION, before + 2);
    }
  leave(right);
  return answer;
}

/** Empties the buckets of a dead histogram's total, a group in each section. Everything else of it goes in `bury`. */
export function clearBuckets(generation: i32, slot: usize): i32 {
  const record = recordAt(slot), aggregation = load<i32>(record + SLOT_AGGREGATION);
  if (!hasCell(aggregation)) return DONE;
  const offset = <usize>load<u32>(record + SLOT_HISTOGRAM_OFFSET);
  let at = <usize>load<u32>(LAYOUT_HISTOGRAM_TOTALS) + offset + HISTOGRAM_HEAD_SIZE;
  for (let groups = groupsOf(aggregation); groups > 0; groups--) {
    const right = atomic.load<i64>(RIGHT);
    if (!heldBy(right, generation)) return LOST;
    if (atomic.cmpxchg<i64>(RIGHT, right, right | RIGHT_INSIDE) != right) return LOST;
    zeroGroup(at);
    leave(right);
    at += 64;
  }
  return DONE;
}

@inline
function emptyTotal(slot: usize, aggregation: i32, offset: usize): void {
  store<i64>(<usize>load<u32>(LAYOUT_TOTALS) + (slot << 3), 0);
  store<i64>(<usize>load<u32>(LAYOUT_FIRST_SEEN) + (slot << 3), 0);
  store<i64>(recordAt(slot) + SLOT_MARK, 0);
  if (kindOf(aggregation) == AGGREGATION_GAUGE) {
    // The lock stays: a writer with an old handle may take it, and finds out inside. Nobody reads what was before, until a
    // writer has put it there.
    const gauge = <usize>load<u32>(LAYOUT_GAUGES) + slot * GAUGE_SIZE;
    store<i32>(<usize>load<u32>(LAYOUT_GAUGE_KINDS) + (slot << 2), GAUGE_ABSENT);
    atomic.store<i64>(gauge + GAUGE_EPOCH, 0);
    atomic.store<i64>(gauge + GAUGE_CURRENT, 0);
    atomic.store<i32>(gauge + GAUGE_CURRENT_KIND, GAUGE_ABSENT);
  }
  if (hasCell(aggregation)) {
    const head = <usize>load<u32>(LAYOUT_HISTOGRAM_TOTALS) + offset;
    const list = <usize>load<u32>(LAYOUT_HISTOGRAM_FREE) + (<usize>groupsOf(aggregation) << 2);
    store<i64>(head, <i64>load<u32>(list));
    store<i64>(head + HISTOGRAM_SUM, 0);
    store<i64>(head + HISTOGRAM_MIN, 0);
    store<i64>(head + HISTOGRAM_MAX, 0);
    store<u32>(list, <u32>offset + 1);
  }
}

@inline
function freeText(address: u32, list: i32, size: u32): void {
  const head = <usize>load<u32>(LAYOUT_TEXT_FREE) + (<usize>list << 2);
  store<u32>(address, load<u32>(head));
  store<u32>(head, address);
  atomic.store<u32>(TEXT_FREE_BYTES, load<u32>(TEXT_FREE_BYTES) + size);
}

/**
 * DEAD or GONE -> FREE: out of its chain, cells and text given back, a new generation, all in one section; of a removed
 * one the place in its stream's limit is free already, of a hidden stream the overflow series has a new generation too.
 * Returns LOST, DONE, or MORE: somebody changed the tables meanwhile, try again.
 */
export function bury(generation: i32, slot: usize, textList: i32, textSize: u32): i32 {
  const before = atomic.load<i64>(ADMISSION);
  if (<i32>before & 1) return MORE;
  const at = wordAt(slot), record = recordAt(slot), slotTable = <usize>load<u32>(LAYOUT_SLOT_TABLE);
  let link = chainOf(load<i32>(record + SLOT_KEY));
  while (load<u32>(link) != <u32>slot + 1) {
    if (load<u32>(link) == 0) return MORE;
    link = slotTable + <usize>(load<u32>(link) - 1) * SLOT_SIZE + SLOT_NEXT;
  }
  const aggregation = load<i32>(record + SLOT_AGGREGATION), offset = <usize>load<u32>(record + SLOT_HISTOGRAM_OFFSET);
  const entry = streamOf(record);
  const right = atomic.load<i64>(RIGHT);
  if (!heldBy(right, generation)) return LOST;
  if (atomic.cmpxchg<i64>(RIGHT, right, right | RIGHT_INSIDE) != right) return LOST;
  let answer = MORE;
  if (atomic.cmpxchg<i64>(ADMISSION, before, before + 1) == before) {
    const word = atomic.load<i32>(at), state = word & SLOT_STATE_MASK;
    if (state == SLOT_DEAD || state == SLOT_GONE) {
      atomic.store<u32>(link, load<u32>(record + SLOT_NEXT));
      emptyTotal(slot, aggregation, offset);
      freeText(load<u32>(record + SLOT_TEXT_ADDRESS), textList, textSize);
      if (state == SLOT_DEAD)
        atomic.store<i32>(entry + STREAM_ADMITTED, load<i32>(entry + STREAM_ADMITTED) - 1);
      // Who knows which places of a hidden stream are taken, and by whom, looks once more.
      const overflow = wordAt(<usize>load<i32>(record + SLOT_STREAM)), elsewhere = atomic.load<i32>(overflow);
      if (load<i32>(entry + STREAM_HIDDEN) != 0) if (elsewhere < SLOT_WORD_MAX)
        atomic.store<i32>(overflow, elsewhere + SLOT_GENERATION);
      atomic.store<i32>(at, (word & ~SLOT_STATE_MASK) + SLOT_GENERATION);
      if (word < SLOT_WORD_MAX) {
        store<u32>(record + SLOT_NEXT, load<u32>(SLOTS_FREE));
        store<u32>(SLOTS_FREE, <u32>slot + 1);
        atomic.store<i32>(SLOTS_FREE_COUNT, load<i32>(SLOTS_FREE_COUNT) + 1);
      }
    }
    atomic.store<i64>(ADMISSION, before + 2);
    answer = DONE;
  }
  leave(right);
  return answer;
}

/**
 * A new generation for a stream's overflow series: who was sent there looks once more, because there is room again. A
 * removal gives it one too, without the right: whichever comes last, it is another one than before both.
 */
export function renewOverflow(generation: i32, stream: usize): i32 {
  const at = wordAt(stream);
  const right = atomic.load<i64>(RIGHT);
  if (!heldBy(right, generation)) return LOST;
  if (atomic.cmpxchg<i64>(RIGHT, right, right | RIGHT_INSIDE) != right) return LOST;
  const word = atomic.load<i32>(at);
  if (word < SLOT_WORD_MAX) atomic.store<i32>(at, word + SLOT_GENERATION);
  leave(right);
  return DONE;
}
