/** The first wait, and the longest one. */
const FIRST_MILLIS = 250;
const LONGEST_MILLIS = 30_000;

/**
 * How long to wait after a failure: each time twice as long, and by chance, so that those who lost one server do not come
 * back together.
 */
export class BackOff {
  readonly #random: () => number;
  #failures = 0;

  /** @param random as `Math.random` */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** @param atLeastMillis what the server asks for */
  next(atLeastMillis = 0): number {
    const longest = Math.min(LONGEST_MILLIS, FIRST_MILLIS * 2 ** Math.min(this.#failures, 16));
    this.#failures++;
    return Math.max(atLeastMillis, Math.round(longest * (0.5 + this.#random() / 2)));
  }

  /** Something came. To be connected is not enough: a server may take connections and end them. */
  succeeded(): void {
    this.#failures = 0;
  }
}
