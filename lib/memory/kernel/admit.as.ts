// @ts-nocheck  AssemblyScript: TypeScript's syntax, compiled to WebAssembly by scripts/build.mjs.
//
// Admission: how a series, a stream and a text get their place. The loops stand before the sections. ADMISSION is even
// while nobody changes the tables; a section takes it by one compare-and-swap of the value that was read before the
// search, so what the search found is still true inside: two threads that bring the same key cannot both insert it, and
// the limit is exact. It is held for one section, in which nobody dies.
import {
  ADMISSION, CUT_AT, DONE, EXPIRY_USED, HISTOGRAMS_EXHAUSTED,
  HISTOGRAM_BYTES_USED, HISTOGRAM_HEAD_SIZE, LAYOUT_FIRST_SEEN, LAYOUT_HASH_HEADS, LAYOUT_HASH_MASK,
  LAYOUT_HISTOGRAM_BYTES, LAYOUT_HISTOGRAM_FREE, LAYOUT_HISTOGRAM_TOTALS, LAYOUT_SLOT_COUNT, LAYOUT_SLOT_TABLE,
  LAYOUT_SLOT_WORDS, LAYOUT_STREAM_COUNT, LAYOUT_STREAM_TABLE, LAYOUT_TEXT_END, LAYOUT_TEXT_FREE, LIMIT_REACHED,
  NOT_FOUND, PLACE_STEP, REMOVAL_USED, RETRY, SLOTS_EXHAUSTED, SLOTS_FREE, SLOTS_FREE_COUNT, SLOTS_USED, SLOT_AGGREGATION,
  SLOT_GENERATION, SLOT_HISTOGRAM_OFFSET, SLOT_KEY, SLOT_LEAVING, SLOT_LIVE, SLOT_NEXT, SLOT_RETIRING, SLOT_SIZE,
  SLOT_START, SLOT_STATE_MASK, SLOT_STREAM, SLOT_TEXT_ADDRESS, SLOT_TEXT_LENGTH, SLOT_USED, SLOT_WORD_MAX, STREAMS_USED,
  STREAM_ADMITTED, STREAM_AGGREGATION, STREAM_BOUNDARIES_ADDRESS, STREAM_BURIED_AT, STREAM_EXPIRES_ADDED, STREAM_HIDDEN,
  STREAM_KEY, STREAM_LIMIT, STREAM_SIZE, STREAM_START, STREAM_TEXT_ADDRESS, STREAM_TEXT_LENGTH, STREAM_TTL, TEXT_EXHAUSTED,
  TEXT_FREE_BYTES, TEXT_RETRY, TEXT_USED_END,
} from "../words";
import { groupsOf, hasCell } from "./aggregation.as";

/** The address of the word that begins a key's chain. */
@inline
export function chainOf(key: i32): usize {
  return <usize>load<u32>(LAYOUT_HASH_HEADS) + ((<usize>key & <usize>load<u32>(LAYOUT_HASH_MASK)) << 2);
}

// A slot and its word, to be used together or not at all: a word that is read later may be another series'.
@inline
function placeOf(slot: u32, word: i32): f64 {
  return <f64>(word >> 1) * <f64>PLACE_STEP + <f64>slot;
}

// Valid only if ADMISSION did not change meanwhile: a walker may stand on a slot that is freed and goes elsewhere.
@inline
function search(a: i32, b: i32, c: i32, d: i32): f64 {
  const slotTable = <usize>load<u32>(LAYOUT_SLOT_TABLE), slotWords = <usize>load<u32>(LAYOUT_SLOT_WORDS);
  let next = atomic.load<u32>(chainOf(a));
  while (next != 0) {
    const slot = <usize>(next - 1), record = slotTable + slot * SLOT_SIZE, key = record + SLOT_KEY;
    const word = atomic.load<i32>(slotWords + (slot << 2)), state = word & SLOT_STATE_MASK;
    if (state == SLOT_LIVE || state == SLOT_RETIRING)
      if (load<i32>(key) == a && load<i32>(key + 4) == b && load<i32>(key + 8) == c && load<i32>(key + 12) == d)
        return placeOf(next - 1, word);
    next = load<u32>(record + SLOT_NEXT);
  }
  return NOT_FOUND;
}

