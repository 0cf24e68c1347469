import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

export interface FileBounds {
  /** A file of more bytes is not read. */
  readonly bytesMax: number;
  /** How long a pipe or a device may stay silent, in milliseconds. @defaultValue `10_000` */
  readonly silenceMillis?: number;
}

const SILENCE_MILLIS = 10_000;
/** A pipe without a writer or a terminal would block a thread that the process waits for when it ends. */
const FLAGS = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0);
const CHUNK_BYTES = 65_536;
const POLL_MILLIS = 10;

/**
 * Reads a whole file into memory: a regular one, or a pipe or a device, which may come with `<(command)`. What has no end
 * and what says nothing is given up.
 *
 * @throws Error with the reason, which names the path when the system said it.
 */
export async function readBoundedFile(path: string, bounds: FileBounds): Promise<Buffer> {
  const file = await open(path, FLAGS);
  try {
    return await readAll(file, bounds);
  } finally {
    await file.close();
  }
}

async function readAll(file: FileHandle, { bytesMax, silenceMillis }: FileBounds): Promise<Buffer> {
  const { size } = await file.stat();
  if (size > bytesMax) throw tooLarge(bytesMax);
  const chunks: Buffer[] = [];
  let byteLength = 0;
  for (;;) {
    const chunk = await readChunk(file, silenceMillis ?? SILENCE_MILLIS);
    if (chunk.length === 0) return Buffer.concat(chunks);
    byteLength += chunk.length;
    if (byteLength > bytesMax) throw tooLarge(bytesMax);
    chunks.push(chunk);
  }
}

/** Empty at the end of the file. */
async function readChunk(file: FileHandle, silenceMillis: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let waited = 0; waited <= silenceMillis; waited += POLL_MILLIS) {
    try {
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, null);
      return buffer.subarray(0, bytesRead);
    } catch (error) {
      // A pipe whose writer is alive and has not written yet.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    }
    await delay(POLL_MILLIS);
  }
  throw new Error(`nothing came for ${silenceMillis / 1000} seconds`);
}

function tooLarge(bytesMax: number): Error {
  return new Error(`larger than ${bytesMax} bytes`);
}
