// @ts-nocheck  AssemblyScript: TypeScript's syntax, compiled to WebAssembly by scripts/build.mjs.
//
// Rows as messages of io.prometheus.client: for each series a Metric with its label pairs, which are encoded already, and
// one Counter, Gauge or Histogram. A message begins with its length, so a row is measured before it is written; what is
// measured is exactly what is written. A row is written whole or not at all.
import { COUNTER, GAUGE, NEXT_ROW } from "../row-layout";

// Field and wire type, as the messages are in https://github.com/prometheus/client_model.
const METRIC: u8 = 0x22;
const METRIC_GAUGE: u8 = 0x12;
const METRIC_COUNTER: u8 = 0x1a;
const METRIC_HISTOGRAM: u8 = 0x3a;
const FIRST_VARINT: u8 = 0x08;
const FIRST_DOUBLE: u8 = 0x09;
const SECOND_VARINT: u8 = 0x10;
const SECOND_DOUBLE: u8 = 0x11;
const BUCKET: u8 = 0x1a;
const COUNTER_CREATED: u8 = 0x1a;
const HISTOGRAM_CREATED: u8 = 0x7a;

// A field that is a double: its tag and eight bytes.
const DOUBLE_BYTES: u64 = 9;
// Of a histogram's row: count, sum, min, max come first.
const SUM: usize = 8;
const BUCKETS: usize = 32;

@inline
function varintBytes(value: u64): u64 {
  return (70 - clz<u64>(value | 1)) / 7;
}

@inline
function putVarint(to: usize, value: u64): usize {
  let at = to;
  let rest = value;
  while (rest >= 128) {
    store<u8>(at++, <u8>(rest | 128));
    rest >>= 7;
  }
  store<u8>(at, <u8>rest);
  return at + 1;
}

@inline
function putDouble(to: usize, tag: u8, value: f64): usize {
  store<u8>(to, tag);
  store<f64>(to + 1, value);
  return to + 9;
}

@inline
function putLength(to: usize, tag: u8, length: u64): usize {
  store<u8>(to, tag);
  return putVarint(to + 1, length);
}

// A field that is a message: its tag, its length and itself.
@inline
function fieldBytes(length: u64): u64 {
  return 1 + varintBytes(length) + length;
}

@inline
function timestampBytes(millis: u64): u64 {
  const nanos = (millis % 1000) * 1000000;
  return 1 + varintBytes(millis / 1000) + (nanos == 0 ? 0 : 1 + varintBytes(nanos));
}

// Nothing, where it is not known since when.
@inline
function createdBytes(millis: u64): u64 {
  return millis == 0 ? 0 : fieldBytes(timestampBytes(millis));
}

@inline
function putCreated(to: usize, tag: u8, millis: u64): usize {
  if (millis == 0) return to;
  const nanos = (millis % 1000) * 1000000;
  let at = putLength(to, tag, timestampBytes(millis));
  store<u8>(at, FIRST_VARINT);
  at = putVarint(at + 1, millis / 1000);
  if (nanos == 0) return at;
  store<u8>(at, SECOND_VARINT);
  return putVarint(at + 1, nanos);
}

// What is no whole number, or none that fits, becomes one that does.
@inline
function whole(value: f64): u64 {
  return <u64>value;
}

@inline
function bucketBytes(cumulative: u64): u64 {
  return 1 + varintBytes(cumulative) + DOUBLE_BYTES;
}

// The last bucket is the one without a bound: whatever the others say, it has them all.
@inline
function cumulativeOf(index: u32, buckets: u32, sum: f64, row: usize): u64 {
  return whole(index + 1 == buckets ? load<f64>(row) : sum);
}

