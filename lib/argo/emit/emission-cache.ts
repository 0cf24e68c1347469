// For step 4 of an emission: what texts that were seen before came to.
import type { CustomSeries } from '../../instruments/custom-instrument.js';
import { ownText } from '../../guard/own-text.js';

/** What became of an emission: `undefined` where `when` is false or the metric is disabled. */
export type EmissionOutcome = { readonly series: CustomSeries | undefined };

/** Steps that are remembered in each of two generations, of all metrics together: at most about 10 MB. */
export const STEPS_MAX = 20_000;
/** Longer texts are not kept. */
const TEXT_LENGTH_MAX = 256;

class Step {
  readonly next = new Map<string, Step>();
  outcome: EmissionOutcome | undefined = undefined;
}

/**
 * What emissions came to, by the texts that their templates were rendered to: a trie, so that no key has to be put
 * together. Equal texts come to the same series for as long as the store lives, which knows itself when the series expired.
 */
export class EmissionCache {
  readonly #max: number;
  #used = 0;
  #young = new WeakMap<object, Step>();
  #old = new WeakMap<object, Step>();

  constructor(max: number = STEPS_MAX) {
    this.#max = max;
  }

  /** @param metric any object that stands for the metric. */
  get(metric: object, texts: readonly string[]): EmissionOutcome | undefined {
    const found = walk(this.#young.get(metric), texts);
    if (found) return found;
    const kept = walk(this.#old.get(metric), texts);
    if (kept) this.set(metric, texts, kept);
    return kept;
  }

  set(metric: object, texts: readonly string[], outcome: EmissionOutcome): void {
    if (texts.some(text => text.length > TEXT_LENGTH_MAX)) return;
    if (this.#used + texts.length >= this.#max) this.#age();
    let step = this.#young.get(metric) ?? this.#newStep();
    this.#young.set(metric, step);
    for (const text of texts) {
      let next = step.next.get(text);
      if (!next) step.next.set(ownText(text), (next = this.#newStep()));
      step = next;
    }
    step.outcome = outcome;
  }

  /** Nothing of it holds any more. */
  clear(): void {
    this.#age();
    this.#age();
  }

  #newStep(): Step {
    this.#used++;
    return new Step();
  }

  #age(): void {
    this.#old = this.#young;
    this.#young = new WeakMap();
    this.#used = 0;
  }
}

function walk(root: Step | undefined, texts: readonly string[]): EmissionOutcome | undefined {
  let step = root;
  for (const text of texts) {
    if (!step) return undefined;
    step = step.next.get(text);
  }
  return step?.outcome;
}
