// What the threads tell each other besides the metrics, as indices into one shared Int32Array.

/** How many events were replayed, by all threads together. */
export const EVENTS_DONE = 0;
/** The ticket whose turn it is: events that must keep the recorded order wait for theirs. */
export const TURN = 1;

export function createSharedWords() {
  return new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
}
