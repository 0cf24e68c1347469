// A private copy of what a reader of totals looks at: taken under the right in steps of a mebibyte at most, between which
// its holder gives signs of life, and read afterwards without the right. It counts only if the right was held to the end;
// see swap.ts, point 8. The arrays are kept and used again, so a copy costs no new memory once it was as large.
//
// The only place that knows where all this stands in shared memory. One thread.
import { MEBIBYTE } from '../limits.js';
import { canExpire } from './reclaim.js';
import type { Region } from './region.js';
import { hasRemovals, slotsEnd } from './tables.js';
import type { GaugeValue } from './totals.js';
import * as words from './words.js';

/** Bytes that are copied between two signs of life, at most. */
const STEP_BYTES = MEBIBYTE;
/** Records of slots that are looked at between two signs of life: as many bytes. */
const STEP_RECORDS = STEP_BYTES / words.SLOT_SIZE;

export interface SnapshotParts {
  /** Since when series have had data. */
  readonly firstSeen: boolean;
  /** When series were last used. */
  readonly usedAt: boolean;
}

type Column = Int32Array | Float64Array;

export class Snapshot {
  /** Slots from 0 to this were copied. What stands behind it in the arrays is of older copies. */
  end = 0;
  /** By slot: state and generation. */
  words = new Int32Array(0);
  /** By slot: the total of a sum, +0 if nothing was recorded; the value of a gauge. */
  totals = new Float64Array(0);
  /** By slot: GAUGE_ABSENT and the others. */
  gaugeKinds = new Int32Array(0);
  /** By slot: when its life began, Unix milliseconds. */
  starts = new Float64Array(0);
  /** By slot: not 0 if it is left out of collections, whatever its word says. */
  marks = new Float64Array(0);
  /** Histograms: count (+0 if there is none), sum, min, max and buckets, each from where `Series.histogram` says, in bytes. */
  cells = new Float64Array(0);
  /** Whether any slot is marked, or may be. */
  hasMarks = false;
  /** Whether series were removed, ever. */
  hasRemovals = false;
  #firstSeen = new Float64Array(0);
  #usedAt = new Float64Array(0);
  #cutClock = 0;

  /**
   * Copies; at each step its caller asks whether it still has the right. Whatever writers do meanwhile touches nothing of
   * this but words of slots and records of new ones, whose words are copied before.
   */
  *copy(region: Region, parts: SnapshotParts): Generator<void, void, undefined> {
    const { layout } = region;
    const end = slotsEnd(region);
    this.end = end;
    this.#cutClock = region.f64[words.CUT_CLOCK / 8] ?? 0;
    this.words = sized(this.words, end, Int32Array);
    yield* copyColumn(this.words, region.i32, layout.slotWords / 4, end);
    // Behind the words: whoever has a mark or was removed then is seen as such.
    this.hasMarks = canExpire(region);
    this.hasRemovals = hasRemovals(region);
    this.totals = sized(this.totals, end, Float64Array);
    yield* copyColumn(this.totals, region.f64, layout.totals / 8, end);
    this.gaugeKinds = sized(this.gaugeKinds, end, Int32Array);
    yield* copyColumn(this.gaugeKinds, region.i32, layout.gaugeKinds / 4, end);
    yield* this.#copyRecords(region, parts);
    this.#firstSeen = sized(this.#firstSeen, parts.firstSeen ? end : 0, Float64Array);
    if (parts.firstSeen) yield* copyColumn(this.#firstSeen, region.f64, layout.firstSeen / 8, end);
    const used = Atomics.load(region.u32, words.HISTOGRAM_BYTES_USED / 4) / 8;
    this.cells = sized(this.cells, used, Float64Array);
    yield* copyColumn(this.cells, region.f64, layout.histogramTotals / 8, used);
  }

  /** What stands in the slots' records, a cache line each. */
  *#copyRecords({ layout, f64 }: Region, { usedAt }: SnapshotParts): Generator<void, void, undefined> {
    const { end, hasMarks } = this;
    const starts = (this.starts = sized(this.starts, end, Float64Array));
    const marks = (this.marks = sized(this.marks, hasMarks ? end : 0, Float64Array));
    const used = (this.#usedAt = sized(this.#usedAt, usedAt ? end : 0, Float64Array));
    for (let from = 0; from < end; from += STEP_RECORDS) {
      const to = Math.min(end, from + STEP_RECORDS);
      gather(f64, (layout.slotTable + words.SLOT_START) / 8, starts, from, to);
      // As doubles, of which no number of an epoch is 0.
      if (hasMarks) gather(f64, (layout.slotTable + words.SLOT_MARK) / 8, marks, from, to);
      if (usedAt) gather(f64, (layout.slotTable + words.SLOT_USED) / 8, used, from, to);
      yield;
    }
  }

  isLeftOut(slot: number): boolean {
    return this.hasMarks && this.marks[slot] !== 0;
  }

  gaugeAt(slot: number): GaugeValue | undefined {
    const kind = this.gaugeKinds[slot];
    if (kind === words.GAUGE_ABSENT) return undefined;
    return { kind: kind === words.GAUGE_ELAPSED ? 'elapsed' : 'value', value: this.totals[slot] ?? 0 };
  }

  /** As `ageOf` of totals.ts; only if first seen was copied. */
  ageOf(slot: number): number | undefined {
    const seen = this.#firstSeen[slot] ?? 0;
    return seen === 0 ? undefined : this.#cutClock - seen;
  }

  /** As `usedAt` of tables.ts; only if it was copied. */
  usedAt(slot: number): number {
    return this.#usedAt[slot] ?? 0;
  }
}

/** With a quarter more than is needed, so that a store that grows does not make new ones all the time. */
function sized<T extends Column>(column: T, length: number, type: new (length: number) => T): T {
  return column.length >= length ? column : new type(Math.ceil(length * 1.25));
}

function* copyColumn<T extends Column>(to: T, from: T, begin: number, length: number): Generator<void> {
  const step = STEP_BYTES / to.BYTES_PER_ELEMENT;
  for (let at = 0; at < length; at += step) {
    const end = Math.min(length, at + step);
    to.set(from.subarray(begin + at, begin + end), at);
    yield;
  }
}

function gather(f64: Float64Array, first: number, to: Float64Array, from: number, end: number): void {
  for (let slot = from, at = first + from * (words.SLOT_SIZE / 8); slot < end; slot++) {
    to[slot] = f64[at] ?? 0;
    at += words.SLOT_SIZE / 8;
  }
}
