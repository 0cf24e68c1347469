import type { Verdict } from './label-verdict.js';

/** What is known of a label, and where it is. Line and column count from 1, the column in UTF-16 units. */
export interface PlacedVerdict {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The metric's name as the manifest has it. */
  readonly metric: string;
  readonly label: string;
  readonly verdict: Verdict;
  /** Of bounded labels: at most so many values. */
  readonly valueCount?: number;
  /** From the variable or function to the label. */
  readonly chain: readonly string[];
  /** The verdict in words. */
  readonly message: string;
}
