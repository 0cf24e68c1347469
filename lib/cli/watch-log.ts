import type { Diagnostic } from '../argo/diagnostic/diagnostic.js';
import { BoundedMap } from '../guard/bounded-map.js';
import { monotonicMillis } from '../waiting.js';
import { printable } from './printable-text.js';
import type { RunContext } from './run-context.js';

/** A thing is said once in so long. */
const QUIET_MILLIS = 300_000;
/** Things that are told apart. The oldest is forgotten, and may be said again too early. */
const THINGS_MAX = 5000;
/** Bytes that wait to be written. Whoever reads slower does not get all of it. */
const WAITING_BYTES_MAX = 1024 * 1024;

export type Level = 'info' | 'warning' | 'error';

interface Said {
  at: number;
  leftOut: number;
}

/** What `watch` says: one line each, and of what comes again and again one in five minutes. */
export class WatchLog {
  readonly #context: Pick<RunContext, 'stderr' | 'clock'>;
  readonly #now: () => number;
  readonly #said = new BoundedMap<string, Said>(THINGS_MAX);

  /** @param now milliseconds of a time that only goes on */
  constructor(context: Pick<RunContext, 'stderr' | 'clock'>, now = monotonicMillis) {
    this.#context = context;
    this.#now = now;
  }

  /** Always said. */
  say(level: Level, text: string): void {
    const { stderr, clock } = this.#context;
    if (stderr.writableLength > WAITING_BYTES_MAX) return;
    stderr.write(`${new Date(clock.now()).toISOString()} ${level} ${printable(text)}\n`);
  }

  /** Said unless something with this key was said in the last five minutes. */
  sayOnce(level: Level, key: string, text: string): void {
    const now = this.#now();
    const said = this.#said.get(key);
    if (said !== undefined && now - said.at < QUIET_MILLIS) {
      said.leftOut++;
      return;
    }
    this.#said.renew(key, { at: now, leftOut: 0 });
    this.say(
      level,
      said === undefined || said.leftOut === 0 ? text : `${text} (${said.leftOut} more before)`,
    );
  }

  /** @param subject whose template it is: what is wrong with it comes with each of its workflows */
  diagnostic(subject: string, { code, severity, metric, path, message, hint }: Diagnostic): void {
    const where = [path, metric === undefined ? '' : `(${metric})`].filter(text => text !== '').join(' ');
    const parts = [subject, where, `${message} [${code}]`].filter(text => text !== '');
    const key = JSON.stringify([code, subject]);
    this.sayOnce(severity, key, `${parts.join(': ')}${hint === undefined ? '' : ` ${hint}`}`);
  }

  /** Says what was left out and not told. */
  finish(): void {
    let leftOut = 0;
    for (const said of this.#said.values()) leftOut += said.leftOut;
    if (leftOut > 0) this.say('info', `${leftOut} more messages like those before were left out`);
  }
}
