// The record path of one thread: which stripe it uses, and what happens when that one is busy. One per thread and store;
// called from that thread only. Never throws, never allocates.
import type { Kernel } from './kernel.js';
import type { Region } from './region.js';
import { count } from './statistics.js';
import * as words from './words.js';

/**
 * Every stripe busy for so many tries means that more threads than there are stripes were suspended inside a record for
 * seconds. The record is then refused and counted: a record path has a bound like every other wait.
 */
const TRIES_MAX = 2 ** 27;

/** A series as one thread knows it. */
export interface RecordTarget {
  readonly slot: number;
  /** The slot's word while the series has it. */
  readonly live: number;
  /** The series was retired or freed: finds it again, or admits it anew. */
  renew(): void;
}

export class Recorder {
  readonly #region: Region;
  readonly #stripesEnd: number;
  readonly #add: Kernel['add'];
  readonly #record: Kernel['record'];
  readonly #write: Kernel['write'];
  readonly #init: Kernel['init'];
  /** Address of the stripe that this thread used last. */
  #stripe: number;

  constructor(region: Region, shared: boolean) {
    const { kernel, layout } = region;
    this.#region = region;
    this.#stripesEnd = words.STRIPES + layout.stripes * words.STRIPE_SIZE;
    this.#add = shared ? kernel.add : kernel.addAlone;
    this.#record = shared ? kernel.record : kernel.recordAlone;
    this.#write = shared ? kernel.write : kernel.writeAlone;
    this.#init = shared ? kernel.init : kernel.initAlone;
    const seen = Atomics.add(region.i32, words.THREADS_SEEN / 4, 1);
    this.#stripe = words.STRIPES + (seen % layout.stripes) * words.STRIPE_SIZE;
  }

  /** Adds to a sum. */
  add(target: RecordTarget, value: number): void {
    let answer = this.#add(this.#stripe, target.slot, target.live, value);
    for (let tries = 0; answer !== words.OK && this.#again(answer, target, tries); tries++)
      answer = this.#add(this.#stripe, target.slot, target.live, value);
  }

  /** Records into a histogram with `length` boundaries at `boundariesAddress`. */
  record(target: RecordTarget, value: number, boundariesAddress: number, length: number): void {
    let answer = this.#record(this.#stripe, target.slot, target.live, value, boundariesAddress, length);
    for (let tries = 0; answer !== words.OK && this.#again(answer, target, tries); tries++)
      answer = this.#record(this.#stripe, target.slot, target.live, value, boundariesAddress, length);
  }

  /** Makes a histogram exist without a record. */
  init(target: RecordTarget): void {
    let answer = this.#init(this.#stripe, target.slot, target.live);
    for (let tries = 0; answer !== words.OK && this.#again(answer, target, tries); tries++)
      answer = this.#init(this.#stripe, target.slot, target.live);
  }

  /** Writes a gauge; `operation` is one of the kinds of a gauge's value in words.ts. */
  write(target: RecordTarget, operation: number, value: number): void {
    let answer = this.#write(this.#stripe, target.slot, target.live, operation, value);
    for (let tries = 0; answer !== words.OK && this.#again(answer, target, tries); tries++)
      answer = this.#write(this.#stripe, target.slot, target.live, operation, value);
  }

  /** What stood in the way of a record: nothing of it has happened. False: it never will. */
  #again(answer: number, target: RecordTarget, tries: number): boolean {
    if (answer === words.ENDED) {
      count(this.#region, 'ended');
      return false;
    }
    if (tries >= TRIES_MAX) {
      count(this.#region, 'contended');
      return false;
    }
    if (answer === words.STALE) target.renew();
    else {
      const next = this.#stripe + words.STRIPE_SIZE;
      this.#stripe = next < this.#stripesEnd ? next : words.STRIPES;
    }
    return true;
  }
}

/** How many threads have had the store, this one counted. */
export function threadsSeen(region: Region): number {
  return Atomics.load(region.i32, words.THREADS_SEEN / 4);
}

/** Ends recording in all threads; records become no-ops. A last collection stays possible. */
export function endRecording(region: Region): void {
  Atomics.store(region.i32, words.CLOSED / 4, 1);
}

export function hasEnded(region: Region): boolean {
  return Atomics.load(region.i32, words.CLOSED / 4) !== 0;
}
