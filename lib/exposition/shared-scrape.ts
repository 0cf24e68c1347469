/**
 * Lets scrapes that come together share the work. At most one is running and one is waiting; whoever asks while one is
 * running gets the next: what it recorded before it asked is then in what it is given.
 */
export class SharedScrape<T> {
  readonly #collect: () => Promise<T>;
  #running: Promise<T> | undefined;
  #next: Promise<T> | undefined;

  constructor(collect: () => Promise<T>) {
    this.#collect = collect;
  }

  scrape(): Promise<T> {
    if (this.#running === undefined) {
      this.#running = this.#collect();
      this.#release(this.#running);
      return this.#running;
    }
    this.#next ??= this.#startAfter(this.#running);
    return this.#next;
  }

  #startAfter(running: Promise<unknown>): Promise<T> {
    const start = (): Promise<T> => {
      this.#running = next;
      this.#next = undefined;
      return this.#collect();
    };
    const next = running.then(start, start);
    this.#release(next);
    return next;
  }

  /** While somebody waits, the place stays taken, so that nobody can slip in between. */
  #release(running: Promise<T>): void {
    const release = (): void => {
      if (this.#running === running && this.#next === undefined) this.#running = undefined;
    };
    running.then(release, release);
  }
}
