// The functions of the row kernel in plain JavaScript, where the address space has no room for another WebAssembly memory.
// Some times slower, and byte for byte the same.
import type { RowFunctions } from './row-functions.js';
import { LINE_CUMULATIVE, LINE_SIZE, NEXT_LINE, NEXT_ROW, NUMBER_LENGTH_MAX } from './row-layout.js';

/** On a memory with the layout of the kernel's. */
export function plainRows(
  bytes: Buffer,
  u32: Uint32Array,
  f64: Float64Array,
): Pick<RowFunctions, 'putNumber' | 'putRows'> {
  const word = (at: number): number => u32[at / 4] ?? 0;
  const copy = (to: number, from: number, length: number): number => {
    bytes.copyWithin(to, from, from + length);
    return to + length;
  };
  const putNumber = (to: number, value: number): number => bytes.write(numberText(value), to, 'latin1');

  const putRows: RowFunctions['putRows'] = (
    template,
    lines,
    labels,
    offsets,
    data,
    width,
    rows,
    line,
    to,
    end,
  ) => {
    let at = to;
    let first = line;
    for (let row = 0; row < rows; row++) {
      const begin = word(offsets + 4 * row) - word(offsets);
      const length = word(offsets + 4 * row + 4) - word(offsets) - begin;
      let sum = 0;
      for (let index = 0; index < lines; index++) {
        const entry = template + index * LINE_SIZE;
        const [head, bare, tail] = [word(entry + 4), word(entry + 12), word(entry + 20)];
        let value = f64[data / 8 + row * width + word(entry + 24)] ?? 0;
        if (word(entry + LINE_CUMULATIVE) !== 0) value = sum += value;
        if (index < first) continue;
        if (at + (length === 0 ? bare : head + length + tail) + NUMBER_LENGTH_MAX + 1 > end) {
          u32[NEXT_ROW / 4] = row;
          u32[NEXT_LINE / 4] = index;
          return at;
        }
        if (length === 0) at = copy(at, word(entry + 8), bare);
        else {
          at = copy(at, word(entry), head);
          at = copy(at, labels + begin, length);
          at = copy(at, word(entry + 16), tail);
        }
        at += putNumber(at, value);
        bytes[at++] = 10;
      }
      first = 0;
    }
    u32[NEXT_ROW / 4] = rows;
    u32[NEXT_LINE / 4] = 0;
    return at;
  };
  return { putNumber, putRows };
}

function numberText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
