/**
 * A cache of what can be made again, for keys without end. A full generation becomes the old one, whose predecessor is
 * forgotten; what is found in the old one moves back. So what is in use stays, a hit costs one look, and forgetting costs
 * nothing for each entry. Any thread.
 */
export class TwoGenerationCache<K, V extends object | string | number | boolean | null> {
  readonly #max: number;
  readonly #weightOf: (key: K, value: V) => number;
  #young = new Map<K, V>();
  #old = new Map<K, V>();
  /** Of the young ones. */
  #weight = 0;

  /**
   * @param max what the entries of each of the two generations may weigh together.
   * @param weightOf what an entry weighs. @defaultValue 1: `max` is how many there may be
   */
  constructor(max: number, weightOf: (key: K, value: V) => number = () => 1) {
    this.#max = max;
    this.#weightOf = weightOf;
  }

  /** Undefined for what is not known, or not any more. */
  get(key: K): V | undefined {
    const known = this.#young.get(key);
    if (known !== undefined) return known;
    const kept = this.#old.get(key);
    if (kept !== undefined) this.set(key, kept);
    return kept;
  }

  /** What is too heavy for a generation is not kept. */
  set(key: K, value: V): void {
    const weight = this.#weightOf(key, value);
    if (weight > this.#max) return;
    if (this.#weight + weight > this.#max) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#weight = 0;
    }
    // One that is set again weighs twice until then: a generation ends too early, never too late.
    this.#weight += weight;
    this.#young.set(key, value);
  }
}
