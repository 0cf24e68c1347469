// The numbers of a row where they stand in columns: of a sum or a gauge one, of a histogram count, sum, min, max and one
// count for each bucket.
import { saturatingSum } from '../../store/collect/saturating-sum.js';
import { CELL_HEAD, cellWidthOf } from '../../store/definition/columns.js';
import type { StreamDefinition } from '../../store/definition/stream.js';

export const [COUNT, SUM, MIN, MAX, BUCKETS] = [0, 1, 2, 3, CELL_HEAD];

/** How many numbers a series of the stream has. */
export function rowWidth(definition: StreamDefinition): number {
  return cellWidthOf(definition) || 1;
}

/** Adds what stands at `position` to a row of the same width: two numbers, or two histograms of the same boundaries. */
export function addRow(
  to: Float64Array,
  row: number,
  from: Float64Array,
  position: number,
  width: number,
): void {
  const a = to.subarray(row * width, (row + 1) * width);
  const b = from.subarray(position * width, (position + 1) * width);
  const at = (numbers: Float64Array, index: number): number => numbers[index] ?? 0;
  if (width === 1) a[0] = saturatingSum(at(a, 0), at(b, 0));
  else if (at(a, COUNT) === 0) a.set(b);
  else if (at(b, COUNT) !== 0) {
    const sum = saturatingSum(at(a, SUM), at(b, SUM));
    const low = Math.min(at(a, MIN), at(b, MIN));
    const high = Math.max(at(a, MAX), at(b, MAX));
    for (let index = 0; index < width; index++) a[index] = at(a, index) + at(b, index);
    a[SUM] = sum;
    a[MIN] = low;
    a[MAX] = high;
  }
}
