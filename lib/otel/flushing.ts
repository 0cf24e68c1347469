// Who flushes what: the readers of a store in this thread, when the store is asked to, and when the process has nothing
// left to do.
import { diag } from '../guard/guarded-diag.js';
import type { StoreCore } from '../store/store-core.js';

type Flush = () => Promise<void>;

const readers = new WeakMap<StoreCore, Set<Flush>>();

/** Returns what takes the reader out again. */
export function registerFlush(core: StoreCore, flush: Flush): () => void {
  const flushes = readers.get(core) ?? new Set<Flush>();
  readers.set(core, flushes.add(flush));
  return () => void flushes.delete(flush);
}

/** All of them, whichever fails; rejects with the first failure. */
export async function flushReaders(core: StoreCore): Promise<void> {
  const results = await Promise.allSettled([...(readers.get(core) ?? [])].map(flush => flush()));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/** Once: what a flush does is something to do, after which the process is about to exit again. Returns what forgets it. */
export function flushBeforeExit(flush: Flush): () => void {
  const onExit = (): void =>
    void flush().catch((error: unknown) =>
      diag.error('otel-argo-metrics: the flush before exit failed', error),
    );
  process.once('beforeExit', onExit);
  return () => void process.off('beforeExit', onExit);
}
