// Policies of labels on a MeterProvider of the SDK, where nobody else decides them: each thread for itself, and what was let
// in stays.
import type { LabelRule } from '../store/definition/label-rule.js';
import { RuledLabel } from '../store/record/ruled-label.js';
import { asRead, canonicalizeLabels, type Labels } from '../store/series/attributes.js';
import { AdmittedSets } from './admitted-sets.js';

interface HostLabel {
  readonly rule: RuledLabel;
  readonly values: AdmittedSets<true> | undefined;
}

export class HostLabels {
  readonly #labels: ReadonlyMap<string, HostLabel>;

  /** @param onFault told when a `map` fails */
  constructor(rules: readonly LabelRule[], onFault: (detail: string) => void) {
    this.#labels = new Map(
      rules.map(rule => [
        rule.label,
        {
          rule: new RuledLabel(rule, { maxLabelValueLength: Infinity, onFault }),
          values: rule.maxValues === undefined ? undefined : new AdmittedSets<true>(rule.maxValues),
        },
      ]),
    );
  }

  /** Whether there is no policy at all. */
  get isEmpty(): boolean {
    return this.#labels.size === 0;
  }

  /** What the labels become. */
  decide(labels: Labels): Labels {
    const decided = new Map<string, unknown>();
    for (const [label, given] of labels) {
      const own = this.#labels.get(label);
      const value = own === undefined ? given : decide(own, asRead(given));
      if (value !== undefined) decided.set(label, value);
    }
    return decided;
  }
}

function decide({ rule, values }: HostLabel, given: unknown): unknown {
  const value = rule.apply(given);
  if (values === undefined || value === undefined || value === rule.overflowValue) return value;
  const { text } = canonicalizeLabels(new Map([['', value]]), Infinity);
  return values.admit(text, () => true) === undefined ? rule.overflowValue : value;
}
