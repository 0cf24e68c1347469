/**
 * A map that holds so many entries and no more: for one too many the oldest goes. An entry is as old as its key, however
 * often it is read or set again; `renew` makes it the newest. Any thread.
 */
export class BoundedMap<K, V> {
  readonly #max: number;
  /** Iterates in the order of insertion, so the first entry is the oldest. */
  readonly #entries = new Map<K, V>();

  /** @param max entries, at least 1. */
  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#entries.size;
  }

  has(key: K): boolean {
    return this.#entries.has(key);
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  /** Whether the oldest entry had to go for it. */
  set(key: K, value: V): boolean {
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#max) return false;
    const [oldest] = this.#entries.keys();
    return this.#entries.delete(oldest as K);
  }

  /** As `set`, and from now on the entry is the newest. */
  renew(key: K, value: V): boolean {
    this.#entries.delete(key);
    return this.set(key, value);
  }

  delete(key: K): boolean {
    return this.#entries.delete(key);
  }

  /** The oldest first. */
  keys(): IterableIterator<K> {
    return this.#entries.keys();
  }

  /** The oldest first. */
  values(): IterableIterator<V> {
    return this.#entries.values();
  }

  /** The oldest first. An entry that is set again meanwhile comes once. */
  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.#entries[Symbol.iterator]();
  }
}
