/** What several who wait for one turn have in common. */
interface Shared {
  given: unknown;
  readonly turn: Promise<unknown>;
}

/** One thing at a time, in the order of asking. One thread. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #begun = 0;
  /** Turns that have not begun, by key. */
  readonly #waiting = new Map<string | number, Shared>();

  /** Begins when all earlier turns have ended, not before the caller's own code has run. */
  take<T>(work: (isNewest: () => boolean) => T | Promise<T>): Promise<T> {
    const turn = this.#last.then(() => {
      const number = ++this.#begun;
      return work(() => number === this.#begun);
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /**
   * As `take`, but whoever asks with the key of a turn that has not begun shares it: what they did before they asked is done
   * before it begins. Everybody with one key must ask for the same work.
   *
   * @param given what `work` gets of the last one who joined
   */
  share<Given, T>(
    key: string | number,
    given: Given,
    work: (given: Given, isNewest: () => boolean) => T | Promise<T>,
  ): Promise<T> {
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) {
      waiting.given = given;
      return waiting.turn as Promise<T>;
    }
    const turn = this.take(isNewest => {
      this.#waiting.delete(key);
      return work(shared.given as Given, isNewest);
    });
    const shared: Shared = { given, turn };
    this.#waiting.set(key, shared);
    return turn;
  }
}
