// The kernel's functions as TypeScript sees them. Instantiated once per thread and memory, synchronously and without a
// file, so that `require()` of this package works and bundlers need no plugin.
import { MetricStoreError } from '../errors.js';
import { KERNEL_BASE64 } from './kernel-binary.js';

/**
 * Addresses and indexes are numbers: a `stripe` and a `plane` are the addresses of their lines, `text` and `boundaries` of
 * what they name, a `slot`, a `stream` and a `list` are indexes. Answers are the constants at the end of words.ts.
 */
export interface Kernel {
  readonly add: (stripe: number, slot: number, live: number, value: number) => number;
  readonly addAlone: (stripe: number, slot: number, live: number, value: number) => number;
  readonly record: (
    stripe: number,
    slot: number,
    live: number,
    value: number,
    boundaries: number,
    count: number,
  ) => number;
  readonly recordAlone: (
    stripe: number,
    slot: number,
    live: number,
    value: number,
    boundaries: number,
    count: number,
  ) => number;
  readonly write: (stripe: number, slot: number, live: number, operation: number, value: number) => number;
  readonly writeAlone: (
    stripe: number,
    slot: number,
    live: number,
    operation: number,
    value: number,
  ) => number;
  readonly init: (stripe: number, slot: number, live: number) => number;
  readonly initAlone: (stripe: number, slot: number, live: number) => number;
  readonly takeRight: (force: number, seenLow: number, seenHigh: number) => number;
  readonly giveRight: (generation: number) => number;
  readonly beat: (generation: number) => number;
  readonly swap: (generation: number, now: number) => number;
  readonly quiesce: (generation: number) => number;
  readonly settle: (generation: number) => number;
  readonly drain: (generation: number, stripe: number, bank: number, steps: number, now: number) => number;
  readonly claimPlane: (plane: number, now: number) => number;
  readonly endLease: (plane: number, lease: number, before: number) => number;
  readonly emptyHalf: (generation: number, plane: number, half: number, how: number, steps: number) => number;
  readonly sealHalf: (generation: number, plane: number, lease: number, now: number) => number;
  readonly find: (a: number, b: number, c: number, d: number) => number;
  readonly admit: (
    a: number,
    b: number,
    c: number,
    d: number,
    stream: number,
    text: number,
    length: number,
    start: number,
  ) => number;
  readonly revive: (slot: number, live: number) => number;
  readonly depart: (slot: number, live: number) => number;
  readonly admitStream: (
    expected: number,
    a: number,
    b: number,
    c: number,
    d: number,
    text: number,
    length: number,
    limit: number,
    aggregation: number,
    boundaries: number,
    start: number,
    ttl: number,
    expiresAdded: number,
    canExpire: number,
    hidden: number,
  ) => number;
  readonly hashBegin: () => void;
  readonly hashBlock: (
    a: number,
    b: number,
    c: number,
    d: number,
    e: number,
    f: number,
    g: number,
    h: number,
  ) => void;
  readonly hashEnd: (
    length: number,
    a: number,
    b: number,
    c: number,
    d: number,
    e: number,
    f: number,
    g: number,
    h: number,
  ) => void;
  readonly hashWord: (index: number) => number;
  readonly reserveText: (list: number, size: number) => number;
  readonly returnText: (address: number, list: number, size: number) => number;
  readonly nextIdle: (slot: number, end: number, now: number) => number;
  readonly retire: (generation: number, slot: number) => number;
  readonly kill: (generation: number, slot: number, now: number) => number;
  readonly clearBuckets: (generation: number, slot: number) => number;
  readonly bury: (generation: number, slot: number, textList: number, textSize: number) => number;
  readonly renewOverflow: (generation: number, stream: number) => number;
  readonly restore: (
    generation: number,
    slot: number,
    live: number,
    start: number,
    used: number,
    value: number,
    kind: number,
    sum: number,
    low: number,
    high: number,
  ) => number;
  readonly restoreGroup: (
    generation: number,
    slot: number,
    live: number,
    group: number,
    a: number,
    b: number,
    c: number,
    d: number,
    e: number,
    f: number,
    g: number,
    h: number,
  ) => number;
}

/**
 * A `WebAssembly.Memory`, by what the declarations of this package may say of it: TypeScript knows that name only with the
 * browser's library, which a Node project need not have.
 */
export interface SharedMemory {
  readonly buffer: ArrayBufferLike;
}

/** The memory must come from `createRegion`. */
export function instantiateKernel(memory: SharedMemory): Kernel {
  const module = new WebAssembly.Module(Buffer.from(KERNEL_BASE64, 'base64'));
  return new WebAssembly.Instance(module, { env: { memory: memory } }).exports as unknown as Kernel;
}

/** @throws MetricStoreError WEBASSEMBLY_UNAVAILABLE with the remedy. */
export function requireWebAssembly(): void {
  if (typeof WebAssembly === 'undefined')
    throw new MetricStoreError(
      'WEBASSEMBLY_UNAVAILABLE',
      'this Node process has no WebAssembly, which the store records with: start it without --jitless',
    );
}
