// Long work that nobody waits for in a hurry: in short turns, and when others of the thread have something to do, only for a
// small part of the time; not at all while they make something that somebody waits for. One for each piece of work. Any thread.
import { setImmediate } from 'node:timers/promises';
import { monotonicMillis, pause } from '../waiting.js';
import { hurriedAt } from './hurry.js';

/** While nobody else has anything to do. */
const TURN_MILLIS = 5;
/** Beside others: so many times what they took is theirs for each part of ours. */
const SHARE_OF_OTHERS = 6;
const TURN_MILLIS_MIN = 0.1;
/**
 * What a turn of the event loop takes in which there was nothing to do. Short: others may come in many small turns, such as a
 * scrape in chunks.
 */
const IDLE_MILLIS = 0.03;
/** After so many of them one after the other nobody else has anything to do. */
const IDLE_TURNS = 8;
/** Who was in a hurry so lately still is. Longer than gzip and most clients take for a chunk: the thread has nothing to do then. */
const HURRY_MILLIS = 20;
/** For so long, in all, the work stands back for those in a hurry: it must come to an end beside any others. */
const STOOD_BACK_MILLIS_MAX = 2000;

export class SpareTime {
  readonly #now: () => number;
  readonly #hurriedAt: () => number;
  #begin: number;
  #turn = TURN_MILLIS;
  #spent = 0;
  #stoodBack = 0;

  /**
   * @param now milliseconds that only go on
   * @param hurried when somebody was in a hurry last, in these
   */
  constructor(now = monotonicMillis, hurried = hurriedAt) {
    this.#now = now;
    this.#hurriedAt = hurried;
    this.#begin = now();
  }

  /** Cheap, but no reason to look at the clock for each item. */
  isOver(): boolean {
    return this.#now() - this.#begin >= this.#turn;
  }

  /** Lets everything else that is due have its turn. Keeps the process alive. */
  async next(): Promise<void> {
    let from = this.#now();
    this.#spent += from - this.#begin;
    let [share, idle] = [0, 0];
    do {
      const isHurried = from - this.#hurriedAt() < HURRY_MILLIS && this.#stoodBack < STOOD_BACK_MILLIS_MAX;
      await (isHurried ? pause() : setImmediate());
      this.#begin = this.#now();
      const others = this.#begin - from;
      from = this.#begin;
      if (isHurried) this.#stoodBack += others;
      else share += others / SHARE_OF_OTHERS;
      idle = others < IDLE_MILLIS ? idle + 1 : 0;
    } while (share < TURN_MILLIS_MIN && idle < IDLE_TURNS);
    this.#turn = idle >= IDLE_TURNS ? TURN_MILLIS : Math.min(TURN_MILLIS, share);
  }

  /** Milliseconds that the work itself took so far. */
  get spentMillis(): number {
    return this.#spent + this.#now() - this.#begin;
  }
}
