// @ts-nocheck  AssemblyScript: TypeScript's syntax, compiled to WebAssembly by scripts/build.mjs.
//
// Admission: how a series and a stream get their place. The loops stand before the sections. A bucket's head is taken
// (its tag's lowest bit) by one compare-and-swap of the value that was read before the chain was searched, so two threads
// that bring the same key cannot both insert it; permit, slot and cells are taken while it is held, and it is released
// and published by one store. A permit is given back only when the store itself is full, never because of a lost race, so
// nobody overflows too early.
import {
  CELL_GAUGE, HISTOGRAMS_EXHAUSTED, HISTOGRAM_BUCKETS, HISTOGRAM_BYTES_USED, LAYOUT_BUCKETS, LAYOUT_BUCKET_MASK,
  LAYOUT_HISTOGRAM_BYTES, LAYOUT_MAX_STREAMS, LAYOUT_OVERFLOW_SLOTS, LAYOUT_SLOTS, LAYOUT_SLOT_TABLE, LAYOUT_STREAMS,
  LAYOUT_TEXT_LIMIT, LIMIT_REACHED, RETRY, SLOTS_EXHAUSTED, SLOTS_USED, SLOT_CELL, SLOT_HISTOGRAM, SLOT_KEY, SLOT_LIVE,
  SLOT_NEXT, SLOT_SIZE, SLOT_START, SLOT_STREAM, SLOT_TEXT, SLOT_TEXT_LENGTH, SLOT_WORD, STREAMS_USED, STREAM_ADMITTED,
  STREAM_BOUNDARIES, STREAM_CELL, STREAM_KEY, STREAM_LIMIT, STREAM_LOCK, STREAM_SIZE, STREAM_START, STREAM_TEXT,
  STREAM_TEXT_LENGTH, TEXT_END,
} from "../words";

@inline
function bucketOf(key: i32): usize {
  return <usize>load<u32>(LAYOUT_BUCKETS) + ((<usize>key & <usize>load<u32>(LAYOUT_BUCKET_MASK)) << 3);
}

@inline
function search(head: u32, a: i32, b: i32, c: i32, d: i32): i32 {
  const slots = <usize>load<u32>(LAYOUT_SLOT_TABLE);
  let next = head;
  while (next != 0) {
    const record = slots + <usize>(next - 1) * SLOT_SIZE;
    const key = record + SLOT_KEY;
    if (load<i32>(key) == a && load<i32>(key + 4) == b && load<i32>(key + 8) == c && load<i32>(key + 12) == d)
      return <i32>(next - 1);
    next = load<u32>(record + SLOT_NEXT);
  }
  return RETRY;
}

/** The slot of a key of 128 bits, or RETRY when there is none. */
export function find(a: i32, b: i32, c: i32, d: i32): i32 {
  return search(<u32>atomic.load<i64>(bucketOf(a)), a, b, c, d);
}

/** How much one histogram takes of each histogram area. */
@inline
function histogramSize(cell: i32): u32 {
  return <u32>HISTOGRAM_BUCKETS + ((((<u32>cell + 7) >> 3) << 3) << 3);
}

/**
 * Admits a series. Returns its slot (also when somebody else was faster), RETRY, LIMIT_REACHED, SLOTS_EXHAUSTED or
 * HISTOGRAMS_EXHAUSTED. The text must be complete: the store of the head publishes it.
 */
