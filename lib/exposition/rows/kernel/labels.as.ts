// @ts-nocheck  AssemblyScript: TypeScript's syntax, compiled to WebAssembly by scripts/build.mjs.
//
// From the canonical texts of series to their label texts in order, a run of them at a time. Most series have keys that
// Prometheus knows, and values in which nothing is escaped: their canonical text is the label text already, but for how a
// pair is written. Where one is not like that, a call stops, and its caller makes that text by other means.
import { NEXT_LINE, NEXT_ROW, NO_ROOM, OTHER_WAY, RULE_FIXED, RULE_HISTOGRAM, RULE_KEEPS_EMPTY } from "../row-layout";

const QUOTE: u32 = 34;
const COMMA: u32 = 44;
const COLON: u32 = 58;
const BACKSLASH: u32 = 92;
const UNDERSCORE: u32 = 95;

@inline
function isLetter(byte: u32): bool {
  return (byte | 32) - 97 < 26 || byte == UNDERSCORE;
}

// Where the key that begins there ends; 0 if it does not come out as it is.
@inline
function keyEndOf(begin: usize, isHistogram: bool): usize {
  let at = begin;
  let before: u32 = 0;
  let byte: u32 = load<u8>(at);
  for (; byte != QUOTE; byte = load<u8>(++at)) {
    if (!isLetter(byte) && (byte - 48 > 9 || at == begin)) return 0;
    // Runs of underscores become one, for most streams.
    if (byte == UNDERSCORE && before == UNDERSCORE) return 0;
    before = byte;
  }
  if (at == begin || <u32>load<u8>(at + 1) != COLON) return 0;
  // `le` is taken by the buckets.
  if (isHistogram && at - begin == 2 && load<u16>(begin) == 0x656c) return 0;
  return at;
}

function compare(begin: usize, end: usize, other: usize, length: usize): i32 {
  for (let index: usize = 0; index < length; index++) {
    if (begin + index == end) return -1;
    const difference = <i32>load<u8>(begin + index) - <i32>load<u8>(other + index);
    if (difference != 0) return difference;
  }
  return <i32>(end - begin - length);
}

@inline
function copy(to: usize, from: usize, length: usize): usize {
  for (let index: usize = 0; index < length; index += 16) v128.store(to + index, v128.load(from + index));
  return to + length;
}

// Labels that all series have, up to the key from `begin` to `end`. Returns which one is next.
function fixedBefore(rules: usize, next: u32, begin: usize, end: usize): u32 {
  const count = load<u32>(rules, 4);
  for (; next < count; next++) {
    const fixed = rules + RULE_FIXED + (<usize>next << 4);
    const order = compare(begin, end, load<u32>(fixed), load<u32>(fixed, 4));
    if (order == 0) return u32.MAX_VALUE;
    if (order < 0) break;
  }
  return next;
}

function putFixed(rules: usize, from: u32, end: u32, textBegin: usize, to: usize): usize {
  for (let next = from; next < end; next++) {
    const fixed = rules + RULE_FIXED + (<usize>next << 4);
    if (to > textBegin) store<u8>(to++, COMMA);
    to = copy(to, load<u32>(fixed, 8), load<u32>(fixed, 12));
  }
  return to;
}

// Returns the end of what it wrote; 0 where it leads nowhere.
function putText(rules: usize, begin: usize, end: usize, textBegin: usize): usize {
  const flags = load<u32>(rules);
  let to = textBegin;
  let next: u32 = 0;
  let at = begin + 1;
  while (<u32>load<u8>(at) == QUOTE) {
    const keyBegin = at + 1;
    const keyEnd = keyEndOf(keyBegin, (flags & RULE_HISTOGRAM) != 0);
    if (keyEnd == 0 || keyEnd >= end) return 0;
    const upTo = fixedBefore(rules, next, keyBegin, keyEnd);
    if (upTo == u32.MAX_VALUE) return 0;
    to = putFixed(rules, next, upTo, textBegin, to);
    next = upTo;
    at = keyEnd + 2;
    const isText = <u32>load<u8>(at) == QUOTE;
    if (isText) at++;
    let byte: u32 = load<u8>(at);
    if (isText && byte == QUOTE && (flags & RULE_KEEPS_EMPTY) == 0) at++;
    else {
      // A list, or a number that JSON lacks.
      if (!isText && (byte == 91 || byte == 123)) return 0;
      if (to > textBegin) store<u8>(to++, COMMA);
      to = copy(to, keyBegin, keyEnd - keyBegin);
      store<u16>(to, 0x223d);
      to += 2;
      // Quotes, line ends and half characters are all escaped in JSON.
      for (; at < end && byte != BACKSLASH; byte = load<u8>(++at)) {
        if (isText ? byte == QUOTE : byte == COMMA || byte == 125) break;
        store<u8>(to++, byte);
      }
      if (at >= end || byte == BACKSLASH) return 0;
      store<u8>(to++, QUOTE);
      if (isText) at++;
    }
    if (<u32>load<u8>(at) == COMMA) at++;
  }
  to = putFixed(rules, next, load<u32>(rules, 4), textBegin, to);
  return at == end - 1 ? to : 0;
}

