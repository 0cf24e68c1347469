import { isMainThread } from 'node:worker_threads';

const actions = new Set<() => void>();

/**
 * Runs something when this thread ends by itself: its work is done, `process.exit()`, an error. Not when it is terminated,
 * which gives a thread no chance, and not in the main thread, with which everything else ends too. Keeps no thread alive.
 *
 * @returns takes it back
 */
export function whenThreadEnds(action: () => void): () => void {
  if (isMainThread) return () => undefined;
  // One listener for all: Node warns of a leak when there are many.
  if (actions.size === 0) process.on('exit', runAll);
  actions.add(action);
  return () => {
    actions.delete(action);
    if (actions.size === 0) process.off('exit', runAll);
  };
}

function runAll(): void {
  for (const action of [...actions]) action();
}
