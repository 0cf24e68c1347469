// What all series of a stream have in common in their labels, as the row kernel reads it.
import { escapeLabelValue } from '../names/escape.js';
import { compareText } from '../names/text-order.js';
import type { LabelRules } from '../labels/label-text.js';
import {
  RULE_FIXED,
  RULE_HISTOGRAM,
  RULE_KEEPS_EMPTY,
  RULES,
  RULES_BYTES,
  SLACK,
} from '../rows/row-layout.js';

export interface RuleImage {
  /** To be put where RULES says. */
  readonly bytes: Buffer;
  /** By how much a text may be longer than the canonical one. */
  readonly fixedBytes: number;
}

const PAIR_BYTES = 16;

/** Undefined where there is no room for it. */
export function ruleImage({ verbatim, isHistogram, fixed }: LabelRules): RuleImage | undefined {
  const pairs = [...fixed]
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, value]) => [Buffer.from(key), Buffer.from(`${key}="${escapeLabelValue(value)}"`)])
    .flat();
  let at = RULE_FIXED + (PAIR_BYTES / 2) * pairs.length;
  const length = pairs.reduce((sum, { length: own }) => sum + own, at);
  if (length + SLACK > RULES_BYTES) return undefined;
  const bytes = Buffer.alloc(length);
  const flags = (isHistogram ? RULE_HISTOGRAM : 0) + (verbatim ? RULE_KEEPS_EMPTY : 0);
  bytes.writeUInt32LE(flags, 0);
  bytes.writeUInt32LE(pairs.length / 2, 4);
  for (const [index, text] of pairs.entries()) {
    bytes.writeUInt32LE(RULES + at, RULE_FIXED + (PAIR_BYTES / 2) * index);
    bytes.writeUInt32LE(text.length, RULE_FIXED + (PAIR_BYTES / 2) * index + 4);
    bytes.set(text, at);
    at += text.length;
  }
  // A comma with each of them.
  return { bytes, fixedBytes: length + pairs.length };
}
