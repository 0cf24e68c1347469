// Policies of labels as a user writes them, and as the store and a MeterProvider apply them.
import { types } from 'node:util';
import { MetricStoreError } from '../errors.js';
import {
  checkList,
  checkRecord,
  checkOption,
  checkWhole,
  readable,
  readOptions,
  refuseOption,
  shown,
  type KeysOf,
} from '../guard/option-checks.js';
import { ALLOWED_VALUES_MAX, LABEL_VALUE_LENGTH_MAX, POLICIES_MAX, POLICY_VALUES_MAX } from '../limits.js';
import {
  OVERFLOW_VALUE_DEFAULT,
  type LabelRule,
  type PatternSource,
} from '../store/definition/label-rule.js';

/**
 * What may become of a label: `drop` alone, or any of `map`, `allow` and `maxValues`, which apply in this order. A label that a
 * record does not have stays absent; all other labels stay as they are.
 */
export interface LabelPolicy {
  /** The label is left out. */
  readonly drop?: true;
  /**
   * What stands for a value, which comes as the text that is exposed. Runs in the thread that records, inside of the record:
   * it must be quick, and give the same text for the same value, in all threads. A cached series is found without it only
   * where it leaves the value as it is. When it throws or gives no text, the value becomes `overflowValue`.
   */
  readonly map?: (value: string) => string;
  /**
   * Any other value becomes `overflowValue`. 1 to 10,000 texts and regular expressions, of which `g` and `y` are taken off.
   * Numbers and booleans are compared as they are exposed.
   */
  readonly allow?: readonly (string | RegExp)[];
  /**
   * The first values that come keep theirs, of all threads together in a store, so many and no more; any other becomes
   * `overflowValue`. 1 to 10,000, each of which takes a place of the store's `maxSeries`, and the label one of `maxStreams`.
   */
  readonly maxValues?: number;
  /**
   * What stands for values that are not let in; at least one character. A real value of that text joins them.
   * @defaultValue `'_OTHER'`, as OpenTelemetry's conventions call it
   */
  readonly overflowValue?: string;
}

const POLICY_KEYS: KeysOf<LabelPolicy> = {
  drop: true,
  map: true,
  allow: true,
  maxValues: true,
  overflowValue: true,
};

const FORMS =
  '{ drop: true }, or any of { map }, { allow } and { maxValues }, which may have an overflowValue beside them';

/**
 * Policies as rules.
 *
 * @throws MetricStoreError INVALID_OPTION
 */
export function readLabelPolicies(given: Readonly<Record<string, LabelPolicy>> | undefined): LabelRule[] {
  if (given === undefined) return [];
  checkRecord('labels', given);
  const labels = readable('labels', () => Object.entries(given));
  return checkRuleCount(labels.map(([label, policy]) => ruleOf(label, policy)));
}

/** The same in the order of their labels. @throws MetricStoreError INVALID_OPTION when there are too many */
export function checkRuleCount(rules: readonly LabelRule[]): LabelRule[] {
  if (rules.length > POLICIES_MAX) refuseOption('labels', `at most ${POLICIES_MAX} policies`, rules.length);
  return [...rules].sort((a, b) => (a.label < b.label ? -1 : 1));
}

function ruleOf(label: string, given: LabelPolicy): LabelRule {
  const name = `labels[${shown(label)}]`;
  const policy = readOptions<LabelPolicy>(name, given, POLICY_KEYS);
  const { drop, map, allow, maxValues, overflowValue = OVERFLOW_VALUE_DEFAULT } = policy;
  if (label === '' || label.length > LABEL_VALUE_LENGTH_MAX)
    refuseOption('a label of labels', `a name of 1 to ${LABEL_VALUE_LENGTH_MAX} characters`, label);
  if (drop !== undefined) {
    const others = [map, allow, maxValues, policy.overflowValue];
    if (drop !== true || others.some(each => each !== undefined)) refuseForms(name, given);
    return { label, drop, overflowValue };
  }
  if (map === undefined && allow === undefined && maxValues === undefined) refuseForms(name, given);
  checkOption(`${name}.map`, map, 'function');
  if (maxValues !== undefined) checkWhole(`${name}.maxValues`, maxValues, 1, POLICY_VALUES_MAX);
  checkOption(`${name}.overflowValue`, overflowValue, 'string');
  if (overflowValue === '' || overflowValue.length > LABEL_VALUE_LENGTH_MAX)
    refuseOption(
      `${name}.overflowValue`,
      `a text of 1 to ${LABEL_VALUE_LENGTH_MAX} characters`,
      overflowValue,
    );
  return {
    label,
    ...(map !== undefined && { map }),
    ...(allow !== undefined && { allow: allowedOf(`${name}.allow`, allow) }),
    ...(maxValues !== undefined && { maxValues }),
    overflowValue,
  };
}

function refuseForms(name: string, given: LabelPolicy): never {
  const keys = readable(name, () => Object.keys(given));
  throw new MetricStoreError(
    'INVALID_OPTION',
    `${name} must be ${FORMS}, got ${keys.length === 0 ? 'no rule' : `the keys ${keys.join(', ')}`}`,
  );
}

function allowedOf(name: string, allow: readonly (string | RegExp)[]): (string | PatternSource)[] {
  const bound = `a list of 1 to ${ALLOWED_VALUES_MAX} texts or regular expressions`;
  checkList(name, allow, bound, each => typeof each === 'string' || types.isRegExp(each));
  if (allow.length === 0 || allow.length > ALLOWED_VALUES_MAX) refuseOption(name, bound, allow);
  return readable(name, () => allow.map(each => (typeof each === 'string' ? each : sourceOf(each))));
}

/** Made once more, as each thread makes it: of what cannot be, nobody records. */
function sourceOf({ source, flags }: RegExp): PatternSource {
  const again = new RegExp(source, flags.replace(/[gy]/g, ''));
  return { source: again.source, flags: again.flags };
}

/** Bounds that only a store has. @throws MetricStoreError INVALID_OPTION */
export function checkRules(name: string, rules: readonly LabelRule[], maxLabelValueLength: number): void {
  for (const { label, overflowValue } of rules)
    for (const [what, text] of [
      ['the name', label],
      ['the overflowValue', overflowValue],
    ] as const)
      if (text.length > maxLabelValueLength)
        refuseOption(
          `${name}: ${what} of a policed label`,
          `at most ${maxLabelValueLength} characters (maxLabelValueLength)`,
          text,
        );
}
