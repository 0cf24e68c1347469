// The chunk that one iteration is filling, in the kernel's memory. It holds what it holds until the next step of any
// iteration in this thread: whoever wants to keep a chunk copies it at once.
import { rowKernel } from '../rows/row-kernel.js';
import type { RowKernel } from '../rows/row-kernel.js';
import { OUT, OUT_BYTES } from '../rows/row-layout.js';

export type Chunks = Generator<Uint8Array, void, undefined>;

export const OUT_END = OUT + OUT_BYTES;

export class ChunkOutput {
  readonly kernel: RowKernel = rowKernel();
  /** Where the next byte goes. */
  at = OUT;
  /** Whose template was put into the memory since the last chunk was given away. */
  staged: unknown;

  get isEmpty(): boolean {
    return this.at === OUT;
  }

  /** Bytes as they are; in parts only if they are longer than a chunk. */
  *bytes(bytes: Uint8Array): Chunks {
    if (bytes.length <= OUT_BYTES && this.at + bytes.length > OUT_END) yield this.take();
    for (let from = 0; from < bytes.length;) {
      if (this.at === OUT_END) yield this.take();
      const part = bytes.subarray(from, from + OUT_END - this.at);
      this.kernel.bytes.set(part, this.at);
      this.at += part.length;
      from += part.length;
    }
  }

  /** What was not given away yet. */
  *rest(): Chunks {
    if (!this.isEmpty) yield this.take();
  }

  /** Begins a new chunk. The memory is everybody's until the next step. */
  take(): Uint8Array {
    const chunk = this.kernel.bytes.subarray(OUT, this.at);
    this.at = OUT;
    this.staged = undefined;
    return chunk;
  }
}
