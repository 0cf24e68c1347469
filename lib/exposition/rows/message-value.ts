// One Counter, Gauge or Histogram of io.prometheus.client as bytes, made in JavaScript: for the rare row that has no room in
// the kernel's memory. The kernel makes the same bytes of all others; kernel/protobuf.as.ts says what stands in them.
import type { MetricFamily } from '../names/metric-families.js';
import { COUNTER, GAUGE } from './row-layout.js';
import { BUCKETS, COUNT, SUM } from './row-numbers.js';

/** COUNTER, GAUGE or HISTOGRAM. */
export type MessageKind = 0 | 1 | 2;

/** Field and wire type. */
const METRIC = 0x22;
const METRIC_VALUE: Readonly<Record<MessageKind, number>> = { 0: 0x1a, 1: 0x12, 2: 0x3a };
const CREATED: Readonly<Record<MessageKind, number>> = { 0: 0x1a, 1: 0, 2: 0x7a };
const BUCKET = 0x1a;
const [FIRST_VARINT, FIRST_DOUBLE, SECOND_VARINT, SECOND_DOUBLE] = [0x08, 0x09, 0x10, 0x11];

/** Of a family. */
const [NAME, HELP, TYPE, UNIT] = [0x0a, 0x12, 0x18, 0x2a];
/** The numbers of the types in the enumeration. */
const TYPES: Readonly<Record<MessageKind, bigint>> = { 0: 0n, 1: 1n, 2: 4n };

const MAX = 2n ** 64n - 1n;

/** The length of a MetricFamily, and what of it comes before its metrics, which take `metricBytes`. */
export function familyHead(
  { name, help, unit }: Pick<MetricFamily, 'name' | 'help' | 'unit'>,
  kind: MessageKind,
  metricBytes: number,
): Buffer {
  const text = (tag: number, value: string): Buffer[] =>
    value === '' ? [] : [field(tag, Buffer.from(value))];
  const fields = [...text(NAME, name), ...text(HELP, help), tagged(TYPE, TYPES[kind]), ...text(UNIT, unit)];
  const head = Buffer.concat(fields);
  return Buffer.concat([Buffer.from(varint(BigInt(head.length + metricBytes))), head]);
}

/** What stands before and behind the label pairs of a Metric; its own tag and length come first. */
export function messageAround(
  kind: MessageKind,
  labelBytes: number,
  numbers: Float64Array,
  bounds: readonly number[],
  startSeconds: number,
): readonly [before: Buffer, behind: Buffer] {
  const value = field(METRIC_VALUE[kind], valueOf(kind, numbers, bounds, startSeconds));
  return [Buffer.from([METRIC, ...varint(BigInt(labelBytes + value.length))]), value];
}

function valueOf(
  kind: MessageKind,
  numbers: Float64Array,
  bounds: readonly number[],
  startSeconds: number,
): Buffer {
  const created = kind === GAUGE ? Buffer.alloc(0) : createdOf(CREATED[kind], startSeconds);
  if (kind === COUNTER || kind === GAUGE)
    return Buffer.concat([double(FIRST_DOUBLE, numbers[0] ?? 0), created]);
  const count = whole(numbers[COUNT] ?? 0);
  const parts = [tagged(FIRST_VARINT, count), double(SECOND_DOUBLE, numbers[SUM] ?? 0)];
  let sum = 0;
  for (const [index, bound] of bounds.entries()) {
    sum += numbers[BUCKETS + index] ?? 0;
    // The last one has them all.
    const cumulative = index === bounds.length - 1 ? count : whole(sum);
    parts.push(
      field(BUCKET, Buffer.concat([tagged(FIRST_VARINT, cumulative), double(SECOND_DOUBLE, bound)])),
    );
  }
  return Buffer.concat([...parts, created]);
}

function createdOf(tag: number, startSeconds: number): Buffer {
  const millis = whole(nearest(startSeconds * 1000));
  if (millis === 0n) return Buffer.alloc(0);
  const nanos = (millis % 1000n) * 1_000_000n;
  const seconds = tagged(FIRST_VARINT, millis / 1000n);
  return field(tag, nanos === 0n ? seconds : Buffer.concat([seconds, tagged(SECOND_VARINT, nanos)]));
}

/** As the kernel, which may have measured what is written here: of two that are as near, the even one. */
function nearest(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** The nearest whole number that fits, as the machine converts; 0 for what is no number. */
function whole(value: number): bigint {
  if (!(value >= 1)) return 0n;
  const integer = value === Infinity ? MAX : BigInt(Math.trunc(value));
  return integer > MAX ? MAX : integer;
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

function tagged(tag: number, value: bigint): Buffer {
  return Buffer.from([tag, ...varint(value)]);
}

function field(tag: number, message: Buffer): Buffer {
  return Buffer.concat([tagged(tag, BigInt(message.length)), message]);
}

function double(tag: number, value: number): Buffer {
  const bytes = Buffer.alloc(9, tag);
  bytes.writeDoubleLE(value, 1);
  return bytes;
}
