// @ts-nocheck  AssemblyScript: TypeScript's syntax, compiled to WebAssembly by scripts/build.mjs.
//
// Numbers from before this store was: what a series had in a process that ended is given back to its total, under the right
// to collect and before the first cut. Totals are nobody else's then; a gauge's cell is taken as its writers take it.
// A drain adds to what stands there, so what was recorded meanwhile is not lost. Why: lib/memory/swap.ts, point 16.
import {
  AGGREGATION_GAUGE, DONE, EPOCH, GAUGE_CURRENT, GAUGE_CURRENT_KIND, GAUGE_EPOCH, GAUGE_SIZE, HISTOGRAM_HEAD_SIZE,
  HISTOGRAM_MAX, HISTOGRAM_MIN, HISTOGRAM_SUM, LAYOUT_FIRST_SEEN, LAYOUT_GAUGES, LAYOUT_GAUGE_KINDS,
  LAYOUT_HISTOGRAM_TOTALS, LAYOUT_SLOT_TABLE, LAYOUT_SLOT_WORDS, LAYOUT_TOTALS, LOST, MORE, RIGHT, RIGHT_INSIDE,
  SLOT_AGGREGATION, SLOT_HISTOGRAM_OFFSET, SLOT_SIZE, SLOT_START, SLOT_USED,
} from "../words";
import { hasCell, kindOf } from "./aggregation.as";
import { heldBy, leave } from "./right.as";

// Whether a series can be given what it had: no cut was begun, and it was given nothing yet.
@inline
function isUnseen(slot: usize, live: i32): bool {
  return atomic.load<i64>(EPOCH) == 0
    && atomic.load<i32>(<usize>load<u32>(LAYOUT_SLOT_WORDS) + (slot << 2)) == live
    && load<i64>(<usize>load<u32>(LAYOUT_FIRST_SEEN) + (slot << 3)) == 0;
}

// -0: touched, but zero.
@inline
function touched(value: f64): f64 {
  return value == 0.0 ? -0.0 : value;
}

/**
 * Gives a group of eight buckets back; all of them before `restore`, with which the series is there. Returns LOST, DONE, or
 * MORE: it is too late.
 */
export function restoreGroup(
  generation: i32, slot: usize, live: i32, group: usize,
  a: f64, b: f64, c: f64, d: f64, e: f64, f: f64, g: f64, h: f64,
): i32 {
  const right = atomic.load<i64>(RIGHT);
  if (!heldBy(right, generation)) return LOST;
  if (atomic.cmpxchg<i64>(RIGHT, right, right | RIGHT_INSIDE) != right) return LOST;
  const record = <usize>load<u32>(LAYOUT_SLOT_TABLE) + slot * SLOT_SIZE;
  let answer = MORE;
  if (isUnseen(slot, live)) {
    const cell = <usize>load<u32>(LAYOUT_HISTOGRAM_TOTALS) + <usize>load<u32>(record + SLOT_HISTOGRAM_OFFSET);
    const at = cell + HISTOGRAM_HEAD_SIZE + (group << 6);
    store<f64>(at, a);
    store<f64>(at + 8, b);
    store<f64>(at + 16, c);
    store<f64>(at + 24, d);
    store<f64>(at + 32, e);
    store<f64>(at + 40, f);
    store<f64>(at + 48, g);
    store<f64>(at + 56, h);
    answer = DONE;
  }
  leave(right);
  return answer;
}

/**
 * Gives a series back what it had: of a sum `value`, of a gauge `value` and its `kind`, of a histogram the count as `value`,
 * `sum`, `low` and `high`; with it the start of its life, when it was last used, and that it has had data since its start.
 * Returns LOST, DONE, or MORE: it is too late.
 */
export function restore(
  generation: i32, slot: usize, live: i32, start: f64, used: f64, value: f64, kind: i32, sum: f64, low: f64, high: f64,
): i32 {
  const right = atomic.load<i64>(RIGHT);
  if (!heldBy(right, generation)) return LOST;
  if (atomic.cmpxchg<i64>(RIGHT, right, right | RIGHT_INSIDE) != right) return LOST;
  const record = <usize>load<u32>(LAYOUT_SLOT_TABLE) + slot * SLOT_SIZE, aggregation = load<i32>(record + SLOT_AGGREGATION);
  const gauge = <usize>load<u32>(LAYOUT_GAUGES) + slot * GAUGE_SIZE, isGauge = kindOf(aggregation) == AGGREGATION_GAUGE;
  const lock = isGauge ? atomic.load<i64>(gauge) : 0;
  let answer = MORE;
  if (isUnseen(slot, live))
    if (!isGauge || (!(<i32>lock & 1) && atomic.cmpxchg<i64>(gauge, lock, lock + 1) == lock)) {
      if (!isGauge || atomic.load<i64>(gauge + GAUGE_EPOCH) == 0) {
        if (hasCell(aggregation)) {
          const head = <usize>load<u32>(LAYOUT_HISTOGRAM_TOTALS) + <usize>load<u32>(record + SLOT_HISTOGRAM_OFFSET);
          store<f64>(head, touched(value));
          store<f64>(head + HISTOGRAM_SUM, sum);
          store<f64>(head + HISTOGRAM_MIN, low);
          store<f64>(head + HISTOGRAM_MAX, high);
        } else store<f64>(<usize>load<u32>(LAYOUT_TOTALS) + (slot << 3), isGauge ? value : touched(value));
        if (isGauge) {
          store<i32>(<usize>load<u32>(LAYOUT_GAUGE_KINDS) + (slot << 2), kind);
          // The cell has not been written in this store: its next writer copies this aside.
          atomic.store<i64>(gauge + GAUGE_CURRENT, reinterpret<i64>(value));
          atomic.store<i32>(gauge + GAUGE_CURRENT_KIND, kind);
        }
        atomic.store<i64>(record + SLOT_START, reinterpret<i64>(start));
        // As in a drain, nobody is unseen because of a clock that stands at 0.
        atomic.store<i64>(<usize>load<u32>(LAYOUT_FIRST_SEEN) + (slot << 3), reinterpret<i64>(max<f64>(start, f64.MIN_VALUE)));
        store<f64>(record + SLOT_USED, used);
        answer = DONE;
      }
      if (isGauge) atomic.store<i64>(gauge, lock + 2);
    }
  leave(right);
  return answer;
}
