// When a watch that goes on where a process before this one stood has come to the present: nothing that the server sends says
// so. After what was missed nothing comes for a while; then a list says which versions there are, and the watch, which goes on
// meanwhile, has to have come to the newest of them. Nothing of the list is taken: from the watch comes each version, in order.
import { unref } from '../guard/deadline.js';
import { monotonicMillis } from '../waiting.js';
import { compareVersions } from './resource-version.js';

/** In milliseconds. */
export interface CatchUpTimes {
  /** For the first line, which may be slow to come. */
  readonly first: number;
  /** Without a line: what was missed comes without a pause. */
  readonly quiet: number;
  /** A watch on which something comes all the time is not waited for. */
  readonly longest: number;
  /** For the watch to come to what the list has. */
  readonly behind: number;
}

export const CATCH_UP_TIMES: CatchUpTimes = { first: 5000, quiet: 1000, longest: 20_000, behind: 20_000 };

/** What a list has. */
export interface Census {
  readonly version: string;
  /** Of its objects. Undefined: there are none. */
  readonly newest: string | undefined;
}

export interface CatchUpOptions {
  /** Up to where the watch has come. */
  readonly position: () => string;
  readonly census: (signal: AbortSignal) => Promise<Census>;
  /** It has come to the present. */
  readonly caughtUp: () => void;
  /** It does not come there, or nobody can tell: only what a list has helps. */
  readonly failed: () => void;
  readonly times?: CatchUpTimes;
}

export class CatchUp {
  readonly #options: CatchUpOptions;
  readonly #times: CatchUpTimes;
  readonly #end = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #quietAt = 0;
  #latestAt = 0;
  /** What the list had; undefined until then. */
  #newest: string | undefined;
  #isBegun = false;

  constructor(options: CatchUpOptions) {
    this.#options = options;
    this.#times = options.times ?? CATCH_UP_TIMES;
  }

  /** The watch is answered. */
  begin(): void {
    if (this.#isBegun || this.#end.signal.aborted) return;
    this.#isBegun = true;
    const now = monotonicMillis();
    this.#latestAt = now + this.#times.longest;
    this.#quietAt = now + this.#times.first;
    this.#wait();
  }

  /** Something of it was taken. */
  came(): void {
    this.#quietAt = monotonicMillis() + this.#times.quiet;
    if (this.#newest !== undefined) this.#look(this.#newest);
  }

  /** The watch ended, or it is known. */
  close(): void {
    this.#end.abort();
    clearTimeout(this.#timer);
  }

  /** Not one timer for each line. */
  #wait(): void {
    const rest = Math.min(this.#quietAt, this.#latestAt) - monotonicMillis();
    if (rest > 0) this.#after(rest, () => this.#wait());
    else void this.#compare();
  }

  #after(millis: number, act: () => void): void {
    this.#timer = setTimeout(act, millis);
    unref(this.#timer);
  }

  async #compare(): Promise<void> {
    const { census, position } = this.#options;
    const { signal } = this.#end;
    const seen = position();
    try {
      const { version, newest } = await census(signal);
      if (signal.aborted) return;
      // Older than what was seen: the data are those of a backup. Or they are no numbers.
      if (!(compareVersions(version, seen) >= 0)) return this.#fail();
      if (newest === undefined) return this.#succeed();
      this.#after(this.#times.behind, () => this.#fail());
      this.#newest = newest;
      this.#look(newest);
    } catch {
      // The list that follows says what is wrong.
      if (!signal.aborted) this.#fail();
    }
  }

  #look(newest: string): void {
    if (compareVersions(this.#options.position(), newest) >= 0) this.#succeed();
  }

  #succeed(): void {
    if (this.#end.signal.aborted) return;
    this.close();
    this.#options.caughtUp();
  }

  #fail(): void {
    if (this.#end.signal.aborted) return;
    this.close();
    this.#options.failed();
  }
}
