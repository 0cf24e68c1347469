import { BoundedMap } from '../../guard/bounded-map.js';

/** Versions that are no numbers and are remembered, of one workflow. */
const TEXTS_MAX = 100;
/** Longer numbers are no versions: etcd counts with 64 bits. */
const NUMBER = /^\d{1,32}$/;

/**
 * Which versions of an object were seen. Numbers are compared: every API server counts upwards. Of anything else only the
 * same text is known again.
 */
export class SeenVersions {
  #latest: number | bigint | undefined;
  #texts: BoundedMap<string, true> | undefined;

  /** Whether this version, or a later one, was added. */
  has(version: string): boolean {
    if (NUMBER.test(version)) return this.#latest !== undefined && numberOf(version) <= this.#latest;
    return this.#texts?.has(version) === true;
  }

  /** Whether this is the version that was added last, and a number. */
  isLatest(version: string): boolean {
    return NUMBER.test(version) && numberOf(version) === this.#latest;
  }

  /** Forgets that it has seen any. */
  clear(): void {
    this.#latest = undefined;
    this.#texts = undefined;
  }

  /** All of it, for `restore`. */
  save(): string {
    const latest = this.#latest === undefined ? '' : String(this.#latest);
    return this.#texts === undefined ? latest : JSON.stringify([latest, ...this.#texts.keys()]);
  }

  restore(saved: string): void {
    this.clear();
    const [latest = '', ...texts] = saved.startsWith('[') ? (JSON.parse(saved) as string[]) : [saved];
    if (latest !== '') this.#latest = numberOf(latest);
    for (const text of texts) this.add(text);
  }

  /** An empty version says nothing and is not remembered. */
  add(version: string): void {
    if (NUMBER.test(version)) {
      this.#latest = numberOf(version);
      return;
    }
    if (version === '') return;
    this.#texts ??= new BoundedMap(TEXTS_MAX);
    this.#texts.set(version, true);
  }
}

/** Exact; the small ones that there are in practice take no room of their own. */
function numberOf(version: string): number | bigint {
  const number = Number(version);
  return Number.isSafeInteger(number) ? number : BigInt(version);
}