/** The slot and word of a key of 128 bits, as PLACE_STEP says; or NOT_FOUND or RETRY. */
export function find(a: i32, b: i32, c: i32, d: i32): f64 {
  const before = atomic.load<i64>(ADMISSION);
  if (<i32>before & 1) return RETRY;
  const found = search(a, b, c, d);
  return atomic.load<i64>(ADMISSION) == before ? found : RETRY;
}

/** Makes a series live again that began to retire. Returns 0 when it is something else by now. */
export function revive(slot: usize, live: i32): i32 {
  const at = <usize>load<u32>(LAYOUT_SLOT_WORDS) + (slot << 2);
  const retiring = (live & ~SLOT_STATE_MASK) | SLOT_RETIRING;
  return i32(atomic.cmpxchg<i32>(at, retiring, live) == retiring);
}

/**
 * Removes the series of a handle: nobody finds it any more, and its place in its stream's limit is free, for who was sent
 * to the overflow series too. The slot is free after a drained cut. Returns DONE; NOT_FOUND when the slot is another
 * series' by now; RETRY.
 */
export function depart(slot: usize, live: i32): i32 {
  const at = <usize>load<u32>(LAYOUT_SLOT_WORDS) + (slot << 2);
  const record = <usize>load<u32>(LAYOUT_SLOT_TABLE) + slot * SLOT_SIZE;
  const before = atomic.load<i64>(ADMISSION);
  if (<i32>before & 1) return RETRY;
  if (atomic.cmpxchg<i64>(ADMISSION, before, before + 1) != before) return RETRY;
  const word = atomic.load<i32>(at), generation = live & ~SLOT_STATE_MASK;
  let answer = NOT_FOUND;
  if (word == live || word == (generation | SLOT_RETIRING)) {
    answer = RETRY;
    // Against a collector that in this moment lets it retire, live or die.
    if (atomic.cmpxchg<i32>(at, word, generation | SLOT_LEAVING) == word) {
      const stream = <usize>load<i32>(record + SLOT_STREAM);
      const entry = <usize>load<u32>(LAYOUT_STREAM_TABLE) + stream * STREAM_SIZE;
      const overflow = <usize>load<u32>(LAYOUT_SLOT_WORDS) + (stream << 2), elsewhere = atomic.load<i32>(overflow);
      const admitted = load<i32>(entry + STREAM_ADMITTED);
      // The next life of the same attributes begins later than one that a cut may have shown, and not before that cut. Not
      // later than one that none has: who records and removes in a loop would carry the start times into the future.
      const seen = atomic.load<i64>(<usize>load<u32>(LAYOUT_FIRST_SEEN) + (slot << 3));
      const start = reinterpret<f64>(atomic.load<i64>(record + SLOT_START));
      const end = max<f64>(start + 1.0, load<f64>(CUT_AT));
      if (seen != 0)
        store<f64>(entry + STREAM_BURIED_AT, max<f64>(end, load<f64>(entry + STREAM_BURIED_AT)));
      atomic.store<i32>(EXPIRY_USED, 1);
      atomic.store<i32>(REMOVAL_USED, 1);
      atomic.store<i32>(entry + STREAM_ADMITTED, admitted - 1);
      // Who found it full looks once more.
      if (admitted >= load<i32>(entry + STREAM_LIMIT)) if (elsewhere < SLOT_WORD_MAX)
        atomic.cmpxchg<i32>(overflow, elsewhere, elsewhere + SLOT_GENERATION);
      answer = DONE;
    }
  }
  atomic.store<i64>(ADMISSION, before + 2);
  return answer;
}

/**
 * Admits a series. Returns slot and word as `find` does; RETRY, also when somebody else admitted it meanwhile;
 * or LIMIT_REACHED, SLOTS_EXHAUSTED, HISTOGRAMS_EXHAUSTED. The text must be complete: the chain publishes it.
 */
