// Sketches of the sets that streams refused, which are counted nowhere else: registers of HyperLogLog that only rise, so all
// threads raise them by themselves, in any order and more than once, and who dies in between has missed at most one set. What
// registers mean is told by who raises them. Taken when a stream refuses for the first time, and never given back. Any thread.
import type { Region } from './region.js';
import * as words from './words.js';

/** Bytes of a key that there is room for. */
const KEY_BYTES = words.SKETCH_LABEL_VALUES - words.SKETCH_LABEL_KEY;

/** The address of a stream's sketch; 0: it has none. */
export function findSketch(region: Region, stream: number): number {
  if (!hasRoom(region)) return 0;
  const address = Atomics.load(region.u32, headOf(region, stream));
  return address === words.SKETCH_EXHAUSTED ? 0 : address;
}

/** As `findSketch`, and begins one; 0: there is no room, and never will be. */
export function beginSketch(region: Region, stream: number): number {
  if (!hasRoom(region)) return 0;
  const head = headOf(region, stream);
  if (Atomics.load(region.u32, head) !== 0) return findSketch(region, stream);
  const taken = take(region, words.SKETCH_SIZE);
  const mine = taken === 0 ? words.SKETCH_EXHAUSTED : taken;
  if (Atomics.compareExchange(region.u32, head, 0, mine) !== 0 && taken !== 0)
    giveBack(region, taken, words.SKETCH_SIZE);
  return findSketch(region, stream);
}

/** The sketches of a stream's labels, from one number on; the address 0 ends them. */
export function labelAt(region: Region, sketch: number, number: number): number {
  if (number >= words.SKETCH_LABEL_COUNT) return 0;
  return Atomics.load(region.u32, (sketch + words.SKETCH_LABELS) / 4 + number);
}