export function admit(a: i32, b: i32, c: i32, d: i32, stream: i32, text: usize, length: i32, start: f64): i32 {
  const bucket = bucketOf(a);
  const head = atomic.load<i64>(bucket);
  const found = search(<u32>head, a, b, c, d);
  if (found != RETRY) return found;
  if (<i32>(head >> 32) & 1) return RETRY;
  const entry = <usize>load<u32>(LAYOUT_STREAMS) + <usize>stream * STREAM_SIZE;
  const cell = load<i32>(entry + STREAM_CELL);
  const size = cell > CELL_GAUGE ? histogramSize(cell) : 0;
  const held = head | (<i64>1 << 32);
  if (atomic.cmpxchg<i64>(bucket, head, held) != head) return RETRY;
  let answer = LIMIT_REACHED;
  if (atomic.add<i32>(entry + STREAM_ADMITTED, 1) < load<i32>(entry + STREAM_LIMIT)) {
    // The cells first: a bump allocator can take back only what was beyond its end, and slots are the scarcer of the two.
    answer = SLOTS_EXHAUSTED;
    if (atomic.load<i32>(SLOTS_USED) < load<i32>(LAYOUT_SLOTS) - load<i32>(LAYOUT_OVERFLOW_SLOTS)) {
      const offset = atomic.add<u32>(HISTOGRAM_BYTES_USED, size);
      if (offset + size <= load<u32>(LAYOUT_HISTOGRAM_BYTES)) {
        const slot = load<i32>(LAYOUT_OVERFLOW_SLOTS) + atomic.add<i32>(SLOTS_USED, 1);
        if (slot < load<i32>(LAYOUT_SLOTS)) {
          const record = <usize>load<u32>(LAYOUT_SLOT_TABLE) + <usize>slot * SLOT_SIZE;
          store<i32>(record + SLOT_KEY, a);
          store<i32>(record + SLOT_KEY + 4, b);
          store<i32>(record + SLOT_KEY + 8, c);
          store<i32>(record + SLOT_KEY + 12, d);
          store<u32>(record + SLOT_NEXT, <u32>head);
          store<i32>(record + SLOT_STREAM, stream);
          store<u32>(record + SLOT_TEXT, <u32>text);
          store<i32>(record + SLOT_TEXT_LENGTH, length);
          store<f64>(record + SLOT_START, start);
          store<u32>(record + SLOT_HISTOGRAM, offset);
          store<i32>(record + SLOT_CELL, cell);
          atomic.store<i64>(record + SLOT_WORD, SLOT_LIVE);
          answer = slot;
        } else {
          atomic.sub<i32>(SLOTS_USED, 1);
        }
      } else {
        answer = HISTOGRAMS_EXHAUSTED;
        atomic.sub<u32>(HISTOGRAM_BYTES_USED, size);
      }
    }
    if (answer < 0) atomic.sub<i32>(entry + STREAM_ADMITTED, 1);
  } else {
    atomic.sub<i32>(entry + STREAM_ADMITTED, 1);
  }
  // The tag moves on by two: even again, and different from what any search before has seen.
  const tag = <u32>(head >> 32) + 2;
  atomic.store<i64>(bucket, (<i64>tag << 32) | <i64>(answer >= 0 ? <u32>answer + 1 : <u32>head));
  return answer;
}

/**
 * Registers a stream behind the `expected` first ones, which the caller has searched. Returns its index, RETRY when
 * somebody else was faster, SLOTS_EXHAUSTED or HISTOGRAMS_EXHAUSTED. Its overflow series is the slot of the same index
 * and exists from the beginning, so it can never be refused.
 */
export function admitStream(
  expected: i32, a: i32, b: i32, c: i32, d: i32, text: usize, length: i32, limit: i32, cell: i32, boundaries: usize, start: f64,
): i32 {
  if (expected >= load<i32>(LAYOUT_MAX_STREAMS)) return SLOTS_EXHAUSTED;
  const size = cell > CELL_GAUGE ? histogramSize(cell) : 0;
  if (atomic.cmpxchg<i32>(STREAM_LOCK, 0, 1) != 0) return RETRY;
  let answer = RETRY;
  if (atomic.load<i32>(STREAMS_USED) == expected) {
    const offset = atomic.add<u32>(HISTOGRAM_BYTES_USED, size);
    answer = HISTOGRAMS_EXHAUSTED;
    if (offset + size <= load<u32>(LAYOUT_HISTOGRAM_BYTES)) {
      const entry = <usize>load<u32>(LAYOUT_STREAMS) + <usize>expected * STREAM_SIZE;
      store<i32>(entry + STREAM_KEY, a);
      store<i32>(entry + STREAM_KEY + 4, b);
      store<i32>(entry + STREAM_KEY + 8, c);
      store<i32>(entry + STREAM_KEY + 12, d);
      store<u32>(entry + STREAM_TEXT, <u32>text);
      store<i32>(entry + STREAM_TEXT_LENGTH, length);
      store<i32>(entry + STREAM_LIMIT, limit);
      store<i32>(entry + STREAM_CELL, cell);
      store<u32>(entry + STREAM_BOUNDARIES, <u32>boundaries);
      store<f64>(entry + STREAM_START, start);
      const record = <usize>load<u32>(LAYOUT_SLOT_TABLE) + <usize>expected * SLOT_SIZE;
      store<i32>(record + SLOT_STREAM, expected);
      store<f64>(record + SLOT_START, start);
      store<u32>(record + SLOT_HISTOGRAM, offset);
      store<i32>(record + SLOT_CELL, cell);
      atomic.store<i64>(record + SLOT_WORD, SLOT_LIVE);
      atomic.store<i32>(STREAMS_USED, expected + 1);
      answer = expected;
    } else {
      atomic.sub<u32>(HISTOGRAM_BYTES_USED, size);
    }
  }
  atomic.store<i32>(STREAM_LOCK, 0);
  return answer;
}

/** Reserves bytes of text, a multiple of 8. Returns their address, or 0 when there are not enough. */
export function reserveText(length: u32): usize {
  while (true) {
    const end = atomic.load<u32>(TEXT_END);
    if (length > load<u32>(LAYOUT_TEXT_LIMIT) - end) return 0;
    if (atomic.cmpxchg<u32>(TEXT_END, end, end + length) == end) return <usize>end;
  }
}

/** Gives text back that was never published. Succeeds only while it is the last; otherwise it is lost, and counted as used. */
export function returnText(address: u32, length: u32): void {
  atomic.cmpxchg<u32>(TEXT_END, address + length, address);
}