export function admit(a: i32, b: i32, c: i32, d: i32, stream: i32, text: usize, length: i32, start: f64): f64 {
  const before = atomic.load<i64>(ADMISSION);
  if (<i32>before & 1) return RETRY;
  if (search(a, b, c, d) != NOT_FOUND) return RETRY;
  const chain = chainOf(a);
  const entry = <usize>load<u32>(LAYOUT_STREAM_TABLE) + <usize>stream * STREAM_SIZE;
  const slotTable = <usize>load<u32>(LAYOUT_SLOT_TABLE);
  const aggregation = load<i32>(entry + STREAM_AGGREGATION);
  const groups = groupsOf(aggregation), size = <u32>HISTOGRAM_HEAD_SIZE + (groups << 6);
  const list = <usize>load<u32>(LAYOUT_HISTOGRAM_FREE) + (<usize>groups << 2);
  const totals = <usize>load<u32>(LAYOUT_HISTOGRAM_TOTALS);
  if (atomic.cmpxchg<i64>(ADMISSION, before, before + 1) != before) return RETRY;
  let answer: f64 = LIMIT_REACHED;
  const admitted = atomic.load<i32>(entry + STREAM_ADMITTED);
  if (admitted < load<i32>(entry + STREAM_LIMIT)) {
    const freeSlot = load<u32>(SLOTS_FREE);
    const used = atomic.load<i32>(SLOTS_USED);
    let slot = <i32>freeSlot - 1;
    if (slot < 0) slot = load<i32>(LAYOUT_STREAM_COUNT) + used;
    answer = SLOTS_EXHAUSTED;
    if (slot < load<i32>(LAYOUT_SLOT_COUNT)) {
      let offset: u32 = 0, fits = true;
      if (hasCell(aggregation)) {
        const freeCell = load<u32>(list), end = load<u32>(HISTOGRAM_BYTES_USED);
        if (freeCell != 0) {
          offset = freeCell - 1;
          store<u32>(list, load<u32>(totals + offset));
          store<i64>(totals + offset, 0);
        } else if (size <= load<u32>(LAYOUT_HISTOGRAM_BYTES) - end) {
          offset = end;
          store<u32>(HISTOGRAM_BYTES_USED, end + size);
        } else fits = false;
      }
      answer = HISTOGRAMS_EXHAUSTED;
      if (fits) {
        const record = slotTable + <usize>slot * SLOT_SIZE;
        if (freeSlot != 0) {
          store<u32>(SLOTS_FREE, load<u32>(record + SLOT_NEXT));
          atomic.store<i32>(SLOTS_FREE_COUNT, load<i32>(SLOTS_FREE_COUNT) - 1);
        } else atomic.store<i32>(SLOTS_USED, used + 1);
        store<i32>(record + SLOT_KEY, a);
        store<i32>(record + SLOT_KEY + 4, b);
        store<i32>(record + SLOT_KEY + 8, c);
        store<i32>(record + SLOT_KEY + 12, d);
        store<u32>(record + SLOT_NEXT, load<u32>(chain));
        store<i32>(record + SLOT_STREAM, stream);
        store<u32>(record + SLOT_TEXT_ADDRESS, <u32>text);
        store<i32>(record + SLOT_TEXT_LENGTH, length);
        // A thread that was suspended since it looked at its clock must not give two lives of a series one start time.
        const begin = max<f64>(start, load<f64>(entry + STREAM_BURIED_AT));
        store<f64>(record + SLOT_START, begin);
        store<f64>(record + SLOT_USED, begin);
        store<u32>(record + SLOT_HISTOGRAM_OFFSET, offset);
        store<i32>(record + SLOT_AGGREGATION, aggregation);
        const at = <usize>load<u32>(LAYOUT_SLOT_WORDS) + (<usize>slot << 2);
        const word = (load<i32>(at) & ~SLOT_STATE_MASK) | SLOT_LIVE;
        atomic.store<i32>(at, word);
        atomic.store<u32>(chain, <u32>slot + 1);
        atomic.store<i32>(entry + STREAM_ADMITTED, admitted + 1);
        answer = placeOf(<u32>slot, word);
      }
    }
  }
  atomic.store<i64>(ADMISSION, before + 2);
  return answer;
}

/**
 * Registers a stream behind the `expected` first ones, which the caller has searched. Returns its index, RETRY when
 * somebody else was faster, SLOTS_EXHAUSTED or HISTOGRAMS_EXHAUSTED. Its overflow series is the slot of the same index
 * and exists from the beginning, so it can never be refused.
 */
