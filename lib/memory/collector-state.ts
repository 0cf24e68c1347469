// What a collector thread and the thread that started it have in common, beside the store: whether the first one lives,
// whether its last export is done, and how far its deltas came. Outlives the collector thread, so that another one goes on.
// Each word has one writer at a time: the collector thread while it lives, and who started it when it has ended.
import { LifeSign } from './life-sign.js';

const LIFE = 0;
const FLUSHED = 1;
/** State of what is sealed in the place of deltas, times two, plus the half in which it stands. */
const FATE = 2;
/** Batches of deltas that have left the store and did not arrive. */
const DEBTS = 3;
const FROM = 2;
const UNTIL = 3;
const BYTES = 64;
/** A thread that dies meanwhile is found dead after so long. */
const LOOK_MILLIS = 25;

/** `kept`: no exporter has it, or one said that it did not deliver. `handed`: an exporter has it, and has not answered. */
export type Fate = 'kept' | 'handed' | 'arrived';

const FATES: readonly Fate[] = ['kept', 'handed', 'arrived'];

/** How far the deltas of a thread came. */
export interface Progress {
  readonly half: number;
  readonly fate: Fate;
  /** When what did not arrive begins and ends, Unix milliseconds; 0: there was nothing yet. */
  readonly from: number;
  readonly until: number;
}

/** Who is waited for, for how many milliseconds. */
export interface FlushWait {
  /** The number of the thread, from 1. */
  readonly life: number;
  readonly timeoutMillis: number;
  readonly now: () => number;
  readonly mayBegin: () => boolean;
}

export class CollectorState {
  /** Give it to the other thread. */
  readonly buffer: SharedArrayBuffer;
  readonly #i32: Int32Array;
  readonly #f64: Float64Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(BYTES)) {
    this.buffer = buffer;
    this.#i32 = new Int32Array(buffer);
    this.#f64 = new Float64Array(buffer);
  }

  /** By the collector thread: from now on it can be waited for. @param life counts the threads, from 1 */
  begin(life: number): void {
    new LifeSign({ i32: this.#i32 }, LIFE, life).begin();
  }

  /** By the collector thread, once an export that is waited for is done. @param request its number */
  flushed(request: number): void {
    Atomics.store(this.#i32, FLUSHED, request);
    // Pairs with the wait in `awaitFlush`: who does not wait yet sees the word.
    Atomics.notify(this.#i32, FLUSHED);
  }

  /**
   * By who started it: blocks until the export of that number is done, for a time at most. Who is dead is not waited for, even
   * if it died just now; who has not begun, as long as it may.
   *
   * @param mayBegin asked meanwhile, every 25 ms
   */
  awaitFlush(
    request: number,
    { life, timeoutMillis, now, mayBegin }: FlushWait,
  ): 'flushed' | 'late' | 'dead' {
    const sign = new LifeSign({ i32: this.#i32 }, LIFE, life);
    const end = now() + timeoutMillis;
    for (;;) {
      const left = end - now();
      const flushed = Atomics.load(this.#i32, FLUSHED);
      if (flushed === request) return 'flushed';
      if (left <= 0) return 'late';
      if (sign.isThere() ? sign.isDead() : !mayBegin()) return 'dead';
      Atomics.wait(this.#i32, FLUSHED, flushed, Math.min(left, LOOK_MILLIS));
    }
  }

  get progress(): Progress {
    const word = Atomics.load(this.#i32, FATE);
    const [from = 0, until = 0] = [this.#f64[FROM], this.#f64[UNTIL]];
    return { half: word & 1, fate: FATES[word >> 1] ?? 'kept', from, until };
  }

  /** The times stand before the word: who dies in between leaves what was sealed with the times before it. */
  set progress({ half, fate, from, until }: Progress) {
    this.#f64[FROM] = from;
    this.#f64[UNTIL] = until;
    Atomics.store(this.#i32, FATE, FATES.indexOf(fate) * 2 + half);
  }

  /** Batches that are lost if the thread ends now, beside the one that an exporter has in its hands. */
  owes(batches: number): void {
    Atomics.store(this.#i32, DEBTS, batches);
  }

  /**
   * By who started it, once the thread has ended: how many batches nobody can tell the fate of. They are not sent again,
   * and counted once.
   */
  settle(): number {
    Atomics.store(this.#i32, LIFE, 0);
    const { fate, ...progress } = this.progress;
    if (fate === 'handed') this.progress = { ...progress, fate: 'arrived' };
    return Atomics.exchange(this.#i32, DEBTS, 0) + (fate === 'handed' ? 1 : 0);
  }
}
