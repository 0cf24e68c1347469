import { setMaxListeners } from 'node:events';

/**
 * Runs works that go on until their signal is aborted. When one of them ends, all do; rejects when one of them does, after all
 * have ended.
 */
export async function runTogether(
  works: readonly ((signal: AbortSignal) => Promise<void>)[],
  signal: AbortSignal,
): Promise<void> {
  // Not of `AbortSignal.any`, which in some versions of Node forgets who listens.
  const end = new AbortController();
  // Each work listens, and each request of it.
  setMaxListeners(0, end.signal);
  const endAll = (): void => end.abort();
  signal.addEventListener('abort', endAll);
  if (signal.aborted) endAll();
  const outcomes = await Promise.allSettled(works.map(work => work(end.signal).finally(endAll)));
  signal.removeEventListener('abort', endAll);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
