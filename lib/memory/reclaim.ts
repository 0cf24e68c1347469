// Reclaim: what the holder of the right does about idle and removed series after a drained cut. Costs a walk over the
// slots' words, and only in stores in which something can expire or was removed. The steps are sections of the kernel,
// so a collector that is killed between two of them leaves a state from which any other goes on.
import { AdmissionTries } from './admission-tries.js';
import type { Region } from './region.js';
import { isHeldBy } from './right.js';
import { count } from './statistics.js';
import {
  readSlot,
  readStream,
  slotsEnd,
  slotWord,
  streamAdmitted,
  streamOverflowed,
  streamsUsed,
} from './tables.js';
import { textSizeOf } from './text.js';
import * as words from './words.js';

/** Whether the store has series that can expire, or had some that were removed. */
export function canExpire(region: Region): boolean {
  return Atomics.load(region.i32, words.EXPIRY_USED / 4) !== 0;
}

/** Whether a series is left out of collections, although it still has its slot. What is recorded next begins a new life. */
export function isLeftOut(region: Region, slot: number): boolean {
  return canExpire(region) && markOf(region, slot) !== 0;
}

/** When a slot was marked: equal for equal epochs, 0 for none. Under the right. */
export function markOf(region: Region, slot: number): number {
  // As a double, of which no number of an epoch is 0.
  return region.f64[(region.layout.slotTable + slot * words.SLOT_SIZE + words.SLOT_MARK) / 8] ?? 0;
}

/** Under the right, between two cuts. Returns false when the right was lost. */
export function reclaimIdle(region: Region, right: number, now: number): boolean {
  if (!canExpire(region)) return true;
  const { kernel } = region;
  const end = slotsEnd(region);
  let freed = 0;
  let isOurs = true;
  for (
    let slot = kernel.nextIdle(0, end, now);
    slot < end && isOurs;
    slot = kernel.nextIdle(slot + 1, end, now)
  ) {
    const state = slotWord(region, slot) % words.SLOT_GENERATION;
    if (state === words.SLOT_LIVE || state === words.SLOT_LEAVING) {
      isOurs = kernel.retire(right, slot) !== words.LOST;
      continue;
    }
    const answer = freePlace(region, right, slot, now);
    isOurs = answer !== words.LOST;
    if (answer !== words.DONE) continue;
    freed++;
  }
  if (freed > 0) {
    count(region, 'reclaimed', freed);
    relieve(region, right);
  }
  return isOurs;
}

/**
 * Who was sent to an overflow series looks once more. Also in streams of which nothing was freed: slots, histogram areas
 * and texts are everybody's. A stream at its own limit has no use for them. Without the right this does nothing, which the
 * collection's next step finds out.
 */
export function relieve(region: Region, right: number): void {
  for (let stream = 0; stream < streamsUsed(region); stream++)
    if (
      streamOverflowed(region, stream) > 0 &&
      streamAdmitted(region, stream) < readStream(region, stream).limit
    )
      region.kernel.renewOverflow(right, stream);
}

/**
 * Frees a marked slot, under the right. DONE: it is free. MORE: not yet, something of the series may still be under way, or a
 * writer made it live again.
 */
export function freePlace(region: Region, right: number, slot: number, now: number): number {
  const { kernel } = region;
  const state = slotWord(region, slot) % words.SLOT_GENERATION;
  if (state !== words.SLOT_DEAD && state !== words.SLOT_GONE) {
    const answer = kernel.kill(right, slot, now);
    if (answer !== words.DONE) return answer;
  }
  if (kernel.clearBuckets(right, slot) === words.LOST) return words.LOST;
  const { list, size } = textSizeOf(readSlot(region, slot).textLength);
  let answer = words.MORE;
  const tries = new AdmissionTries(region);
  while (answer === words.MORE && tries.next()) {
    answer = kernel.bury(right, slot, list, size);
    // Whoever took the right meanwhile may have freed the slot: it would be looked for in vain until the tries end.
    if (answer === words.MORE && !isHeldBy(region, right)) return words.LOST;
  }
  return answer;
}
