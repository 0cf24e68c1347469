import { TextDecoder } from 'node:util';

/** Chunks of text as strings. A character may begin in one chunk and end in the next, where a line is longer than a chunk. */
export function* textsOf(chunks: Iterable<Uint8Array>): Generator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  // Only then, because a decoder that is told that more may follow takes seven times as long.
  for (const chunk of chunks) yield decoder.decode(chunk, { stream: !endsWithAscii(chunk) });
}

function endsWithAscii(bytes: Uint8Array): boolean {
  return (bytes.at(-1) ?? 0x80) < 0x80;
}
