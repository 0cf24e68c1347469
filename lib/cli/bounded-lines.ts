/** A line of a file, or where one was that nobody should hold in memory. */
export type BoundedLine =
  { readonly number: number; readonly text: string } | { readonly number: number; readonly isTooLong: true };

const LINE_FEED = 0x0a;

/**
 * Splits bytes into lines, however they are cut into chunks, and never holds more than one line of `bytesMax`. What is
 * longer is skipped up to its end and reported by its number. The last line needs no line feed.
 */
export async function* boundedLines(
  source: AsyncIterable<Uint8Array>,
  bytesMax: number,
): AsyncGenerator<BoundedLine, void, undefined> {
  let parts: Uint8Array[] = [];
  let byteLength = 0;
  let number = 1;
  const take = (): BoundedLine => {
    const line =
      byteLength > bytesMax ? { number, isTooLong: true as const } : { number, text: textOf(parts) };
    parts = [];
    byteLength = 0;
    number += 1;
    return line;
  };
  for await (const chunk of source) {
    let start = 0;
    while (start < chunk.length) {
      const lineFeed = chunk.indexOf(LINE_FEED, start);
      const end = lineFeed < 0 ? chunk.length : lineFeed;
      byteLength += end - start;
      if (byteLength <= bytesMax) parts.push(chunk.subarray(start, end));
      else parts = [];
      if (lineFeed < 0) break;
      yield take();
      start = lineFeed + 1;
    }
  }
  if (byteLength > 0) yield take();
}

function textOf(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString('utf8');
}
