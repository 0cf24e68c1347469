// One label under its rule, as far as a thread can decide alone: what is left out, mapped, and allowed. Any thread.
import { textOf } from '../../guard/thrown.js';
import type { LabelRule } from '../definition/label-rule.js';
import { canonicalizeLabels, parseAttributes } from '../series/attributes.js';

export interface RuledLabelOptions {
  readonly maxLabelValueLength: number;
  /** Told when `map` fails. */
  readonly onFault: (detail: string) => void;
}

export class RuledLabel {
  readonly label: string;
  readonly maxValues: number | undefined;
  readonly overflowValue: string;
  /** Whether what it makes of a value may become something else when it is asked about that. */
  readonly isMapped: boolean;
  /** Whether `apply` leaves every value as it is. */
  readonly isOpen: boolean;
  readonly #rule: LabelRule;
  readonly #options: RuledLabelOptions;
  readonly #texts: ReadonlySet<string> | undefined;
  readonly #patterns: readonly RegExp[];

  constructor(rule: LabelRule, options: RuledLabelOptions) {
    const { label, map, allow, maxValues, overflowValue } = rule;
    this.label = label;
    this.maxValues = maxValues;
    this.overflowValue = overflowValue;
    this.isMapped = map !== undefined;
    this.isOpen = rule.drop !== true && map === undefined && allow === undefined;
    this.#rule = rule;
    this.#options = options;
    this.#texts = allow === undefined ? undefined : new Set(allow.filter(each => typeof each === 'string'));
    this.#patterns = (allow ?? []).flatMap(each =>
      typeof each === 'string' ? [] : [new RegExp(each.source, each.flags)],
    );
  }

  /** What stands for the value; undefined: the label is left out. A value that no attribute may have stays as it is. */
  apply(value: unknown): unknown {
    if (this.#rule.drop === true) return undefined;
    // So that what stands for many values is never taken for one that has to be decided.
    if (value === this.overflowValue) return value;
    const { map } = this.#rule;
    if (map === undefined) return this.#allowed(value);
    const text = this.#textOf(value);
    if (text === undefined) return value;
    return this.#allowed(this.#map(map, text));
  }

  #map(map: NonNullable<LabelRule['map']>, text: string): string {
    try {
      const mapped: unknown = map(text);
      if (typeof mapped === 'string') return mapped;
      this.#fault(`gave no text but ${textOf(mapped)}`);
    } catch (error) {
      this.#fault(`failed: ${textOf(error)}`);
    }
    return this.overflowValue;
  }

  #fault(what: string): void {
    this.#options.onFault(
      `the map of the label ${this.label} ${what}; such a value becomes ${this.overflowValue}`,
    );
  }

  #allowed(value: unknown): unknown {
    if (this.#texts === undefined) return value;
    const text = this.#textOf(value);
    if (text === undefined) return value;
    const isAllowed = this.#texts.has(text) || this.#patterns.some(pattern => pattern.test(text));
    return isAllowed ? value : this.overflowValue;
  }

  /** A value as it is exposed. */
  #textOf(value: unknown): string | undefined {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    const { text } = canonicalizeLabels(new Map([['', value]]), this.#options.maxLabelValueLength);
    const { '': list } = parseAttributes(text);
    return list === undefined || typeof list === 'string' ? list : JSON.stringify(list);
  }
}
