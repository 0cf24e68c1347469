// The kernel in a store's memory, one instruction at a time: what another thread may see, and do, between any two.
import type { Kernel } from '../../lib/memory/kernel.js';
import { KERNEL_BASE64 } from '../../lib/memory/kernel-binary.js';
import { computeLayout, writeHeader } from '../../lib/memory/layout.js';
import { UndoMemory } from '../model/undo-memory.js';
import { WasmFrame } from '../model/wasm-frame.js';
import { decodeModule, NO_SECRET } from '../model/wasm-module.js';

export type Call = readonly [name: keyof Kernel, ...args: number[]];

const kernel = decodeModule(Buffer.from(KERNEL_BASE64, 'base64'));

export const layout = computeLayout({
  maxBytes: 64_000,
  stripes: 2,
  maxStreams: 3,
  maxBoundaries: 1,
  maxSeries: 3,
  maxLabelBytes: 128,
});

/** The only text that is there: a boundary. */
const BOUNDARY = 2.5;

export class InterpretedKernel {
  readonly memory: UndoMemory;

  /** @param before what was called already */
  constructor(before: readonly Call[]) {
    const buffer = new SharedArrayBuffer(layout.pages * 65_536);
    writeHeader(buffer, layout, NO_SECRET);
    new Float64Array(buffer)[layout.text / 8] = BOUNDARY;
    this.memory = new UndoMemory(new Int32Array(buffer));
    for (const call of before) this.finish(this.begin(call));
  }

  begin([name, ...args]: Call): WasmFrame {
    return WasmFrame.call(kernel.get(name)!, args);
  }

  /** What it answers. */
  finish(frame: WasmFrame): number | bigint | undefined {
    while (frame.stop !== 'returned') frame.step(this.memory);
    return frame.answer();
  }

  /** Goes on until the next instruction is a compare-and-swap. False when there is none. */
  toCompareExchange(frame: WasmFrame): boolean {
    while (frame.stop !== 'returned') {
      if (frame.stop === 'access' && frame.access().kind === 'compareExchange') return true;
      frame.step(this.memory);
    }
    return false;
  }
}
