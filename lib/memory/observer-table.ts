// Which threads have callbacks of observable instruments, so that a collector knows for whose answers to wait, and strikes
// off those that have ended (life-sign.ts). Any thread.
import { LifeSign } from './life-sign.js';
import type { Region } from './region.js';
import { OBSERVER_COUNT, OBSERVER_LIVES, OBSERVERS } from './words.js';

const ENTRIES = OBSERVERS / 4;
const LIVES = OBSERVER_LIVES / 4;

/** The entry of one thread, as that thread has it. */
export class ObserverEntry {
  readonly #region: Region;
  readonly #thread: number;
  #sign: LifeSign | undefined;

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
      if (this.#sign?.isThere() !== true) this.#wait(known);
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

  #wait(index: number): void {
    this.#sign = new LifeSign(this.#region, LIVES + index, this.#thread);
    this.#sign.begin();
  }
}

export function strikeOff(region: Region, thread: number): void {
  const index = indexOf(region, thread);
  if (index < 0) return;
  replace(region, thread, 0);
  replace(region, -thread, 0);
  new LifeSign(region, LIVES + index, thread).end();
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
  return index >= 0 && new LifeSign(region, LIVES + index, thread).isDead();
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
