/** One thing at a time, in the order of asking. One thread. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #begun = 0;

  /** Begins when all earlier turns have ended, not before the caller's own code has run. */
  take<T>(work: (isNewest: () => boolean) => T | Promise<T>): Promise<T> {
    const turn = this.#last.then(() => {
      const number = ++this.#begun;
      return work(() => number === this.#begun);
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
