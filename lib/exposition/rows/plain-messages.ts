// The functions of the row kernel that make protobuf, in plain JavaScript: where the address space has no room for another
// WebAssembly memory. Some times slower, and byte for byte the same.
import { messageAround } from './message-value.js';
import type { MessageKind } from './message-value.js';
import type { RowFunctions } from './row-functions.js';
import { NEXT_ROW } from './row-layout.js';

/** On a memory with the layout of the kernel's. */
export function plainMessages(
  bytes: Buffer,
  u32: Uint32Array,
  f64: Float64Array,
): Pick<RowFunctions, 'messageBytes' | 'putMessages'> {
  const word = (at: number): number => u32[at / 4] ?? 0;
  /** The parts of a row's message that are not its labels. */
  const around = (
    kind: number,
    bounds: readonly number[],
    offsets: number,
    data: number,
    width: number,
    row: number,
  ): readonly [labelBytes: number, before: Buffer, behind: Buffer] => {
    const labelBytes = word(offsets + 4 * row + 4) - word(offsets + 4 * row);
    const begin = data / 8 + row * width;
    const numbers = f64.subarray(begin, begin + width - 1);
    const start = f64[begin + width - 1] ?? 0;
    return [labelBytes, ...messageAround(kind as MessageKind, labelBytes, numbers, bounds, start)];
  };
  return {
    messageBytes: (kind, buckets, offsets, data, width, rows) => {
      const bounds = new Array<number>(buckets).fill(0);
      let length = 0;
      for (let row = 0; row < rows; row++) {
        const [labelBytes, before, behind] = around(kind, bounds, offsets, data, width, row);
        length += before.length + labelBytes + behind.length;
      }
      return length;
    },
    putMessages: (kind, bounds, buckets, labels, offsets, data, width, rows, to, end) => {
      const boundsOfRow = Array.from(f64.subarray(bounds / 8, bounds / 8 + buckets));
      let at = to;
      let row = 0;
      for (; row < rows; row++) {
        const [labelBytes, before, behind] = around(kind, boundsOfRow, offsets, data, width, row);
        if (at + before.length + labelBytes + behind.length > end) break;
        const from = labels + word(offsets + 4 * row) - word(offsets);
        bytes.set(before, at);
        bytes.copyWithin(at + before.length, from, from + labelBytes);
        bytes.set(behind, at + before.length + labelBytes);
        at += before.length + labelBytes + behind.length;
      }
      u32[NEXT_ROW / 4] = row;
      return at;
    },
  };
}
