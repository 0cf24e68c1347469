import { printable } from './printable-text.js';
import type { RunContext } from './run-context.js';

/** A terminal cannot be read faster, and writing to it is slow. */
const INTERVAL_MILLIS = 100;

const CLEAR_LINE = '\r\x1b[2K';

/**
 * One line on a terminal that is written over again and again. Where nobody watches (a file, a pipe) it writes nothing.
 * Whatever else goes to the same terminal must be written through `print`, so that the two do not mix.
 */
export class ProgressLine {
  readonly #stderr: RunContext['stderr'];
  readonly #clock: RunContext['clock'];
  readonly #isShown: boolean;
  #lastMillis = -Infinity;
  #isOnScreen = false;

  constructor({ stderr, clock }: Pick<RunContext, 'stderr' | 'clock'>) {
    this.#stderr = stderr;
    this.#clock = clock;
    this.#isShown = stderr.isTTY === true;
  }

  /** Asks for the text only when it is time to show one. */
  show(text: () => string): void {
    if (!this.#isShown) return;
    const now = this.#clock.now();
    // A clock that was set back must not silence the line.
    if (Math.abs(now - this.#lastMillis) < INTERVAL_MILLIS) return;
    this.#lastMillis = now;
    this.#stderr.write(CLEAR_LINE + text());
    this.#isOnScreen = true;
  }

  /** Writes a line that stays. What it quotes may be anybody's. */
  print(line: string): void {
    this.clear();
    this.#stderr.write(`${printable(line)}\n`);
  }

  clear(): void {
    if (!this.#isOnScreen) return;
    this.#stderr.write(CLEAR_LINE);
    this.#isOnScreen = false;
  }
}
