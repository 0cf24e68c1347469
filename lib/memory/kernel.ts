/*
 * The kernel's functions as TypeScript sees them. Instantiated once per thread and memory, synchronously and without a
 * file, so that `require()` of this package works and bundlers need no plugin.
 */
import { MetricStoreError } from '../errors.js';
import { KERNEL_BASE64 } from './kernel-binary.js';

/** Addresses and indexes are numbers; answers are the constants at the end of words.ts. */
export interface Kernel {
  add(stripe: number, slot: number, value: number): number;
  addAlone(stripe: number, slot: number, value: number): number;
  record(stripe: number, slot: number, value: number, boundaries: number, count: number): number;
  recordAlone(stripe: number, slot: number, value: number, boundaries: number, count: number): number;
  write(stripe: number, slot: number, operation: number, value: number): number;
  writeAlone(stripe: number, slot: number, operation: number, value: number): number;
  takeRight(force: number, seenLow: number, seenHigh: number): number;
  giveRight(generation: number): number;
  beat(generation: number): number;
  swap(generation: number): number;
  quiesce(generation: number): number;
  settle(generation: number, cutAt: number): number;
  drain(generation: number, stripe: number, bank: number, steps: number): number;
  emptyHalf(generation: number, plane: number, half: number, merge: number, steps: number): number;
  sealHalf(generation: number, plane: number): number;
  find(a: number, b: number, c: number, d: number): number;
  admit(a: number, b: number, c: number, d: number, stream: number, text: number, length: number, start: number): number;
  admitStream(
    expected: number,
    a: number,
    b: number,
    c: number,
    d: number,
    text: number,
    length: number,
    limit: number,
    cell: number,
    boundaries: number,
    start: number,
  ): number;
  reserveText(length: number): number;
  returnText(address: number, length: number): void;
}

/** @throws MetricStoreError WEBASSEMBLY_UNAVAILABLE under `--jitless`. */
export function instantiateKernel(memory: WebAssembly.Memory): Kernel {
  const module = new WebAssembly.Module(Buffer.from(KERNEL_BASE64, 'base64'));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernel;
}

/** @throws MetricStoreError WEBASSEMBLY_UNAVAILABLE with the remedy. */
export function requireWebAssembly(): void {
  if (typeof WebAssembly === 'undefined')
    throw new MetricStoreError(
      'WEBASSEMBLY_UNAVAILABLE',
      'this Node process has no WebAssembly, which the store records with: start it without --jitless',
    );
}
