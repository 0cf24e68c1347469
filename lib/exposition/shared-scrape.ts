import { monotonicMillis } from '../waiting.js';

/**
 * Lets scrapes that come together share the work. At most one is running and one is waiting; whoever asks while one is
 * running gets the next: what it recorded before it asked is then in what it is given. Of those who share one, the least
 * patient says how long it may wait.
 */
export class SharedScrape<T> {
  readonly #collect: (timeoutMillis: number) => Promise<T>;
  #running: Promise<T> | undefined;
  #next: Promise<T> | undefined;
  /** When the next must be done, in `monotonicMillis`. */
  #nextDeadline = Infinity;

  constructor(collect: (timeoutMillis: number) => Promise<T>) {
    this.#collect = collect;
  }

  scrape(timeoutMillis: number): Promise<T> {
    if (this.#running === undefined) {
      this.#running = this.#collect(timeoutMillis);
      this.#release(this.#running);
      return this.#running;
    }
    this.#nextDeadline = Math.min(this.#nextDeadline, monotonicMillis() + timeoutMillis);
    this.#next ??= this.#startAfter(this.#running);
    return this.#next;
  }

  #startAfter(running: Promise<unknown>): Promise<T> {
    const start = (): Promise<T> => {
      const timeoutMillis = Math.max(1, this.#nextDeadline - monotonicMillis());
      this.#nextDeadline = Infinity;
      this.#running = next;
      this.#next = undefined;
      return this.#collect(timeoutMillis);
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
