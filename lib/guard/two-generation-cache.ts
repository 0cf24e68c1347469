/**
 * A cache of what can be made again, for keys without end. A full generation becomes the old one, whose predecessor is
 * forgotten; what is found in the old one moves back. So what is in use stays, a hit costs one look, and forgetting costs
 * nothing for each entry. Any thread.
 */
export class TwoGenerationCache<K, V extends object | string | number | boolean | null> {
  readonly #max: number;
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  /** @param max entries of each of the two generations. */
  constructor(max: number) {
    this.#max = max;
  }

  /** Undefined for what is not known, or not any more. */
  get(key: K): V | undefined {
    const known = this.#young.get(key);
    if (known !== undefined) return known;
    const kept = this.#old.get(key);
    if (kept !== undefined) this.set(key, kept);
    return kept;
  }

  set(key: K, value: V): void {
    if (this.#young.size >= this.#max) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
