// An exponential histogram as one with explicit buckets at powers of two. Exact: each power of two is a boundary of every
// scale that is not negative, and boundaries of a negative scale are powers of two. Pure: any thread.

/** Of a point of the SDK, checked. */
export interface ExponentialValue {
  readonly scale: number;
  readonly zeroCount: number;
  /** The bucket at `offset + i` holds values above 2^((offset + i) / 2^scale), up to and with the next boundary. */
  readonly positive: { readonly offset: number; readonly bucketCounts: readonly number[] };
  /** Of values below zero; none of the boundaries here tells them apart. */
  readonly negative: { readonly bucketCounts: readonly number[] };
  /** NaN when it is not known. */
  readonly sum: number;
}

/** Which powers of two become boundaries: from 2^first to 2^last, 2^step apart in their exponents. */
export interface PowerRange {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

/** Exponents of what a double can be. */
const EXPONENT_MIN = -1074;
const EXPONENT_MAX = 1023;

/** The range that covers both: of several points, and of one that grows. */
export function unionOf(a: PowerRange | undefined, b: PowerRange | undefined): PowerRange | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const step = Math.max(a.step, b.step);
  return {
    first: Math.ceil(Math.min(a.first, b.first) / step) * step,
    last: Math.ceil(Math.max(a.last, b.last) / step) * step,
    step,
  };
}

/** Undefined when there are no positive values. */
export function rangeOf({
  scale,
  positive: { offset, bucketCounts },
}: ExponentialValue): PowerRange | undefined {
  const step = Math.max(1, 2 ** -scale);
  const first = bucketCounts.findIndex(count => count > 0);
  if (first < 0) return undefined;
  const last = bucketCounts.findLastIndex(count => count > 0);
  return {
    first: exponentAbove(offset + first, scale, step),
    last: exponentAbove(offset + last, scale, step),
    step,
  };
}

/** The exponent of the first boundary that a bucket's values are not above. */
function exponentAbove(index: number, scale: number, step: number): number {
  const exponent = Math.ceil(((index + 1) * 2 ** -scale) / step) * step;
  return Math.min(Math.max(exponent, Math.ceil(EXPONENT_MIN / step) * step), EXPONENT_MAX + 1);
}

/** Zero, and the powers of the range; what is below zero is in the bucket of zero. */
export function boundariesOf(range: PowerRange | undefined): number[] {
  const boundaries = [0];
  if (range !== undefined)
    for (let power = range.first; power <= Math.min(range.last, EXPONENT_MAX); power += range.step)
      boundaries.push(2 ** power);
  return boundaries;
}

/** One count a bucket of these boundaries, which `boundariesOf` made of a range that covers the value's. */
export function countsOf(value: ExponentialValue, range: PowerRange | undefined, buckets: number): number[] {
  const counts = Array<number>(buckets).fill(0);
  counts[0] = value.zeroCount + value.negative.bucketCounts.reduce((total, count) => total + count, 0);
  if (range === undefined) return counts;
  for (const [index, count] of value.positive.bucketCounts.entries()) {
    if (count === 0) continue;
    const exponent = exponentAbove(value.positive.offset + index, value.scale, range.step);
    const bucket = Math.min(1 + Math.max(0, Math.ceil((exponent - range.first) / range.step)), buckets - 1);
    counts[bucket] = (counts[bucket] ?? 0) + count;
  }
  return counts;
}
