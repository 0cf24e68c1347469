// Puts the numbers of some rows into the kernel's memory, one row behind the other.
import type { RowSection } from '../series/merge-rows.js';
import type { RowKernel } from '../rows/row-kernel.js';
import { DATA, DATA_BYTES } from '../rows/row-layout.js';

/** @param doubles that a row has */
export function rowsWithNumbers(doubles: number): number {
  return Math.floor(DATA_BYTES / 8 / doubles);
}

/** @param hasStart with the start behind a row's numbers, in seconds */
export function stageNumbers(
  { f64 }: RowKernel,
  { positions, width, numbers, starts }: RowSection,
  from: number,
  rows: number,
  hasStart: boolean,
): void {
  let to = DATA / 8;
  for (let row = from; row < from + rows; row++) {
    const position = positions === undefined ? row : (positions[row] ?? 0);
    const begin = position * width;
    for (let index = begin; index < begin + width; index++) f64[to++] = numbers[index] ?? 0;
    if (hasStart) f64[to++] = (starts[position] ?? 0) / 1000;
  }
}
