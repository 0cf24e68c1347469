import { monotonicMillis } from '../waiting.js';
import { pauseFor } from './retries.js';
import type { Pause } from './retries.js';

/** How long what comes first waits for what follows it. */
const GATHER_MILLIS = 100;
/** What comes later than that after it was asked for was not there yet. */
const SILENCE_MILLIS = 10;

/**
 * The same pieces, of a stream of which little comes at a time. One that comes after a silence waits for those that follow, which the
 * socket holds meanwhile: what a process does costs up to twice as much when it was asleep before, so it wakes up seldom.
 *
 * @param isWanted whether it waits, asked for each piece
 */
export async function* gathered<T>(
  pieces: AsyncIterable<T>,
  isWanted: () => boolean,
  signal: AbortSignal,
  pause: Pause = pauseFor,
): AsyncGenerator<T, void, undefined> {
  let askedMillis = monotonicMillis();
  for await (const piece of pieces) {
    const isAfterSilence = monotonicMillis() - askedMillis > SILENCE_MILLIS;
    if (isAfterSilence && isWanted()) await pause(GATHER_MILLIS, signal);
    if (signal.aborted) return;
    yield piece;
    askedMillis = monotonicMillis();
  }
}
