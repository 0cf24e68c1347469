// Who makes something that somebody waits for, a collection or an answer, says so with each piece; work in spare time then
// stands back. A sign that grows old by itself, and no count of begins and ends: of what is never taken to its end nobody
// would tell. One thread.
import { monotonicMillis } from '../waiting.js';

let latest = -Infinity;

/** A piece more of what somebody waits for is begun, or is on its way. */
export function signHurry(): void {
  latest = monotonicMillis();
}

/** When the latest sign was given, in `monotonicMillis`. */
export function hurriedAt(): number {
  return latest;
}
