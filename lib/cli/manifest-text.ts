import { isUtf8 } from 'node:buffer';

/** A text, or why its bytes are none. */
export type DecodedText = { readonly text: string } | { readonly unreadable: string; readonly line: number };

const LINE_FEED = 0x0a;

/**
 * The text of a manifest as Go's YAML finds it: UTF-8, or UTF-16 with a byte order mark, without the mark. Bytes that are no UTF-8 are refused
 * in YAML; in JSON Go replaces them.
 */
export function decodeManifest(bytes: Uint8Array): DecodedText {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [first, second] = buffer;
  if (first === 0xff && second === 0xfe) return { text: decodeUtf16(buffer.subarray(2)) };
  if (first === 0xfe && second === 0xff)
    // An odd byte at the end belongs to no character.
    return { text: decodeUtf16(Buffer.from(buffer.subarray(2, buffer.length & ~1)).swap16()) };
  if (buffer.length > 1 && (first === 0) !== (second === 0)) {
    const unreadable = 'UTF-16 without a byte order mark: neither Argo nor kubectl can read it';
    return { unreadable, line: 1 };
  }
  if (isUtf8(buffer) || /^\s*\{/.test(buffer.toString('latin1', 0, 1000)))
    return { text: buffer.toString('utf8').replace(/^\uFEFF/, '') };
  const line = lineOfFirstError(buffer);
  return { unreadable: `line ${line} is not UTF-8: Go's YAML refuses such bytes`, line };
}

function decodeUtf16(bytes: Buffer): string {
  return bytes.toString('utf16le');
}

/** A line feed is never a part of another character. */
function lineOfFirstError(buffer: Buffer): number {
  let line = 1;
  for (let start = 0; start < buffer.length; line++) {
    const lineFeed = buffer.indexOf(LINE_FEED, start);
    const end = lineFeed < 0 ? buffer.length : lineFeed;
    if (!isUtf8(buffer.subarray(start, end))) break;
    start = end + 1;
  }
  return line;
}
