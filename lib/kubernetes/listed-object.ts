import { isUtf8 } from 'node:buffer';
import { recordAt, textAt } from '../guard/json-value.js';
import { textOf } from '../guard/thrown.js';
import type { ReadBytes } from './bounded-bytes.js';

/** Something in the place of an object that cannot be read: who looks at it is told why, by what its `metadata` throws. */
export function unreadObject(why: string): object {
  return {
    get metadata(): never {
      throw new Error(why);
    },
  };
}

/** Reads JSON from bytes that are UTF-8. They do not change afterwards. */
export type ParseJson = (bytes: Buffer) => unknown;

/** All of it at once. */
export function parseJson(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString());
}

/** What bytes hold as JSON, or why they do not. Text that is not UTF-8 would be read as another text. */
export function parseBytes(
  read: ReadBytes,
  parse: ParseJson = parseJson,
): { readonly value: unknown } | { readonly why: string } {
  if ('skippedBytes' in read) return { why: `it has ${read.skippedBytes} bytes, which is too many` };
  if (!isUtf8(read.bytes)) return { why: 'it is not UTF-8' };
  try {
    return { value: parse(read.bytes) };
  } catch (error) {
    return { why: `it is no JSON: ${textOf(error)}` };
  }
}

/** An object of a list as bytes and as what they hold. */
export interface ListedObject {
  readonly object: unknown;
  readonly version: string;
  /** Empty where it could not be read. */
  readonly bytes: Buffer;
}

const NOTHING = Buffer.alloc(0);

/** Of what has no uid nobody can say which object it is, so it may be any that is missing. */
export function listedObjectOf(read: ReadBytes, parse?: ParseJson): ListedObject {
  const parsed = parseBytes(read, parse);
  const unread = (why: string): ListedObject => ({ object: unreadObject(why), version: '', bytes: NOTHING });
  if ('why' in parsed) return unread(parsed.why);
  const metadata = recordAt(parsed.value, 'metadata');
  if (textAt(metadata, 'uid') === '') return unread('it has no uid');
  const bytes = 'bytes' in read ? read.bytes : NOTHING;
  return { object: parsed.value, version: textAt(metadata, 'resourceVersion'), bytes };
}
