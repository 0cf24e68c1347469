// The longest step of this thread's event loop: a callback in each turn's check phase (`setImmediate`) notes how long the turn took, and how
// much of that the thread was ready and had no CPU, because others had it. The rest is the program's own.
import { closeSync, openSync, readSync } from 'node:fs';

/** On Linux: nanoseconds on a CPU, nanoseconds waited for one. The second is exact whenever the thread runs. */
const SCHEDSTAT = `/proc/self/task/${process.pid}/schedstat`;

/** How long this thread has waited for a CPU so far, in milliseconds. */
export function openWaits() {
  try {
    const file = openSync(SCHEDSTAT);
    const buffer = Buffer.alloc(128);
    return {
      read: () => Number(buffer.toString('latin1', 0, readSync(file, buffer, 0, 128, 0)).split(' ')[1]) / 1e6,
      close: () => closeSync(file),
    };
  } catch {
    // Not Linux: all that passed counts as the program's own.
    return { read: () => 0, close: () => {} };
  }
}

/** Both of one moment: once more when the thread lost its CPU in between. */
export function momentOf(waits) {
  for (let waited = waits.read(); ;) {
    const at = performance.now();
    const since = waits.read();
    if (since === waited) return { at, waited };
    waited = since;
  }
}

/** Begins; the function that it returns ends it, with the turn that is under way, and says milliseconds. */
export function watchSteps() {
  const waits = openWaits();
  const longest = { passed: 0, own: 0 };
  let last = momentOf(waits);
  let immediate;
  const note = () => {
    const now = momentOf(waits);
    const passed = now.at - last.at;
    longest.passed = Math.max(longest.passed, passed);
    longest.own = Math.max(longest.own, passed - (now.waited - last.waited));
    last = now;
  };
  const next = () => {
    note();
    immediate = setImmediate(next);
  };
  next();
  return () => {
    note();
    clearImmediate(immediate);
    waits.close();
    return longest;
  };
}