export function admitStream(
  expected: i32, a: i32, b: i32, c: i32, d: i32, text: usize, length: i32, limit: i32, aggregation: i32,
  boundaries: usize, start: f64, ttl: f64, expiresAdded: i32, canExpire: i32, hidden: i32,
): i32 {
  if (expected >= load<i32>(LAYOUT_STREAM_COUNT)) return SLOTS_EXHAUSTED;
  const size = hasCell(aggregation)
    ? <u32>HISTOGRAM_HEAD_SIZE + (groupsOf(aggregation) << 6)
    : 0;
  const before = atomic.load<i64>(ADMISSION);
  if (<i32>before & 1) return RETRY;
  if (atomic.cmpxchg<i64>(ADMISSION, before, before + 1) != before) return RETRY;
  let answer = RETRY;
  if (atomic.load<i32>(STREAMS_USED) == expected) {
    const offset = load<u32>(HISTOGRAM_BYTES_USED);
    answer = HISTOGRAMS_EXHAUSTED;
    if (size <= load<u32>(LAYOUT_HISTOGRAM_BYTES) - offset) {
      store<u32>(HISTOGRAM_BYTES_USED, offset + size);
      const entry = <usize>load<u32>(LAYOUT_STREAM_TABLE) + <usize>expected * STREAM_SIZE;
      store<i32>(entry + STREAM_KEY, a);
      store<i32>(entry + STREAM_KEY + 4, b);
      store<i32>(entry + STREAM_KEY + 8, c);
      store<i32>(entry + STREAM_KEY + 12, d);
      store<u32>(entry + STREAM_TEXT_ADDRESS, <u32>text);
      store<i32>(entry + STREAM_TEXT_LENGTH, length);
      store<i32>(entry + STREAM_LIMIT, limit);
      store<i32>(entry + STREAM_AGGREGATION, aggregation);
      store<u32>(entry + STREAM_BOUNDARIES_ADDRESS, <u32>boundaries);
      store<f64>(entry + STREAM_START, start);
      store<f64>(entry + STREAM_TTL, ttl);
      store<i32>(entry + STREAM_EXPIRES_ADDED, expiresAdded);
      store<i32>(entry + STREAM_HIDDEN, hidden);
      const record = <usize>load<u32>(LAYOUT_SLOT_TABLE) + <usize>expected * SLOT_SIZE;
      store<i32>(record + SLOT_STREAM, expected);
      store<f64>(record + SLOT_START, start);
      store<u32>(record + SLOT_HISTOGRAM_OFFSET, offset);
      store<i32>(record + SLOT_AGGREGATION, aggregation);
      atomic.store<i32>(<usize>load<u32>(LAYOUT_SLOT_WORDS) + (<usize>expected << 2), SLOT_LIVE);
      if (canExpire) atomic.store<i32>(EXPIRY_USED, 1);
      atomic.store<i32>(STREAMS_USED, expected + 1);
      answer = expected;
    }
  }
  atomic.store<i64>(ADMISSION, before + 2);
  return answer;
}

/**
 * Reserves a text of one of the sizes that free lists are kept for. Returns its address, TEXT_EXHAUSTED when there is no
 * room, or TEXT_RETRY: somebody else is inside.
 */
export function reserveText(list: i32, size: u32): usize {
  const head = <usize>load<u32>(LAYOUT_TEXT_FREE) + (<usize>list << 2);
  const before = atomic.load<i64>(ADMISSION);
  if (<i32>before & 1) return TEXT_RETRY;
  if (atomic.cmpxchg<i64>(ADMISSION, before, before + 1) != before) return TEXT_RETRY;
  const free = <usize>load<u32>(head), end = load<u32>(TEXT_USED_END);
  let address: usize = TEXT_EXHAUSTED;
  if (free != 0) {
    address = free;
    store<u32>(head, load<u32>(free));
    atomic.store<u32>(TEXT_FREE_BYTES, load<u32>(TEXT_FREE_BYTES) - size);
  } else if (size <= load<u32>(LAYOUT_TEXT_END) - end) {
    address = <usize>end;
    atomic.store<u32>(TEXT_USED_END, end + size);
  }
  atomic.store<i64>(ADMISSION, before + 2);
  return address;
}

/** Gives a text back that nothing refers to. Returns 0: try again. */
export function returnText(address: u32, list: i32, size: u32): i32 {
  const head = <usize>load<u32>(LAYOUT_TEXT_FREE) + (<usize>list << 2);
  const before = atomic.load<i64>(ADMISSION);
  if (<i32>before & 1) return 0;
  if (atomic.cmpxchg<i64>(ADMISSION, before, before + 1) != before) return 0;
  store<u32>(address, load<u32>(head));
  store<u32>(head, address);
  atomic.store<u32>(TEXT_FREE_BYTES, load<u32>(TEXT_FREE_BYTES) + size);
  atomic.store<i64>(ADMISSION, before + 2);
  return 1;
}
