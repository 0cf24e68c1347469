import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';

/** What a worker says first: a text. Rejects when it fails, or ends without a word. */
export async function firstMessage(worker: Worker): Promise<string> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const ended = once(worker, 'exit', { signal }).then(([code]: unknown[]) => {
    throw new Error(`the worker ended with code ${String(code)}, and said nothing`);
  });
  try {
    const [message] = (await Promise.race([once(worker, 'message', { signal }), ended])) as [string];
    return message;
  } finally {
    waiting.abort();
    ended.catch(() => undefined);
  }
}
