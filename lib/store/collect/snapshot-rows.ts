// From a snapshot to columns, in loops that call nothing and make nothing for a series. Pure: any thread.
import type { Snapshot } from '../../memory/snapshot.js';
import {
  GAUGE_ABSENT,
  GAUGE_ELAPSED,
  SLOT_LIVE,
  SLOT_RETIRING,
  SLOT_STATE_MASK,
} from '../../memory/words.js';
import type { StreamRows } from '../series/series-rows.js';

type Columns = Pick<StreamRows, 'slots' | 'histograms'>;

/**
 * Of the rows from one to another those that have something to show. Writes their positions behind what is in `into`, and
 * returns how many are in it then.
 *
 * @param isOwed whether one that is left out of collections must be shown all the same
 */
export function chooseRows(
  { words, totals, gaugeKinds, cells, hasMarks, marks }: Snapshot,
  { stream, slots, histograms }: Columns & Pick<StreamRows, 'stream'>,
  [from, to]: readonly [number, number],
  isOwed: (row: number) => boolean,
  into: Int32Array,
  length: number,
): number {
  const { kind } = stream.definition;
  const isGauge = kind === 'GAUGE';
  const isHistogram = kind === 'HISTOGRAM';
  for (let row = from; row < to; row++) {
    const slot = slots[row] ?? 0;
    const state = (words[slot] ?? 0) & SLOT_STATE_MASK;
    if (state !== SLOT_LIVE && state !== SLOT_RETIRING) continue;
    if (isGauge) {
      if (gaugeKinds[slot] === GAUGE_ABSENT) continue;
    } else if (Object.is(isHistogram ? cells[(histograms[row] ?? 0) >>> 3] : totals[slot], 0)) continue;
    if (hasMarks && marks[slot] !== 0 && !isOwed(row)) continue;
    into[length++] = row;
  }
  return length;
}

/** Of the rows that were chosen, from one to another. Likewise the others. */
export function fillStarts(
  { starts }: Snapshot,
  { slots }: Columns,
  chosen: Int32Array,
  [from, to]: readonly [number, number],
  into: Float64Array,
): void {
  for (let index = from; index < to; index++) into[index] = starts[slots[chosen[index] ?? 0] ?? 0] ?? 0;
}

/** Returns whether any stands at the largest number there is. */
export function fillSums(
  { totals }: Snapshot,
  { slots }: Columns,
  chosen: Int32Array,
  [from, to]: readonly [number, number],
  into: Float64Array,
): boolean {
  let isSaturated = false;
  for (let index = from; index < to; index++) {
    const total = totals[slots[chosen[index] ?? 0] ?? 0] ?? 0;
    // A touched zero is stored as -0.
    into[index] = total + 0;
    if (total >= Number.MAX_VALUE || total <= -Number.MAX_VALUE) isSaturated = true;
  }
  return isSaturated;
}

/** @param clock the time of the collection in Unix milliseconds, to which a running gauge is measured, and whether in whole seconds */
export function fillGauges(
  { totals, gaugeKinds }: Snapshot,
  { slots }: Columns,
  chosen: Int32Array,
  [from, to]: readonly [number, number],
  { at, valueType }: { readonly at: number; readonly valueType: 0 | 1 },
  into: Float64Array,
): void {
  for (let index = from; index < to; index++) {
    const slot = slots[chosen[index] ?? 0] ?? 0;
    const value = totals[slot] ?? 0;
    into[index] = gaugeKinds[slot] === GAUGE_ELAPSED ? secondsSince(value, at, valueType) : value;
  }
}

/** A start in the future, by another thread's clock, is no time at all and not a negative one. */
export function secondsSince(startUnixMillis: number, at: number, valueType: 0 | 1): number {
  const seconds = Math.max(0, (at - startUnixMillis) / 1000);
  return valueType === 0 ? Math.trunc(seconds) : seconds;
}

/** `width` doubles each. */
export function fillCells(
  { cells }: Snapshot,
  { histograms }: Columns,
  chosen: Int32Array,
  [from, to]: readonly [number, number],
  width: number,
  into: Float64Array,
): void {
  let at = from * width;
  for (let index = from; index < to; index++) {
    const cell = (histograms[chosen[index] ?? 0] ?? 0) >>> 3;
    // One without a record has the count -0.
    into[at] = (cells[cell] ?? 0) + 0;
    for (let offset = 1; offset < width; offset++) into[at + offset] = cells[cell + offset] ?? 0;
    at += width;
  }
}
