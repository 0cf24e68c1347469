// What the numbers of a series that two endpoints have come to.
import type { SeriesHistory } from './compare-side.js';
import type { SeriesType } from './series-page.js';

/** What is compared: two bounds of this side, and the numbers of the other. */
export interface Pair {
  readonly type: SeriesType;
  /** Undefined where it is not in what is compared. */
  readonly here: SeriesHistory | undefined;
  readonly there: SeriesHistory | undefined;
  /** What this side had a little before and a little after the other was asked. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly theirs: readonly number[];
}

/** Whole seconds against nanoseconds, at both ends of what is measured. */
export const TOLERANCE_SECONDS = 1.1;

/** Sums of the same numbers in another order. */
const EPSILON = 1e-9;

export function isSame(a: number, b: number): boolean {
  return Object.is(a, b) || Math.abs(a - b) <= EPSILON * Math.max(Math.abs(a), Math.abs(b));
}

/** Whether it is between the two, and no further away than the tolerance. */
export function isWithin(number: number, a: number, b: number, tolerance = 0): boolean {
  const slack = tolerance + EPSILON * Math.max(Math.abs(a), Math.abs(b));
  return number >= Math.min(a, b) - slack && number <= Math.max(a, b) + slack;
}

/** Whether the numbers at one index agree, but for what is on its way. */
export function agrees({ low, high, theirs }: Pair, index: number, tolerance = 0): boolean {
  return isWithin(theirs[index] ?? 0, low[index] ?? 0, high[index] ?? 0, tolerance);
}

/** A gauge that grows with the time, as those of what runs. */
export function isRunning({ type, last, before }: SeriesHistory): boolean {
  if (type !== 'gauge' || before === undefined) return false;
  const seconds = (last.atMillis - before.atMillis) / 1000;
  const grown = (last.numbers[0] ?? 0) - (before.numbers[0] ?? 0);
  return grown > 0 && Math.abs(grown - seconds) <= Math.max(0.05, 0.1 * seconds);
}

/** What of a histogram is another one that no second more or less explains: a bound, or the sum. Undefined: nothing. */
export function differingPart(pair: Pair): string | undefined {
  const { low, high, theirs, there } = pair;
  const bounds = there?.bounds ?? [];
  const count = theirs[0] ?? 0;
  const countAt = (index: number, other: number): number => (index < 0 ? other : (theirs[2 + index] ?? 0));
  for (const [index, bound] of bounds.entries()) {
    const below = bounds.findLastIndex(other => other <= bound - TOLERANCE_SECONDS);
    const above = bounds.findIndex(other => other >= bound + TOLERANCE_SECONDS);
    const isTooFew = Math.max(low[2 + index] ?? 0, high[2 + index] ?? 0) < countAt(below, 0);
    const isTooMany = Math.min(low[2 + index] ?? 0, high[2 + index] ?? 0) > countAt(above, count);
    if (isTooFew || isTooMany) return `le="${bound}"`;
  }
  const isFine = Number.isNaN(theirs[1]) || agrees(pair, 1, TOLERANCE_SECONDS * Math.max(1, count));
  return isFine ? undefined : 'sum';
}
