/**
 * What may become of one label of a stream: `drop` leaves it out; else `map`, `allow` and `maxValues` apply in this order, each
 * if it is there. Plain data but for `map`, so that all threads of a store go by the same rules.
 */
export interface LabelRule {
  readonly label: string;
  readonly drop?: true;
  /** Cannot be cloned, so each recording thread must be given it again. Must give equal texts for equal ones. */
  readonly map?: (value: string) => string;
  /** Any other value becomes `overflowValue`. */
  readonly allow?: readonly (string | PatternSource)[];
  /** Distinct values, `overflowValue` not counted: the first ones that come, in all threads together. */
  readonly maxValues?: number;
  readonly overflowValue: string;
}

/** A regular expression as JSON shows and compares it. */
export interface PatternSource {
  readonly source: string;
  readonly flags: string;
}

/** A rule without its function. */
export type LabelRuleData = Omit<LabelRule, 'map'> & { readonly isMapped?: true };

export function ruleDataOf({ map, ...rule }: LabelRule): LabelRuleData {
  return map === undefined ? rule : { ...rule, isMapped: true };
}

/** A policy without what it lets in. */
export interface PolicyOfLabel extends Pick<LabelRule, 'label' | 'maxValues' | 'overflowValue'> {
  /** The last one that applies. */
  readonly rule: 'drop' | 'map' | 'allow' | 'maxValues';
}

/** What a report says of a rule. */
export function policyOf({ label, drop, allow, maxValues, overflowValue }: LabelRule): PolicyOfLabel {
  const others = maxValues !== undefined ? 'maxValues' : allow !== undefined ? 'allow' : 'map';
  const rule = drop === true ? 'drop' : others;
  return { label, rule, overflowValue, ...(maxValues !== undefined && { maxValues }) };
}

/** What OpenTelemetry's conventions call a value that is none of those known. */
export const OVERFLOW_VALUE_DEFAULT = '_OTHER';
