// The way of a text to its client: made while it is taken, compressed on the way, cut off when the client is gone or slow.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { unref } from '../../guard/deadline.js';
import { onceClosed } from './once-closed.js';
import { pourChunks } from './pour-chunks.js';
import type { ScrapePlace } from './scrape-places.js';

export interface SendOptions {
  /** 0: not compressed. */
  readonly gzipLevel: number;
  /** How long the client may take for all of it. */
  readonly answerTimeoutMillis: number;
  /** Of the answer: it is taken away from who takes nothing while others wait for one. */
  readonly place?: Pick<ScrapePlace, 'isSending' | 'moved'>;
}

/**
 * Sends the chunks as the body of a response whose head is written. A slow client slows down the making, and the event loop
 * gets its turn between two chunks.
 *
 * Rejects when the client goes away, or was too slow, and its connection is closed. The chunks end in any case.
 */
export async function sendChunks(
  chunks: Iterable<Uint8Array>,
  { socket, httpVersionMajor }: IncomingMessage,
  response: ServerResponse,
  { gzipLevel, answerTimeoutMillis, place }: SendOptions,
): Promise<void> {
  // By hand, because a response that waits behind another one of its connection never hears that this was closed.
  const cutOff = new AbortController();
  const { signal } = cutOff;
  const aborted = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(new Error('The client went away, or was too slow.'))),
  );
  const abort = (): void => cutOff.abort();
  const timer = setTimeout(abort, answerTimeoutMillis);
  unref(timer);
  place?.isSending(abort);
  const forget = onceClosed(socket, abort);
  try {
    await Promise.race([aborted, pourChunks(chunks, response, { gzipLevel, signal, moved: place?.moved })]);
  } finally {
    clearTimeout(timer);
    forget();
    // A connection of HTTP/2 is shared by requests that have nothing to do with this one.
    if (signal.aborted) (httpVersionMajor < 2 ? socket : response).destroy();
  }
}
