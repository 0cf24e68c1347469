// Threads that record into a store, as much as they can say afterwards: what the check scripts hold what arrived against.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const THREADS = 2;
/** Attribute sets, `k` from 0 on, that all threads record into. */
const SETS = 12;
export const BOUNDARIES = [1, 10, 100];

/**
 * Starts them: a counter `jobs`, an up-down counter `queue` and a histogram `sizes` with `k`, a gauge `level` with `thread`.
 * `stop()` resolves with what all of them recorded: a Map by name and attribute, such as `jobs k=3`; of a histogram
 * { count, sum, counts }.
 */
export function startRecorders(store) {
  const workers = Array.from({ length: THREADS }, (_, thread) => {
    const workerData = { handle: store.handle, thread: String(thread), sets: SETS, boundaries: BOUNDARIES };
    return new Worker(new URL('./recorder-thread.mjs', import.meta.url), { workerData });
  });
  return {
    async stop() {
      const recorded = new Map();
      for (const worker of workers) {
        const answer = once(worker, 'message');
        worker.postMessage('stop');
        const [own] = await answer;
        await worker.terminate();
        for (const [key, value] of own) recorded.set(key, merge(recorded.get(key), value));
      }
      return recorded;
    },
  };
}

/** The sum of two values of one series. */
export function merge(one, other) {
  if (one === undefined) return other;
  if (typeof one === 'number') return one + other;
  const counts = one.counts.map((count, index) => count + other.counts[index]);
  return { count: one.count + other.count, sum: one.sum + other.sum, counts };
}
