// The word that says what the numbers of a stream's series are: what kind of aggregation, and apart from it how wide their
// cells are. The kernel takes it apart in kernel/aggregation.as.ts.
import {
  AGGREGATION_EXPLICIT_HISTOGRAM,
  AGGREGATION_GAUGE,
  AGGREGATION_KIND_MASK,
  AGGREGATION_SUM,
  AGGREGATION_WIDTH_SHIFT,
} from './words.js';

export const SUM = AGGREGATION_SUM;
export const GAUGE = AGGREGATION_GAUGE;

/** @param buckets at least one */
export function explicitHistogram(buckets: number): number {
  return (buckets << AGGREGATION_WIDTH_SHIFT) | AGGREGATION_EXPLICIT_HISTOGRAM;
}

/** One of the kinds in words.ts. The kernel has its own: numbers can be shared with it, functions cannot. */
export function kindOf(aggregation: number): number {
  return aggregation & AGGREGATION_KIND_MASK;
}
