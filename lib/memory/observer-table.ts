/*
 * Which threads have callbacks of observable instruments, so that a collector knows for whose answers to wait. A thread
 * that is terminated cannot strike itself off; it is marked when it misses a deadline, and not waited for again until it
 * answers. Any thread.
 */
import type { Region } from './region.js';
import { OBSERVER_COUNT, OBSERVERS } from './words.js';

const FIRST = OBSERVERS / 4;

/** Enters a thread. False when the table is full of threads that answer: then nobody waits for this one. */
export function enterObserver(region: Region, thread: number): boolean {
  for (const replaceSilent of [false, true])
    for (let index = FIRST; index < FIRST + OBSERVER_COUNT; index++) {
      const seen = Atomics.load(region.i32, index);
      if (seen !== 0 && !(replaceSilent && seen < 0)) continue;
      if (Atomics.compareExchange(region.i32, index, seen, thread) === seen) return true;
    }
  return false;
}

export function leaveObserver(region: Region, thread: number): void {
  replace(region, thread, 0);
  replace(region, -thread, 0);
}

/** The threads to wait for. */
export function expectedObservers(region: Region): number[] {
  return entries(region).filter(entry => entry > 0);
}

/** Whether there is any thread to ask. */
export function hasObservers(region: Region, except: number): boolean {
  return entries(region).some(entry => Math.abs(entry) !== except);
}

export function markSilent(region: Region, thread: number): void {
  replace(region, thread, -thread);
}

export function markAnswering(region: Region, thread: number): void {
  replace(region, -thread, thread);
}

function entries(region: Region): number[] {
  const found: number[] = [];
  for (let index = FIRST; index < FIRST + OBSERVER_COUNT; index++) {
    const entry = Atomics.load(region.i32, index);
    if (entry !== 0) found.push(entry);
  }
  return found;
}

function replace(region: Region, from: number, to: number): void {
  for (let index = FIRST; index < FIRST + OBSERVER_COUNT; index++)
    Atomics.compareExchange(region.i32, index, from, to);
}
