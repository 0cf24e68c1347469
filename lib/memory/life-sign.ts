// Whether the thread that left a mark in shared memory still lives. It may be silent because it is busy, or because it was
// terminated, which gives a thread no chance to take its mark back. What tells them apart: the thread waits on a word
// without blocking, and V8 takes the waiters away together with the thread. So waking one says at once whether it lives,
// however busy it is. It has several, because one that was woken is there again only when the thread's event loop turns.
//
// The word: bits 0 to 23 name the owner, bits 24 to 30 are the number of waiters that were woken and are not back.
import type { Region } from './region.js';

/** How many may be woken and not be back. */
const WOKEN_MAX = 16;
/**
 * More than that: who asks counts a waiter, and then wakes one. If another owner began between the two, one of its waiters is woken that
 * nobody counted.
 */
const WAITERS = 2 * WOKEN_MAX;
const WOKEN = 2 ** 24;
const OWNER_MASK = WOKEN - 1;
/** More than may be woken: nobody may ask. */
const NOT_READY = 127 * WOKEN;

/** Part of all supported versions of Node, and of TypeScript's library only since ES2024. */
const { waitAsync } = Atomics as {
  waitAsync?: (words: Int32Array, index: number, value: number) => Waiter;
};

type Waiter = { readonly async: true; readonly value: Promise<unknown> } | { readonly async: false };

/** Of one thread, at one word, as any thread has it. */
export class LifeSign {
  readonly #i32: Int32Array;
  readonly #index: number;
  readonly #owner: number;
  /** Waiters of an earlier begin are not renewed. */
  #begun = 0;

  /**
   * @param index of the word
   * @param owner not 0; two owners of one word, one after the other, must differ in it
   */
  constructor({ i32 }: Pick<Region, 'i32'>, index: number, owner: number) {
    this.#i32 = i32;
    this.#index = index;
    this.#owner = owner & OWNER_MASK || 1;
  }

  /** By the thread that the word belongs to: from now on it can be asked for. Keeps no process alive. */
  begin(): void {
    const begun = ++this.#begun;
    const notReady = this.#owner + NOT_READY;
    Atomics.store(this.#i32, this.#index, notReady);
    if (waitAsync === undefined) return;
    // A former owner that lives must not answer for this one.
    Atomics.notify(this.#i32, this.#index);
    for (let waiter = 0; waiter < WAITERS; waiter++) this.#wait(notReady, begun);
    Atomics.compareExchange(this.#i32, this.#index, notReady, this.#owner);
  }

  /** Lets go of what the waiters hold, too. */
  end(): void {
    for (let word = this.#word(); isOf(word, this.#owner); word = this.#word())
      if (this.#replace(word, 0)) Atomics.notify(this.#i32, this.#index);
  }

  /** Whether the word names this owner. */
  isThere(): boolean {
    return isOf(this.#word(), this.#owner);
  }

  /** False while the owner lives, and while that cannot be known. Any thread. */
  isDead(): boolean {
    for (;;) {
      const word = this.#word();
      if (!isOf(word, this.#owner) || word >= WOKEN_MAX * WOKEN) return false;
      // Who counts one of the waiters is alone in waking it.
      if (this.#replace(word, word + WOKEN)) return Atomics.notify(this.#i32, this.#index, 1) === 0;
    }
  }

  #wait(word: number, begun: number): boolean {
    const waiter = waitAsync?.(this.#i32, this.#index, word);
    if (waiter?.async !== true) return false;
    void waiter.value.then(() => {
      if (begun === this.#begun) this.#renew(begun);
    });
    return true;
  }

  /** The waiter is back before it is counted as back. */
  #renew(begun: number): void {
    let word = this.#word();
    while (isOf(word, this.#owner) && !this.#wait(word, begun)) word = this.#word();
    // Not one that nobody counted: the count would say that there are more than there are.
    while (isOf(word, this.#owner) && isCounted(word) && !this.#replace(word, word - WOKEN))
      word = this.#word();
  }

  #word(): number {
    return Atomics.load(this.#i32, this.#index);
  }

  #replace(from: number, to: number): boolean {
    return Atomics.compareExchange(this.#i32, this.#index, from, to) === from;
  }
}

function isCounted(word: number): boolean {
  return word >= WOKEN && word < NOT_READY;
}

function isOf(word: number, owner: number): boolean {
  return (word & OWNER_MASK) === owner;
}
