// How long work under the right goes on: in short turns, with signs of life on the way. A reader that dies loses the right,
// and one that lost it stops. Between two turns the thread does what else it has to do, which is no other to the reading than
// what other threads do. One per reading.
import { TimeSlice } from '../../guard/time-slice.js';
import type { Region } from '../../memory/region.js';
import { LOST } from '../../memory/words.js';
import { monotonicMillis } from '../../waiting.js';

export class RightPace {
  readonly right: number;
  readonly #region: Region;
  readonly #turnsUntil: number;
  readonly #slice = new TimeSlice();

  /**
   * @param turnsUntil when turns end (in `monotonicMillis`) and the rest is read in one: others wait for the right, and a
   * thread that has much else to do might lose it again and again
   */
  constructor(region: Region, right: number, turnsUntil = Infinity) {
    this.#region = region;
    this.right = right;
    this.#turnsUntil = turnsUntil;
  }

  /** After a piece of work: false when the right was lost. */
  goesOn(): boolean | Promise<boolean> {
    return this.isTurnOver() ? this.next() : !this.isLost();
  }

  isTurnOver(): boolean {
    return this.#slice.isOver() && monotonicMillis() < this.#turnsUntil;
  }

  isLost(): boolean {
    return this.#region.kernel.beat(this.right) === LOST;
  }

  /** Lets the thread do other things. False when the right was lost. */
  async next(): Promise<boolean> {
    await this.#slice.next();
    return !this.isLost();
  }

  /** Does all pieces of a work. False when the right was lost on the way: what was done counts for nothing. */
  async through(pieces: Iterable<void>): Promise<boolean> {
    for (const _ of pieces) {
      const goesOn = this.goesOn();
      if (!(typeof goesOn === 'boolean' ? goesOn : await goesOn)) return false;
    }
    return true;
  }
}
