// What a worker thread prints goes through the event loop of the main thread, which at the end of the process turns no more.
// So the collector thread writes to the process' own output itself. For a console exporter.
import { writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { monotonicMillis } from '../waiting.js';

type Write = (file: number, bytes: Uint8Array) => number;

/** How long who reads the output may take nothing of it. */
const PATIENCE_MILLIS = 1000;

/** An output of this thread, and the number of the file that it is. */
type Output = readonly [stream: Writable, file: number];

/** From now on what this thread prints is written when it is printed. */
export function printSynchronously(
  outputs: readonly Output[] = [
    [process.stdout, 1],
    [process.stderr, 2],
  ],
  write: Write = writeSync,
): void {
  for (const [stream, file] of outputs) redirect(stream, chunk => writeWhole(write, file, chunk));
}

function redirect(stream: Writable, print: (chunk: Uint8Array) => void): void {
  stream._write = (chunk: Uint8Array | string, encoding, callback): void => {
    print(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
    callback();
  };
  // Undefined in the place of a method: one chunk at a time.
  Object.assign(stream, { _writev: undefined });
}

/** Who reads may be gone, or too slow: then the rest is lost. */
function writeWhole(write: Write, file: number, bytes: Uint8Array): void {
  let progressAt = monotonicMillis();
  for (let rest = bytes; rest.length > 0;)
    try {
      rest = rest.subarray(write(file, rest));
      progressAt = monotonicMillis();
    } catch (error) {
      const isFull = (error as { code?: unknown }).code === 'EAGAIN';
      if (!isFull || monotonicMillis() - progressAt > PATIENCE_MILLIS) return;
    }
}