// The Counter, Gauge or Histogram alone.
function valueBytes(kind: u32, buckets: u32, row: usize, millis: u64): u64 {
  if (kind == GAUGE) return DOUBLE_BYTES;
  if (kind == COUNTER) return DOUBLE_BYTES + createdBytes(millis);
  let bytes = 1 + varintBytes(whole(load<f64>(row))) + DOUBLE_BYTES + createdBytes(millis);
  let sum: f64 = 0;
  for (let index: u32 = 0; index < buckets; index++) {
    sum += load<f64>(row + BUCKETS + (<usize>index << 3));
    bytes += 2 + bucketBytes(cumulativeOf(index, buckets, sum, row));
  }
  return bytes;
}

@inline
function putHistogram(to: usize, bounds: usize, buckets: u32, row: usize): usize {
  store<u8>(to, FIRST_VARINT);
  let at = putVarint(to + 1, whole(load<f64>(row)));
  at = putDouble(at, SECOND_DOUBLE, load<f64>(row + SUM));
  let sum: f64 = 0;
  for (let index: u32 = 0; index < buckets; index++) {
    const offset = <usize>index << 3;
    sum += load<f64>(row + BUCKETS + offset);
    const cumulative = cumulativeOf(index, buckets, sum, row);
    store<u8>(at, BUCKET);
    store<u8>(at + 1, <u8>bucketBytes(cumulative));
    store<u8>(at + 2, FIRST_VARINT);
    at = putVarint(at + 3, cumulative);
    at = putDouble(at, SECOND_DOUBLE, load<f64>(bounds + offset));
  }
  return at;
}

// The start stands behind the row's numbers, in seconds. Before 1970 nothing began.
@inline
function startMillis(row: usize, width: u32): u64 {
  return whole(nearest<f64>(load<f64>(row + (<usize>(width - 1) << 3)) * 1000));
}

// How many bytes the rows' messages take, each with its tag and its length. The labels themselves are not looked at.
export function messageBytes(
  kind: u32,
  buckets: u32,
  offsets: usize,
  data: usize,
  width: u32,
  rows: u32,
): f64 {
  let bytes: u64 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const at = offsets + (<usize>row << 2);
    const labels = <u64>(load<u32>(at, 4) - load<u32>(at));
    const numbers = data + ((<usize>row * width) << 3);
    const value = valueBytes(kind, buckets, numbers, startMillis(numbers, width));
    bytes += fieldBytes(labels + fieldBytes(value));
  }
  return <f64>bytes;
}

// `labels` of the rows lie one behind the other. A row has `width` doubles in `data`, the last of which is its start.
// Returns the end of what was written from `to` on.
export function putMessages(
  kind: u32,
  bounds: usize,
  buckets: u32,
  labels: usize,
  offsets: usize,
  data: usize,
  width: u32,
  rows: u32,
  to: usize,
  end: usize,
): usize {
  const first = load<u32>(offsets);
  let at = to;
  let row: u32 = 0;
  for (; row < rows; row++) {
    const entry = offsets + (<usize>row << 2);
    const begin = load<u32>(entry);
    const length = load<u32>(entry, 4) - begin;
    const numbers = data + ((<usize>row * width) << 3);
    const millis = startMillis(numbers, width);
    const value = valueBytes(kind, buckets, numbers, millis);
    const body = <u64>length + fieldBytes(value);
    if (fieldBytes(body) > <u64>(end - at)) break;
    at = putLength(at, METRIC, body);
    memory.copy(at, labels + (begin - first), length);
    at += length;
    at = putLength(at, kind == GAUGE ? METRIC_GAUGE : kind == COUNTER ? METRIC_COUNTER : METRIC_HISTOGRAM, value);
    if (kind == GAUGE || kind == COUNTER) at = putDouble(at, FIRST_DOUBLE, load<f64>(numbers));
    else at = putHistogram(at, bounds, buckets, numbers);
    if (kind != GAUGE) at = putCreated(at, kind == COUNTER ? COUNTER_CREATED : HISTOGRAM_CREATED, millis);
  }
  store<u32>(NEXT_ROW, row);
  return at;
}
