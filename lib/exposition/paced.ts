import { setImmediate } from 'node:timers/promises';
import { signHurry } from '../guard/hurry.js';

/** Other work of this thread gets its turn between two items, also when they are taken at once. */
export async function* paced<T>(items: Iterable<T>): AsyncGenerator<T, void, undefined> {
  for (const item of items) {
    signHurry();
    yield item;
    await setImmediate();
  }
}
