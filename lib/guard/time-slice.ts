// Long work in short turns: whoever has a lot to do looks now and then whether others of its thread should be let in. One
// for each piece of work. Any thread.
import { setImmediate } from 'node:timers/promises';
import { monotonicMillis } from '../waiting.js';
import { signHurry } from './hurry.js';

/** Short against what a server promises its clients, long against what a turn of the event loop costs. */
const SLICE_MILLIS = 5;

export class TimeSlice {
  #end = monotonicMillis() + SLICE_MILLIS;

  /** Cheap, but no reason to look at the clock for each item. */
  isOver(): boolean {
    return monotonicMillis() >= this.#end;
  }

  /** Lets timers, sockets and everything else that is due have its turn. Keeps the process alive. */
  async next(): Promise<void> {
    signHurry();
    await setImmediate();
    this.#end = monotonicMillis() + SLICE_MILLIS;
  }
}
