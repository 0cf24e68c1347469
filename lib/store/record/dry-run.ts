// What policies would leave of the sets that a stream has, of a View that is only tried: each set is decided as a record of
// it would be, and the different ones are counted. Nothing is rewritten, and no value takes a place: which ones would be the
// first is told by the order in which sets are brought. Bounded by `maxValues` and a count. One for each report.
import { DistinctCount } from '../../cardinality/distinct-count.js';
import { HashedLabels } from '../../cardinality/hashed-labels.js';
import type { DryRunCardinality } from '../definition/cardinality-report.js';
import type { View } from '../definition/view.js';
import { canonicalizeLabels, parseAttributes } from '../series/attributes.js';
import { HOLDER } from '../series/known-series.js';
import { OVERFLOW_TEXT } from '../definition/overflow.js';
import { RuledLabel, type RuledLabelOptions } from './ruled-label.js';

export class DryRun {
  readonly #limit: number;
  readonly #maxLength: number;
  readonly #rules: readonly RuledLabel[];
  /** Values that have been let in, by label. */
  readonly #values = new Map<string, Set<string>>();
  readonly #sets = new DistinctCount();
  readonly #hashed = new HashedLabels();

  constructor({ limit = Infinity, labels = [] }: View, options: RuledLabelOptions) {
    this.#limit = limit;
    this.#maxLength = options.maxLabelValueLength;
    this.#rules = labels.map(rule => new RuledLabel(rule, options));
  }

  /** Adds a set that a record had, as the canonical text of its series. */
  add(text: string): void {
    if (text === OVERFLOW_TEXT) return;
    const bytes = Buffer.from(this.decide(text));
    this.#hashed.clear();
    this.#hashed.add(bytes, 0, 0, 0, bytes.length);
    this.#sets.add(this.#hashed.sumLow, this.#hashed.sumHigh);
  }

  /** What the set would become. */
  decide(text: string): string {
    const labels = new Map<string, unknown>(Object.entries(parseAttributes(text)));
    labels.delete(HOLDER);
    for (const rule of this.#rules) {
      const given = labels.get(rule.label);
      if (given === undefined) continue;
      const value = this.#within(rule, rule.apply(given));
      if (value === undefined) labels.delete(rule.label);
      else labels.set(rule.label, value);
    }
    return this.#textOf(labels);
  }

  get result(): DryRunCardinality {
    const { count } = this.#sets;
    return { series: Math.min(count, this.#limit), overflowed: Math.max(0, count - this.#limit) };
  }

  #within({ label, maxValues, overflowValue }: RuledLabel, value: unknown): unknown {
    if (maxValues === undefined || value === undefined || value === overflowValue) return value;
    const known = this.#values.get(label) ?? new Set<string>();
    this.#values.set(label, known);
    const text = this.#textOf(new Map([['', value]]));
    if (known.has(text)) return value;
    if (known.size >= maxValues) return overflowValue;
    known.add(text);
    return value;
  }

  #textOf(labels: ReadonlyMap<string, unknown>): string {
    return canonicalizeLabels(labels, this.#maxLength).text;
  }
}