// `places`: begin and end of each canonical text. Writes from `to` on, and where each text ends, less `origin`, behind
// `offsets`. NEXT_ROW is the first that was not written, NEXT_LINE why. A text gets no longer than its canonical text and
// the fixed labels.
export function putLabels(
  rules: usize,
  places: usize,
  count: u32,
  fixedBytes: u32,
  to: usize,
  end: usize,
  origin: usize,
  offsets: usize,
): usize {
  let row: u32 = 0;
  let reason: u32 = 0;
  let at = to;
  for (; row < count; row++) {
    const place = places + (<usize>row << 3);
    const textBegin = <usize>load<u32>(place);
    const textEnd = <usize>load<u32>(place, 4);
    if (at + (textEnd - textBegin) + fixedBytes > end) {
      reason = NO_ROOM;
      break;
    }
    const put = putText(rules, textBegin, textEnd, at);
    if (put == 0) {
      reason = OTHER_WAY;
      break;
    }
    at = put;
    store<u32>(offsets + (<usize>row << 2), at - origin);
  }
  store<u32>(NEXT_ROW, row);
  store<u32>(NEXT_LINE, reason);
  return at;
}

let texts: usize = 0;
let offsets: usize = 0;
let order: usize = 0;
let keys: usize = 0;

// The next seven bytes as a number in their order, and how many there are; 8: more.
@inline
function keyOf(index: u32, depth: usize): u64 {
  const place = offsets + (<usize>index << 2);
  const begin = <usize>load<u32>(place) + depth;
  const rest = <isize>load<u32>(place, 4) - <isize>begin;
  if (rest >= 8) return (bswap(load<u64>(texts + begin)) & ~0xff) | 8;
  if (rest <= 0) return 0;
  const bytes = bswap(load<u64>(texts + begin)) & (~(<u64>0) << (<u64>(8 - rest) << 3));
  return (bytes & ~0xff) | <u64>rest;
}

@inline
function keyAt(rank: usize): u64 {
  return load<u64>(keys + (rank << 3));
}

@inline
function exchange(a: usize, b: usize): void {
  const key = keyAt(a);
  store<u64>(keys + (a << 3), keyAt(b));
  store<u64>(keys + (b << 3), key);
  const index = load<u32>(order + (a << 2));
  store<u32>(order + (a << 2), load<u32>(order + (b << 2)));
  store<u32>(order + (b << 2), index);
}

function readKeys(from: usize, to: usize, depth: usize): void {
  for (let rank = from; rank < to; rank++)
    store<u64>(keys + (rank << 3), keyOf(load<u32>(order + (rank << 2)), depth));
}

@inline
function middleOf(a: u64, b: u64, c: u64): u64 {
  return a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
}

// By three-way quicksort of the keys; those of equal keys by the next ones. Goes into the smaller parts and on with the
// largest, so that it is never deep in itself.
function sortRange(first: usize, last: usize, depthBefore: usize): void {
  let from = first;
  let to = last;
  let depth = depthBefore;
  while (to - from > 1) {
    const pivot = middleOf(keyAt(from), keyAt((from + to) >> 1), keyAt(to - 1));
    let below = from;
    let above = to;
    for (let rank = from; rank < above;) {
      const key = keyAt(rank);
      if (key < pivot) exchange(below++, rank++);
      else if (key > pivot) exchange(rank, --above);
      else rank++;
    }
    // Texts that have ended are equal.
    const goesOn = (pivot & 0xff) == 8;
    if (goesOn && above - below > 1) readKeys(below, above, depth + 7);
    const less = below - from;
    const equal = goesOn ? above - below : 0;
    const more = to - above;
    if (less >= equal && less >= more) {
      sortRange(above, to, depth);
      if (goesOn) sortRange(below, above, depth + 7);
      to = below;
    } else if (more >= equal) {
      sortRange(from, below, depth);
      if (goesOn) sortRange(below, above, depth + 7);
      from = above;
    } else {
      sortRange(from, below, depth);
      sortRange(above, to, depth);
      from = below;
      to = above;
      depth += 7;
    }
  }
}

// Writes the texts in the order of their bytes, where each of them begins and ends, and which ones they are.
export function sortTexts(
  textsAt: usize,
  offsetsAt: usize,
  orderAt: usize,
  keysAt: usize,
  count: u32,
  to: usize,
  toOffsets: usize,
): void {
  texts = textsAt;
  offsets = offsetsAt;
  order = orderAt;
  keys = keysAt;
  for (let index: u32 = 0; index < count; index++) store<u32>(order + (<usize>index << 2), index);
  readKeys(0, count, 0);
  sortRange(0, count, 0);
  let at = to;
  store<u32>(toOffsets, 0);
  for (let rank: usize = 0; rank < count; rank++) {
    const place = offsets + (<usize>load<u32>(order + (rank << 2)) << 2);
    const begin = <usize>load<u32>(place);
    at = copy(at, texts + begin, <usize>load<u32>(place, 4) - begin);
    store<u32>(toOffsets + ((rank + 1) << 2), at - to);
  }
}
