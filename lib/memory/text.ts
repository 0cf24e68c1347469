/*
 * Text in shared memory: written once, before the store of the word that publishes it, and read by collectors only.
 */
import type { Region } from './region.js';
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

/** Copies `text` into shared memory. Undefined when the arena is full. Any thread. */
export function storeText(region: Region, text: string): StoredText | undefined {
  const encoded = Buffer.from(text, 'utf8');
  const address = reserve(region, encoded.length);
  if (address === 0) return undefined;
  region.bytes.set(encoded, address);
  return { address, length: encoded.length };
}

/** Copies doubles into shared memory, as text is. Undefined when there are none, or the arena is full. */
export function storeDoubles(region: Region, values: readonly number[]): StoredText | undefined {
  const length = values.length * 8;
  const address = length === 0 ? 0 : reserve(region, length);
  if (address === 0) return undefined;
  region.f64.set(values, address / 8);
  return { address, length };
}

/** Another thread is inside a section for some ten nanoseconds; who is suspended there goes on. */
const AGAIN = 1;

function reserve(region: Region, length: number): number {
  const { list, size } = textSizeOf(length);
  let address = AGAIN;
  while (address === AGAIN) address = region.kernel.reserveText(list, size) >>> 0;
  return address;
}

/** For a text that was never published. */
export function returnText(region: Region, { address, length }: StoredText): void {
  const { list, size } = textSizeOf(length);
  while (region.kernel.returnText(address, list, size) === 0);
}

export function loadText(region: Region, address: number, length: number): string {
  // A copy, because decoders refuse shared memory in some versions of Node.
  return Buffer.from(region.bytes.slice(address, address + length)).toString('utf8');
}

/** Bytes of text in use. */
export function textBytes(region: Region): number {
  const end = Atomics.load(region.u32, words.TEXT_END / 4);
  return end - region.layout.text - Atomics.load(region.u32, words.TEXT_FREE_BYTES / 4);
}
