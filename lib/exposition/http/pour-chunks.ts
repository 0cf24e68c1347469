import { Transform, type Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import { signHurry } from '../../guard/hurry.js';
import { ChunkRing } from './chunk-ring.js';

export interface PourOptions {
  /** 0: as it is. Metrics repeat themselves so much that level 1 makes them ten times smaller already. */
  readonly gzipLevel: number;
  /** Cuts the answer off. */
  readonly signal: AbortSignal;
  /** Told whenever a chunk was made, and whenever one was taken. */
  readonly moved?: (() => void) | undefined;
}

/**
 * Sends chunks, each of which needs to last only until the next one is asked for, and ends `to`. They are made while they
 * are sent: a client that takes its time slows down the making, and one that stops reading stops it. Between two chunks
 * other work of the thread has its turn.
 *
 * Rejects when `to` was closed before the end, what makes the chunks throws, or the signal says so.
 */
export async function pourChunks(
  chunks: Iterable<Uint8Array>,
  to: Writable,
  { gzipLevel, signal, moved }: PourOptions,
): Promise<void> {
  const ring = new ChunkRing(moved);
  const close = (): void => ring.close();
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();
  const between = gzipLevel > 0 ? createGzip({ level: gzipLevel }) : isWrapped(to) ? copying() : undefined;
  const sent = between === undefined ? finished(to, { signal }) : pipeline([between, to], { signal });
  // Nothing is made that nobody will have.
  const over = sent.finally(close);
  const outcomes = await Promise.allSettled([makeInto(between ?? to, chunks, ring), over]);
  signal.removeEventListener('abort', close);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/** Middleware that compresses, for example, puts a `write` of its own there, which need not say when it has read what it got. */
function isWrapped(to: Writable): boolean {
  return Object.hasOwn(to, 'write');
}

/** Gives on memory that nobody uses again. */
function copying(): Transform {
  return new Transform({ transform: (chunk: Uint8Array, _, done) => done(null, Buffer.from(chunk)) });
}

async function makeInto(target: Writable, chunks: Iterable<Uint8Array>, ring: ChunkRing): Promise<void> {
  const iterator = chunks[Symbol.iterator]();
  try {
    while (await ring.hasRoom()) {
      signHurry();
      const next = iterator.next();
      if (next.done === true) {
        target.end();
        return;
      }
      const { bytes, done } = ring.hold(next.value);
      target.write(bytes, done);
      await setImmediate();
    }
  } catch (error) {
    target.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  } finally {
    iterator.return?.();
  }
}
