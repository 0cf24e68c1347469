// The memory of a store as the explorer holds it: one copy, a log of what was overwritten, so that a step can be taken
// back, and a hash that is kept up to date with every store.
import type { MemoryAccess } from './wasm-module.js';

/** A 32-bit mix in which each bit of the input reaches each bit of the output (MurmurHash3's finalizer). */
export function mix(value: number): number {
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}

const scratch = new Float64Array(1);
const halves = new Int32Array(scratch.buffer);
const whole = new BigInt64Array(scratch.buffer);

export class UndoMemory {
  readonly words: Int32Array;
  /** Two halves of the hash of everything that was changed since the beginning. */
  hashA = 0;
  hashB = 0;
  /** Index and former value, by turns. */
  readonly #log: number[] = [];

  constructor(words: Int32Array) {
    this.words = words;
  }

  mark(): number {
    return this.#log.length;
  }

  /** Takes back everything since `mark`. */
  undo(mark: number): void {
    while (this.#log.length > mark) {
      const value = this.#log.pop()!;
      this.#put(this.#log.pop()!, value);
    }
  }

  load(address: number, { type, bytes }: MemoryAccess): number | bigint {
    const index = address >> 2;
    if (bytes === 4) return type === 'i64' ? BigInt(this.words[index]! >>> 0) : this.words[index]!;
    halves[0] = this.words[index]!;
    halves[1] = this.words[index + 1]!;
    return type === 'f64' ? scratch[0]! : whole[0]!;
  }

  store(address: number, { type, bytes }: MemoryAccess, value: number | bigint): void {
    const index = address >> 2;
    if (bytes === 4 && type === 'i32') return this.#write(index, Number(value) | 0);
    if (type === 'f64') scratch[0] = value as number;
    else whole[0] = value as bigint;
    const high = halves[1]!;
    this.#write(index, halves[0]!);
    if (bytes === 8) this.#write(index + 1, high);
  }

  /** One access as a whole. The answer is undefined for a store. */
  perform(
    access: MemoryAccess,
    address: number,
    value: number | bigint,
    expected: number | bigint,
  ): number | bigint | undefined {
    if (address % access.bytes !== 0 || address < 0 || address + access.bytes > this.words.length * 4)
      throw new Error(`a ${access.kind} of ${access.bytes} bytes at ${address}`);
    if (access.kind === 'store') {
      this.store(address, access, value);
      return undefined;
    }
    const was = this.load(address, access);
    if (access.kind === 'load') return was;
    if (access.kind === 'compareExchange') {
      if (was === expected) this.store(address, access, value);
    } else if (access.kind === 'exchange') this.store(address, access, value);
    else if (access.type === 'i64') {
      const sum =
        access.kind === 'add' ? (was as bigint) + (value as bigint) : (was as bigint) - (value as bigint);
      this.store(address, access, BigInt.asIntN(64, sum));
    } else {
      const by = access.kind === 'add' ? (value as number) : -(value as number);
      this.store(address, access, ((was as number) + by) | 0);
    }
    return was;
  }

  #write(index: number, value: number): void {
    const was = this.words[index]!;
    if (was === value) return;
    this.#log.push(index, was);
    this.#put(index, value);
  }

  #put(index: number, value: number): void {
    const was = this.words[index]!;
    const seed = Math.imul(index + 1, 0x9e3779b1);
    this.hashA ^= mix(was ^ seed) ^ mix(value ^ seed);
    this.hashB ^= mix(was + Math.imul(seed, 0x27d4eb2f)) ^ mix(value + Math.imul(seed, 0x27d4eb2f));
    this.words[index] = value;
  }
}
