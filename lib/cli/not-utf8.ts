import { isUtf8 } from 'node:buffer';

/** Why bytes are no text that JSON may be written in; `undefined` when they are one. */
export function whyNotUtf8(bytes: Buffer): string | undefined {
  const [first, second] = bytes;
  if (first === 0x1f && second === 0x8b) return 'compressed with gzip: unpack it first';
  const hasUtf16Mark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  // No text of JSON has a zero byte in UTF-8; in UTF-16 each second one is.
  if (hasUtf16Mark || (bytes.length > 1 && (first === 0) !== (second === 0)))
    return 'UTF-16, but JSON is read as UTF-8: convert the file';
  if (bytes.includes(0)) return 'binary, not JSON';
  return isUtf8(bytes) ? undefined : 'not UTF-8, which JSON is written in';
}
