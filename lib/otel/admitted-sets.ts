/**
 * The first sets that came, and no more, for as long as it lives: exact, where the SDK starts anew with each collection.
 * Pure: who calls says what identifies a set and what is kept for it.
 */
export class AdmittedSets<T> {
  readonly #limit: number;
  readonly #admitted = new Map<string, T>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What was made for this identity when it was admitted; undefined when it was not, because the limit was reached. */
  admit(identity: string, make: () => T): T | undefined {
    const known = this.#admitted.get(identity);
    if (known !== undefined || this.#admitted.size >= this.#limit) return known;
    const made = make();
    this.#admitted.set(identity, made);
    return made;
  }
}
