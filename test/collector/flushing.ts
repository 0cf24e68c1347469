// Waiting for a collector thread that ends and is started again.
import { setTimeout as pause } from 'node:timers/promises';
import type { CollectorThread } from '../../lib/index.js';

/** As soon as a thread is there. */
export async function tryToFlush(collector: CollectorThread): Promise<'flushed' | 'ended'> {
  for (;;)
    try {
      await collector.forceFlush();
      return 'flushed';
    } catch (error) {
      if (String(error).includes('ended meanwhile')) return 'ended';
      await pause(1);
    }
}

export async function flush(collector: CollectorThread): Promise<void> {
  while ((await tryToFlush(collector)) === 'ended');
}

export async function untilRestarts(collector: CollectorThread, restarts: number): Promise<void> {
  while (collector.restarts < restarts) await pause(1);
}
