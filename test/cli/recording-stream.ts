import { Writable } from 'node:stream';

/** A stream that remembers what was written to it, one element per write. */
export function recordingStream(written: string[]): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: string, _, done) {
      written.push(chunk);
      done();
    },
  });
}
