import type { Diagnostic } from '../argo/diagnostic/diagnostic.js';

/** Places that cannot be read and are named one by one. */
const UNREADABLE_MAX = 20;

/** What is said about a recording: each thing once, and in one line when all of it is something else. */
export class ReplayProblems {
  readonly #print: (line: string) => void;
  readonly #said = new Set<string>();
  /** Nothing was readable so far. */
  #held: string[] = [];
  #unreadableCount = 0;
  #isReadable = false;
  #hasErrors = false;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** Whether something was said that is an error. */
  get hasErrors(): boolean {
    return this.#hasErrors;
  }

  unreadable(place: string, reason: string): void {
    this.#hasErrors = true;
    this.#unreadableCount++;
    if (this.#unreadableCount > UNREADABLE_MAX) return;
    const line = `${place}: error: ${reason}`;
    if (this.#isReadable) this.#print(line);
    else this.#held.push(line);
  }

  /** Something was readable. */
  readable(): void {
    this.#isReadable = true;
    for (const line of this.#held) this.#print(line);
    this.#held = [];
  }

  /** Every event of a workflow brings its spec again, and with it the same mistakes. */
  diagnostic(place: string, { code, severity, metric, path, message, hint }: Diagnostic): void {
    if (severity === 'error') this.#hasErrors = true;
    // What was said when a metric was compiled, perhaps with a hint, is said again when it is emitted.
    const key = JSON.stringify([code, path, message]);
    if (this.#said.has(key)) return;
    this.#said.add(key);
    const subject = [path, metric === undefined ? '' : `(${metric})`].filter(text => text !== '').join(' ');
    const parts = [place, severity, ...(subject === '' ? [] : [subject]), `${message} [${code}]`];
    this.#print(`${parts.join(': ')}${hint === undefined ? '' : ` ${hint}`}`);
  }

  finish(file: string): void {
    const rest = this.#unreadableCount - UNREADABLE_MAX;
    const [first = ''] = this.#held;
    if (this.#unreadableCount > 1 && !this.#isReadable) {
      const message =
        'this is no recording: JSON of watch events or of workflows, as kubectl prints it with -o json';
      this.#print(`${first} (${message})`);
      return;
    }
    this.readable();
    if (rest > 0) this.#print(`${file}: error: ${rest} more places cannot be read`);
  }
}
