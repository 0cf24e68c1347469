/*
 * Which threads have callbacks of observable instruments, so that a collector knows for whose answers to wait. One that is
 * silent may be busy, or may have been terminated, which gives a thread no chance to strike itself off. What tells them
 * apart: each thread waits on a word of its own without blocking, and V8 takes the waiter away together with the thread.
 * So waking it says at once whether it lives, however busy it is. Any thread.
 */
import type { Region } from './region.js';
import { OBSERVER_COUNT, OBSERVER_LIVES, OBSERVERS } from './words.js';

const ENTRIES = OBSERVERS / 4;
const LIVES = OBSERVER_LIVES / 4;

/** Part of all supported versions of Node, and of TypeScript's library only since ES2024. */
const { waitAsync } = Atomics as {
  waitAsync?: (words: Int32Array, index: number, value: number) => Waiter;
};

type Waiter = { readonly async: true; readonly value: Promise<unknown> } | { readonly async: false };

/** The entry of one thread, as that thread has it. */
export class ObserverEntry {
  readonly #region: Region;
  readonly #thread: number;
  /** Only the newest waiter is renewed. */
  #waiters = 0;

  /** @param thread positive, and no other thread's */
  constructor(region: Region, thread: number) {
    this.#region = region;
    this.#thread = thread;
  }

  /**
   * Enters the thread, or shows that it lives. False when the table is full of threads that answer: then nobody waits for
   * this one.
   */
  enter(): boolean {
    const known = indexOf(this.#region, this.#thread);
    if (known >= 0) {
      if (Atomics.load(this.#region.i32, LIVES + known) !== this.#thread) this.#wait(known);
      return true;
    }
    const isFree = (seen: number): boolean => seen === 0;
    const isDead = (seen: number): boolean => isFree(seen) || isThreadDead(this.#region, Math.abs(seen));
    const isSilent = (seen: number): boolean => isFree(seen) || seen < 0;
    return [isFree, isDead, isSilent].some(mayTake => this.#take(mayTake));
  }

  leave(): void {
    strikeOff(this.#region, this.#thread);
  }

  #take(mayTake: (seen: number) => boolean): boolean {
    for (let index = 0; index < OBSERVER_COUNT; index++) {
      const seen = Atomics.load(this.#region.i32, ENTRIES + index);
      if (!mayTake(seen)) continue;
      if (Atomics.compareExchange(this.#region.i32, ENTRIES + index, seen, this.#thread) !== seen) continue;
      this.#wait(index);
      return true;
    }
    return false;
  }

  /** Waits on the entry's word, and again whenever it was woken, while the entry is its own. Keeps no process alive. */
  #wait(index: number): void {
    const { i32 } = this.#region;
    Atomics.store(i32, LIVES + index, -this.#thread);
    const waiter = waitAsync?.(i32, LIVES + index, -this.#thread);
    if (waiter?.async !== true) return;
    const number = ++this.#waiters;
    void waiter.value.then(() => {
      if (number === this.#waiters && indexOf(this.#region, this.#thread) === index) this.#wait(index);
    });
    Atomics.store(i32, LIVES + index, this.#thread);
  }
}

/** Lets go of what the waiter holds, too. */
export function strikeOff(region: Region, thread: number): void {
  const index = indexOf(region, thread);
  if (index < 0) return;
  replace(region, thread, 0);
  replace(region, -thread, 0);
  Atomics.notify(region.i32, LIVES + index);
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

/** Strikes a thread off that has ended. False while it lives, and while it is not known: it was woken and is still busy. */
export function strikeOffDead(region: Region, thread: number): boolean {
  if (!isThreadDead(region, thread)) return false;
  strikeOff(region, thread);
  return true;
}

function isThreadDead(region: Region, thread: number): boolean {
  const index = indexOf(region, thread);
  // Whoever takes the number away from here is alone in waking; a thread puts it there after it began to wait.
  if (index < 0 || Atomics.compareExchange(region.i32, LIVES + index, thread, -thread) !== thread)
    return false;
  return Atomics.notify(region.i32, LIVES + index) === 0;
}

function indexOf(region: Region, thread: number): number {
  return entriesOf(region).findIndex(entry => Math.abs(entry) === thread);
}

function entries(region: Region): number[] {
  return entriesOf(region).filter(entry => entry !== 0);
}

function entriesOf(region: Region): number[] {
  return Array.from({ length: OBSERVER_COUNT }, (_, index) => Atomics.load(region.i32, ENTRIES + index));
}

function replace(region: Region, from: number, to: number): void {
  for (let index = ENTRIES; index < ENTRIES + OBSERVER_COUNT; index++)
    Atomics.compareExchange(region.i32, index, from, to);
}
