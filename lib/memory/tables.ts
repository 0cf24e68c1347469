// The stream table and the slot table, read and extended through the kernel. Any thread.
import type { Region } from './region.js';
import * as words from './words.js';

/** 128 bits of a keyed hash, as four 32-bit integers: whoever chooses label values cannot choose what they collide with. */
export type Key = readonly [number, number, number, number];

export interface StreamRecord {
  readonly index: number;
  readonly textAddress: number;
  readonly textLength: number;
  readonly limit: number;
  readonly boundariesAddress: number;
  readonly startUnixMillis: number;
}

export interface SlotRecord {
  readonly stream: number;
  readonly textAddress: number;
  readonly textLength: number;
  readonly startUnixMillis: number;
  /** Where its cell stands in every histogram area. */
  readonly histogramOffset: number;
  /** Kind and width: see aggregation.ts. */
  readonly aggregation: number;
}

export function streamsUsed(region: Region): number {
  return Atomics.load(region.i32, words.STREAMS_USED / 4);
}

/** Series that have a slot now, overflow series not counted. */
export function slotsUsed(region: Region): number {
  return everUsed(region) - Atomics.load(region.i32, words.SLOTS_FREE_COUNT / 4);
}

function everUsed(region: Region): number {
  return Atomics.load(region.i32, words.SLOTS_USED / 4);
}

/** Grows with every series that comes or goes, and with some that do neither. */
export function tableChanges(region: Region): bigint {
  return Atomics.load(region.i64, words.ADMISSION / 8);
}

/** Slots from 0 to this hold something: first the streams' overflow slots, then series. */
export function slotsEnd(region: Region): number {
  return region.layout.maxStreams + everUsed(region);
}

export function readStream(region: Region, index: number): StreamRecord {
  const record = region.layout.streamTable + index * words.STREAM_SIZE;
  return {
    index,
    textAddress: region.u32[(record + words.STREAM_TEXT_ADDRESS) / 4] ?? 0,
    textLength: region.i32[(record + words.STREAM_TEXT_LENGTH) / 4] ?? 0,
    limit: region.i32[(record + words.STREAM_LIMIT) / 4] ?? 0,
    boundariesAddress: region.u32[(record + words.STREAM_BOUNDARIES_ADDRESS) / 4] ?? 0,
    startUnixMillis: region.f64[(record + words.STREAM_START) / 8] ?? 0,
  };
}

/** Never changes once the stream is registered. */
export function streamKey(region: Region, index: number): Key {
  const at = (region.layout.streamTable + index * words.STREAM_SIZE + words.STREAM_KEY) / 4;
  const { i32 } = region;
  return [i32[at] ?? 0, i32[at + 1] ?? 0, i32[at + 2] ?? 0, i32[at + 3] ?? 0];
}

export function streamAdmitted(region: Region, index: number): number {
  return Atomics.load(
    region.i32,
    (region.layout.streamTable + index * words.STREAM_SIZE + words.STREAM_ADMITTED) / 4,
  );
}

/** Series of this stream that were sent to its overflow series. */
export function streamOverflowed(region: Region, index: number): number {
  return Number(
    Atomics.load(
      region.i64,
      (region.layout.streamTable + index * words.STREAM_SIZE + words.STREAM_OVERFLOWED) / 8,
    ),
  );
}

export function countOverflow(region: Region, index: number): void {
  Atomics.add(
    region.i64,
    (region.layout.streamTable + index * words.STREAM_SIZE + words.STREAM_OVERFLOWED) / 8,
    1n,
  );
}

/** State and generation of a slot. */
export function slotWord(region: Region, slot: number): number {
  return Atomics.load(region.i32, (region.layout.slotWords + slot * 4) / 4);
}

/** Whether a slot holds a series now. */
export function isInUse(word: number): boolean {
  const state = word & words.SLOT_STATE_MASK;
  return state === words.SLOT_LIVE || state === words.SLOT_RETIRING;
}

/** Whether a slot holds a series that was removed: nobody finds it any more, but readers of deltas still have it. */
export function isRemoved(word: number): boolean {
  const state = word & words.SLOT_STATE_MASK;
  return state === words.SLOT_LEAVING || state === words.SLOT_LEFT;
}

/** Whether series of the store were removed, so that two of a delta reader's may have the same attributes. */
export function hasRemovals(region: Region): boolean {
  return Atomics.load(region.i32, words.REMOVAL_USED / 4) !== 0;
}

/** The word that a handle of this series has, in whatever state it is. */
export function liveWord(word: number): number {
  return (word & ~words.SLOT_STATE_MASK) | words.SLOT_LIVE;
}

/** The slot of a place: the kernel's answer when it finds or admits a series. See PLACE_STEP. */
export function slotOf(place: number): number {
  return place - upperBitsOf(place) * words.PLACE_STEP;
}

/** The word that a handle of the series in a place has, whether it is live or retiring. */
export function liveWordOf(place: number): number {
  return liveWord(upperBitsOf(place) << 1);
}

/** Whether the series in a place was not retiring. */
export function isLive(place: number): boolean {
  return (upperBitsOf(place) & (words.SLOT_STATE_MASK >> 1)) === words.SLOT_LIVE >> 1;
}

/** Of the slot's word all but the lowest bit. */
function upperBitsOf(place: number): number {
  return Math.floor(place / words.PLACE_STEP);
}

export function readSlot(region: Region, slot: number): SlotRecord {
  const record = region.layout.slotTable + slot * words.SLOT_SIZE;
  return {
    stream: region.i32[(record + words.SLOT_STREAM) / 4] ?? 0,
    textAddress: region.u32[(record + words.SLOT_TEXT_ADDRESS) / 4] ?? 0,
    textLength: region.i32[(record + words.SLOT_TEXT_LENGTH) / 4] ?? 0,
    startUnixMillis: region.f64[(record + words.SLOT_START) / 8] ?? 0,
    histogramOffset: region.u32[(record + words.SLOT_HISTOGRAM_OFFSET) / 4] ?? 0,
    aggregation: region.i32[(record + words.SLOT_AGGREGATION) / 4] ?? 0,
  };
}

/** Whose a slot is, without the rest of its record. */
export function streamOfSlot(region: Region, slot: number): number {
  return region.i32[(region.layout.slotTable + slot * words.SLOT_SIZE + words.SLOT_STREAM) / 4] ?? 0;
}

/** When the life of a series began, Unix milliseconds. Under the right: a drain may begin another one. */
export function startOf(region: Region, slot: number): number {
  return region.f64[(region.layout.slotTable + slot * words.SLOT_SIZE + words.SLOT_START) / 8] ?? 0;
}

/** When a series was last found touched, or was admitted; Unix milliseconds. */
export function usedAt(region: Region, slot: number): number {
  return region.f64[(region.layout.slotTable + slot * words.SLOT_SIZE + words.SLOT_USED) / 8] ?? 0;
}