/** A label by the hash of its key, and where the key stands in bytes. */
export interface LabelKey {
  readonly low: number;
  readonly high: number;
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/**
 * Finds the sketches of a label or begins them; 0: there is no room, or another thread just takes the last one for this label:
 * then a set of this thread may count as one without it.
 */
export function beginLabel(region: Region, sketch: number, key: LabelKey): number {
  let taken = 0;
  let label = 0;
  for (let number = 0; number < words.SKETCH_LABEL_COUNT && label === 0; number++) {
    let found = labelAt(region, sketch, number);
    if (found === 0) {
      if (taken === 0) taken = takeLabel(region, key);
      if (taken === 0) break;
      const index = (sketch + words.SKETCH_LABELS) / 4 + number;
      found = Atomics.compareExchange(region.u32, index, 0, taken);
      if (found === 0) return taken;
    }
    if (isOf(region, found, key)) label = found;
  }
  if (taken !== 0) giveBack(region, taken, words.SKETCH_LABEL_SIZE);
  if (label === 0) noteLost(region, sketch);
  return label;
}

/** Something is not in the sketch, nor ever was. */
export function noteLost(region: Region, sketch: number): void {
  Atomics.store(region.i32, (sketch + words.SKETCH_LOST) / 4, 1);
}

/** Whether everything is in the sketch, such as all labels of the sets. */
export function isWhole(region: Region, sketch: number): boolean {
  return Atomics.load(region.i32, (sketch + words.SKETCH_LOST) / 4) === 0;
}

/**
 * Adds the sets that came before a label to those without it. To be called before a set that has the label is counted, by
 * everybody who finds the label, as who began it may have died: what was read before anybody was done has no such set in it.
 */
export function copySets(region: Region, sketch: number, label: number): void {
  const copied = (label + words.SKETCH_LABEL_COPIED) / 4;
  if (Atomics.load(region.i32, copied) !== 0) return;
  const first = (sketch + words.SKETCH_SETS) / 4;
  const sets = Int32Array.from({ length: REGISTER_WORDS }, (_, index) => loadWord(region, first + index));
  if (Atomics.load(region.i32, copied) !== 0) return;
  for (let index = 0; index < REGISTER_WORDS; index++)
    for (let byte = 0; byte < 4; byte++)
      raise(
        region,
        label + words.SKETCH_LABEL_WITHOUT,
        4 * index + byte,
        ((sets[index] ?? 0) >>> (8 * byte)) & 255,
      );
  Atomics.store(region.i32, copied, 1);
}

/** Raises a register of the sketch at an address, unless it is as high. */
export function raise({ i32 }: Region, address: number, register: number, rank: number): void {
  const index = (address + register) >>> 2;
  const shift = 8 * (register & 3);
  for (let word = Atomics.load(i32, index); ((word >>> shift) & 255) < rank;) {
    const found = Atomics.compareExchange(i32, index, word, (word & ~(255 << shift)) | (rank << shift));
    if (found === word) return;
    word = found;
  }
}

/** A copy of the registers at an address. */
export function readRegisters(region: Region, address: number): Uint8Array {
  const copy = new Int32Array(REGISTER_WORDS);
  for (let index = 0; index < REGISTER_WORDS; index++) copy[index] = loadWord(region, address / 4 + index);
  return new Uint8Array(copy.buffer);
}

/** What a label is called, as `beginLabel` was given it. */
export function readLabel(
  region: Region,
  label: number,
): { readonly low: number; readonly high: number; readonly key: Buffer } {
  const at = (offset: number): number => loadWord(region, (label + offset) / 4);
  const key = new Int32Array(KEY_BYTES / 4);
  for (let index = 0; index < key.length; index++) key[index] = at(words.SKETCH_LABEL_KEY + 4 * index);
  return {
    low: at(words.SKETCH_LABEL_LOW),
    high: at(words.SKETCH_LABEL_HIGH),
    key: Buffer.from(key.buffer).subarray(0, at(words.SKETCH_LABEL_LENGTH)),
  };
}

const REGISTER_WORDS = words.SKETCH_REGISTER_COUNT / 4;

function hasRoom({ layout: { sketches, end } }: Region): boolean {
  return sketches < end;
}

function headOf({ layout: { sketchHeads } }: Region, stream: number): number {
  return sketchHeads / 4 + stream;
}

function loadWord({ i32 }: Region, index: number): number {
  return Atomics.load(i32, index);
}

function isOf(region: Region, label: number, { low, high }: LabelKey): boolean {
  return (
    loadWord(region, (label + words.SKETCH_LABEL_LOW) / 4) === low &&
    loadWord(region, (label + words.SKETCH_LABEL_HIGH) / 4) === high
  );
}

function takeLabel(region: Region, { low, high, bytes, from, to }: LabelKey): number {
  if (to - from > KEY_BYTES) return 0;
  const label = take(region, words.SKETCH_LABEL_SIZE);
  if (label === 0) return 0;
  const { i32 } = region;
  Atomics.store(i32, (label + words.SKETCH_LABEL_LOW) / 4, low);
  Atomics.store(i32, (label + words.SKETCH_LABEL_HIGH) / 4, high);
  Atomics.store(i32, (label + words.SKETCH_LABEL_LENGTH) / 4, to - from);
  const key = new Int32Array(KEY_BYTES / 4);
  new Uint8Array(key.buffer).set(bytes.subarray(from, to));
  const first = (label + words.SKETCH_LABEL_KEY) / 4;
  for (const [index, word] of key.entries()) Atomics.store(i32, first + index, word);
  return label;
}

/** 0: there is no room. Who dies before it is published leaves it taken. */
function take(region: Region, bytes: number): number {
  const { sketches, end } = region.layout;
  const index = words.SKETCH_BYTES_USED / 4;
  for (let used = loadWord(region, index); sketches + used + bytes <= end;) {
    const found = Atomics.compareExchange(region.i32, index, used, used + bytes);
    if (found === used) return sketches + used;
    used = found;
  }
  return 0;
}

/** Another thread was first. If somebody took something since, it is lost. */
function giveBack(region: Region, address: number, bytes: number): void {
  // The next one to have it may be a stream's.
  for (let at = address; at < address + words.SKETCH_LABEL_VALUES; at += 4)
    Atomics.store(region.i32, at / 4, 0);
  const start = address - region.layout.sketches;
  Atomics.compareExchange(region.i32, words.SKETCH_BYTES_USED / 4, start + bytes, start);
}
