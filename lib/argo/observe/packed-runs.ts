// What is remembered of the runs of a workflow while nobody looks at it: 9 to 20 bytes each, in a text, because a text of
// such bytes has no more than its bytes on the heap.
import type { Run } from './run.js';

/** The flags stand in the three bits of the last byte of a mark that its 53 bits leave free. */
const FLAG_SHIFT = 5;
const DONE = 1 << FLAG_SHIFT;
/** Of one that is over: both times are whole seconds, close to those before, which is what Kubernetes writes. */
const SECONDS = 2 << FLAG_SHIFT;
/** Of one that is not. */
const RAN = 2 << FLAG_SHIFT;
const REPORTED = 4 << FLAG_SHIFT;

const MARK_BYTES = 7;
/** Of the last byte. */
const MARK_BITS = 2 ** FLAG_SHIFT - 1;
/** Of a run: its mark, and at most two doubles. */
const RUN_BYTES_MAX = MARK_BYTES + 16;
/** Seconds that 32 bits hold, with their sign. */
const DELTA_MAX = 2 ** 31;
/** The beginning of 2020. */
const FIRST_SECOND = 1_577_836_800;
const FIRST_BYTES = 4096;
/** One that had to grow beyond this is not kept. */
const KEPT_BYTES_MAX = 1024 * 1024;

let kept = Buffer.allocUnsafe(FIRST_BYTES);

/** Any number of runs, in their order. What is not known of a run that is over, or of one that is not, is left out. */
export function packRuns(runs: readonly Run[]): string {
  const needed = runs.length * RUN_BYTES_MAX;
  const bytes = kept.length >= needed ? kept : Buffer.allocUnsafe(needed);
  if (needed <= KEPT_BYTES_MAX) kept = bytes;
  let at = 0;
  let second = FIRST_SECOND;
  for (const { mark, isDone, wasRunning, reported, startedAt, finishedAt } of runs) {
    at = putMark(bytes, at, mark);
    const flagsAt = at - 1;
    let flags = 0;
    if (isDone) {
      flags = DONE;
      const start = startedAt === undefined ? NaN : startedAt / 1000;
      const end = finishedAt === undefined ? NaN : finishedAt / 1000;
      if (isClose(start - second) && isClose(end - start)) {
        flags |= SECONDS;
        at = putDelta(bytes, at, start - second);
        at = putDelta(bytes, at, end - start);
        second = start;
      } else {
        at = bytes.writeDoubleLE(startedAt ?? NaN, at);
        at = bytes.writeDoubleLE(finishedAt ?? NaN, at);
      }
    } else {
      if (wasRunning) flags |= RAN;
      if (reported !== 0) {
        flags |= REPORTED;
        at = putMark(bytes, at, reported);
      }
    }
    bytes[flagsAt] = (bytes[flagsAt] as number) | flags;
  }
  return bytes.toString('latin1', 0, at);
}

/** Whether the first of them, which is the workflow itself, is over. */
export function hasEnded(packed: string): boolean {
  return packed !== '' && (packed.charCodeAt(MARK_BYTES - 1) & DONE) !== 0;
}

export function unpackRuns(packed: string): Run[] {
  const runs: Run[] = [];
  let at = 0;
  let second = FIRST_SECOND;
  const delta = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = packed.charCodeAt(at++);
      value |= (byte & 127) << shift;
      if (byte < 128) return (value >>> 1) ^ -(value & 1);
    }
  };
  while (at < packed.length) {
    const mark = markAt(packed, at);
    at += MARK_BYTES;
    const flags = packed.charCodeAt(at - 1);
    const isDone = (flags & DONE) !== 0;
    let reported = 0;
    let startedAt: number | undefined;
    let finishedAt: number | undefined;
    if (isDone && (flags & SECONDS) !== 0) {
      second += delta();
      startedAt = second * 1000;
      finishedAt = (second + delta()) * 1000;
    } else if (isDone) {
      startedAt = timeAt(packed, at);
      finishedAt = timeAt(packed, at + 8);
      at += 16;
    } else if ((flags & REPORTED) !== 0) {
      reported = markAt(packed, at);
      at += MARK_BYTES;
    }
    runs.push({
      mark,
      isDone,
      wasRunning: !isDone && (flags & RAN) !== 0,
      reported,
      startedAt,
      finishedAt,
      seen: 0,
    });
  }
  return runs;
}

function isClose(seconds: number): boolean {
  return Number.isInteger(seconds) && Math.abs(seconds) < DELTA_MAX;
}

function putMark(bytes: Buffer, at: number, mark: number): number {
  const high = Math.floor(mark / 2 ** 32);
  const low = mark >>> 0;
  bytes[at] = low;
  bytes[at + 1] = low >>> 8;
  bytes[at + 2] = low >>> 16;
  bytes[at + 3] = low >>> 24;
  bytes[at + 4] = high;
  bytes[at + 5] = high >>> 8;
  bytes[at + 6] = high >>> 16;
  return at + MARK_BYTES;
}

function markAt(packed: string, at: number): number {
  const low =
    packed.charCodeAt(at) |
    (packed.charCodeAt(at + 1) << 8) |
    (packed.charCodeAt(at + 2) << 16) |
    (packed.charCodeAt(at + 3) << 24);
  const high =
    packed.charCodeAt(at + 4) |
    (packed.charCodeAt(at + 5) << 8) |
    ((packed.charCodeAt(at + 6) & MARK_BITS) << 16);
  return high * 2 ** 32 + (low >>> 0);
}

/** Seven bits a byte, the sign in the lowest one. */
function putDelta(bytes: Buffer, at: number, seconds: number): number {
  let rest = ((seconds << 1) ^ (seconds >> 31)) >>> 0;
  while (rest > 127) {
    bytes[at++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}

function timeAt(packed: string, at: number): number | undefined {
  const time = Buffer.from(packed.slice(at, at + 8), 'latin1').readDoubleLE();
  return Number.isNaN(time) ? undefined : time;
}
