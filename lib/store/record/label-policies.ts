// The policies of a stream's labels in one thread: what each value becomes, and a series only with places for its values. A
// policy is a label's rule together with the places of its values; a rule alone knows nothing of other threads. Each label is
// decided alone, from what the View's processors left, so their order does not matter. Never throws.
import { asRead, type Labels } from '../series/attributes.js';
import type { RuledLabel } from './ruled-label.js';
import type { ValuePlaces } from './value-places.js';

export class LabelPolicy {
  readonly rule: RuledLabel;
  /** Whether it depends on places. */
  readonly isLimited: boolean;
  readonly overflowValue: string;
  /** Whether a thread alone leaves every value as it is. */
  readonly #isOpen: boolean;
  readonly #places: ValuePlaces | undefined;
  /** The label's name in a path when its value was mapped, see `nameOf`. */
  readonly mappedName: symbol;

  /** @param places undefined for a rule without `maxValues`, and where the store has no room for them */
  constructor(rule: RuledLabel, places?: ValuePlaces) {
    this.rule = rule;
    this.isLimited = rule.maxValues !== undefined;
    this.overflowValue = rule.overflowValue;
    this.#isOpen = rule.isOpen;
    this.#places = places;
    this.mappedName = Symbol(rule.label);
  }

  /** What the value becomes as far as it can be said at once; undefined: the label is left out. */
  decide(value: unknown): unknown {
    return this.placed(this.#isOpen ? value : this.rule.apply(value));
  }

  /** What a value that the rule made becomes, as far as it can be said at once. */
  placed(decided: unknown): unknown {
    if (!this.isLimited || decided === undefined || decided === this.overflowValue) return decided;
    // Without places there is none for anybody.
    const isRefused = this.#places === undefined || this.#places.isRefused(decided);
    return isRefused ? this.overflowValue : decided;
  }

  /** What `admit` gives, once a decided value has its place; undefined when it gets none. */
  within<Found>(value: unknown, admit: () => Found): Found | undefined {
    if (!this.isLimited || value === this.overflowValue) return admit();
    return this.#places?.within(value, admit);
  }

  /**
   * The name of the label in a path, for a decided value. A symbol when `map` made a value of which it would make another one:
   * who brings such a value himself must not be taken for one whose value became it.
   */
  nameOf(value: unknown): string | symbol {
    const { isMapped, label } = this.rule;
    return isMapped && this.rule.apply(value) !== value ? this.mappedName : label;
  }
}

/** A label set as the cache knows it, by the names that `LabelPolicy` gives. */
export type LabelPath = ReadonlyMap<string | symbol, unknown>;

export class LabelPolicies {
  readonly #policies: ReadonlyMap<string, LabelPolicy>;
  readonly #limited: readonly LabelPolicy[];

  constructor(policies: readonly LabelPolicy[]) {
    this.#policies = new Map(policies.map(policy => [policy.rule.label, policy]));
    this.#limited = policies.filter(({ isLimited }) => isLimited);
  }

  get(label: string): LabelPolicy | undefined {
    return this.#policies.get(label);
  }

  /** The labels as far as they can be decided at once. */
  decide(labels: Labels): Labels {
    return this.#decided(labels, (policy, value) => policy.decide(value));
  }

  /** The labels as far as a thread decides them alone, whatever has a place. */
  rule(labels: Labels): Labels {
    return this.#decided(labels, ({ rule }, value) => rule.apply(value));
  }

  /** The same of labels that were ruled; the same object where nothing became anything else. */
  placed(ruled: Labels): Labels {
    let placed = ruled;
    for (const policy of this.#limited) {
      const { overflowValue } = policy;
      const { label } = policy.rule;
      const value = ruled.get(label);
      // Compared with what stands for others: NaN is not equal to itself.
      if (value !== undefined && value !== overflowValue && policy.placed(value) === overflowValue)
        placed = new Map(placed).set(label, overflowValue);
    }
    return placed;
  }

  #decided(labels: Labels, decide: (policy: LabelPolicy, value: unknown) => unknown): Labels {
    const decided = new Map<string, unknown>();
    for (const [label, given] of labels) {
      const policy = this.#policies.get(label);
      const value = policy === undefined ? given : decide(policy, asRead(given));
      if (value !== undefined) decided.set(label, value);
    }
    return decided;
  }

  /** The series of decided labels, in which the overflow value stands for each that gets no place. */
  admit<Found>(decided: Labels, admit: (labels: Labels) => Found): Found {
    return this.#admit(decided, admit, 0);
  }

  /** The series of labels that were decided long ago; undefined when one of them gets no place for its value. */
  admitUnchanged<Found>(labels: Labels, admit: () => Found, index = 0): Found | undefined {
    const policy = this.#limited[index];
    if (policy === undefined) return admit();
    const value = labels.get(policy.rule.label);
    const next = (): Found | undefined => this.admitUnchanged(labels, admit, index + 1);
    return value === undefined ? next() : policy.within(value, next);
  }

  #admit<Found>(decided: Labels, admit: (labels: Labels) => Found, index: number): Found {
    const policy = this.#limited[index];
    if (policy === undefined) return admit(decided);
    const { label, overflowValue } = policy.rule;
    const value = decided.get(label);
    if (value === undefined) return this.#admit(decided, admit, index + 1);
    return (
      policy.within(value, () => this.#admit(decided, admit, index + 1)) ??
      this.#admit(new Map(decided).set(label, overflowValue), admit, index + 1)
    );
  }

  /** A caller's labels as the cache knows them once they are decided. */
  pathOf(own: Labels, decided: Labels): LabelPath {
    const path = new Map<string | symbol, unknown>();
    for (const [label, given] of own) {
      const policy = this.#policies.get(label);
      const value = policy === undefined ? given : decided.get(label);
      if (value !== undefined) path.set(policy?.nameOf(value) ?? label, value);
    }
    return path;
  }

  /** Decided labels by which a series is removed; undefined when the series of another value would be. */
  ownOf(labels: Labels): Labels | undefined {
    const own = new Map<string, unknown>();
    for (const [label, given] of labels) {
      const rule = this.#policies.get(label)?.rule;
      const value = rule === undefined ? given : rule.apply(asRead(given));
      if (value === rule?.overflowValue && given !== value) return undefined;
      if (value !== undefined) own.set(label, value);
    }
    return own;
  }
}
