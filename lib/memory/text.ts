// Text in shared memory: written once, before the store of the word that publishes it, and read by collectors only.
import { AdmissionTries } from './admission-tries.js';
import { EncodedText } from './encoded-text.js';
import type { Region } from './region.js';
import type { StatisticName } from './statistics.js';
import * as words from './words.js';

/** Where a text stands. */
export interface StoredText {
  readonly address: number;
  readonly length: number;
}

/**
 * Texts are kept in sizes, four to each doubling from 64 bytes on, so that one that was given back fits the next: at most
 * a quarter of a text's place is unused.
 */
export function textSizeOf(length: number): { readonly list: number; readonly size: number } {
  if (length <= 64) {
    const list = Math.max(0, Math.ceil(length / 8) - 1);
    return { list, size: 8 * (list + 1) };
  }
  const doubling = Math.floor(Math.log2(length - 1)); // 64 < length <= 128: 6
  const step = 2 ** (doubling - 2);
  const steps = Math.ceil((length - 2 ** doubling) / step);
  return { list: 8 + (doubling - 6) * 4 + steps - 1, size: 2 ** doubling + steps * step };
}

/** Why there is no place for a text. */
export type TextRefusal = Extract<StatisticName, 'labelBytesExhausted' | 'contended'>;

/** Copies `text` into shared memory. Any thread. */
export function storeText(region: Region, text: string): StoredText | TextRefusal {
  const encoded = EncodedText.take();
  encoded.put(text);
  const stored = storeEncoded(region, encoded);
  EncodedText.giveBack(encoded);
  return stored;
}

/** As `storeText`. */
export function storeEncoded(region: Region, text: EncodedText): StoredText | TextRefusal {
  const { length } = text;
  const address = reserve(region, length);
  if (typeof address === 'string') return address;
  text.copyTo(region.i32, address);
  return { address, length };
}

/** Copies doubles into shared memory, as text is. */
export function storeDoubles(region: Region, values: readonly number[]): StoredText | TextRefusal {
  const length = values.length * 8;
  const address = reserve(region, length);
  if (typeof address === 'string') return address;
  region.f64.set(values, address / 8);
  return { address, length };
}

function reserve(region: Region, length: number): number | TextRefusal {
  const { list, size } = textSizeOf(length);
  for (const tries = new AdmissionTries(region); tries.next();) {
    const address = region.kernel.reserveText(list, size) >>> 0;
    if (address === words.TEXT_EXHAUSTED) return 'labelBytesExhausted';
    if (address !== words.TEXT_RETRY) return address;
  }
  return 'contended';
}

/** For a text that was never published. If the tables stay locked, its place is lost: nothing refers to it, nobody gets it. */
export function returnText(region: Region, { address, length }: StoredText): void {
  const { list, size } = textSizeOf(length);
  const tries = new AdmissionTries(region);
  while (tries.next() && region.kernel.returnText(address, list, size) === 0);
}

/** Most texts are shorter. */
const COPIED_BYTES = 4096;

let copied: Buffer | undefined;

export function loadText(region: Region, address: number, length: number): string {
  // A copy, because decoders refuse shared memory in some versions of Node; into the same memory, because there may be a
  // million of them.
  const copy = length > COPIED_BYTES ? Buffer.alloc(length) : (copied ??= Buffer.alloc(COPIED_BYTES));
  copy.set(region.bytes.subarray(address, address + length));
  return copy.toString('utf8', 0, length);
}

/** The bytes of a text; there must be room for them. */
export function copyText(region: Region, address: number, length: number, to: Uint8Array, at: number): void {
  to.set(region.bytes.subarray(address, address + length), at);
}

/** The same in words, of which the last one may have bytes behind the text. Not slower for a short one. */
export function copyWords(region: Region, address: number, length: number, to: Int32Array): void {
  const first = address / 4;
  const count = (length + 3) >> 2;
  if (count > COPIED_ONE_BY_ONE) return to.set(region.i32.subarray(first, first + count));
  for (let index = 0; index < count; index++) to[index] = region.i32[first + index] ?? 0;
}

/** Words: below this, what it takes to ask the engine to copy is more than the copying. */
const COPIED_ONE_BY_ONE = 64;

/** Bytes of text in use. */
export function textBytes(region: Region): number {
  const end = Atomics.load(region.u32, words.TEXT_USED_END / 4);
  return end - region.layout.text - Atomics.load(region.u32, words.TEXT_FREE_BYTES / 4);
}
