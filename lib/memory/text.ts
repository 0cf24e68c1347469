/*
 * Text in shared memory: written once, before the store of the word that publishes it, and read by collectors only.
 */
import type { Region } from './region.js';
import * as words from './words.js';

/** Where a text stands. `reserved` is what it takes: the arena deals in multiples of 8. */
export interface StoredText {
  readonly address: number;
  readonly length: number;
  readonly reserved: number;
}

/** Copies `text` into shared memory. Undefined when the arena is full. Any thread. */
export function storeText(region: Region, text: string): StoredText | undefined {
  const encoded = Buffer.from(text, 'utf8');
  const reserved = Math.max(8, Math.ceil(encoded.length / 8) * 8);
  const address = region.kernel.reserveText(reserved) >>> 0;
  if (address === 0) return undefined;
  region.bytes.set(encoded, address);
  return { address, length: encoded.length, reserved };
}

/** Copies doubles into shared memory and returns their address, or 0 when the arena is full. */
export function storeDoubles(region: Region, values: readonly number[]): number {
  if (values.length === 0) return 0;
  const address = region.kernel.reserveText(values.length * 8) >>> 0;
  if (address !== 0) region.f64.set(values, address / 8);
  return address;
}

/** For a text that was never published. */
export function returnText(region: Region, text: StoredText): void {
  region.kernel.returnText(text.address, text.reserved);
}

export function loadText(region: Region, address: number, length: number): string {
  // A copy, because decoders refuse shared memory in some versions of Node.
  return Buffer.from(region.bytes.slice(address, address + length)).toString('utf8');
}

/** Bytes of text in use. */
export function textBytes(region: Region): number {
  return (Atomics.load(region.u32, words.TEXT_END / 4) >>> 0) - region.layout.text;
}
