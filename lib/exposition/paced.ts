import { setImmediate } from 'node:timers/promises';

/** Other work of this thread gets its turn between two chunks, also when they are taken at once. */
export async function* paced(chunks: Iterable<string>): AsyncGenerator<string, void, undefined> {
  for (const chunk of chunks) {
    yield chunk;
    await setImmediate();
  }
}
