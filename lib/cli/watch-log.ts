import type { Diagnostic } from '../argo/diagnostic/diagnostic.js';
import { BoundedMap } from '../guard/bounded-map.js';
import { monotonicMillis } from '../waiting.js';
import { printable } from './printable-text.js';
import type { RunContext } from './run-context.js';
import type { WatchConfig } from './watch-config.js';

/** A thing is said once in so long. */
const QUIET_MILLIS = 300_000;
/** Things that are told apart. The oldest is forgotten, and may be said again too early. */
const THINGS_MAX = 5000;
/** Bytes that wait to be written. Whoever reads slower does not get all of it. */
const WAITING_BYTES_MAX = 1024 * 1024;

export type Level = 'info' | 'warning' | 'error';

/** How bad each is, and from where on each word of `log.level` says it. */
const BADNESS: Readonly<Record<Level, number>> = { info: 1, warning: 2, error: 3 };
const LEAST: Readonly<Record<WatchConfig['log']['level'], number>> = {
  ...{ none: 4, error: 3, warn: 2 },
  ...{ info: 1, debug: 0, verbose: 0, all: 0 },
};

interface Said {
  at: number;
  leftOut: number;
}

/** What `watch` says: one line each, and of what comes again and again one in five minutes. */
export class WatchLog {
  readonly #context: Pick<RunContext, 'stderr' | 'clock'>;
  readonly #isJson: boolean;
  readonly #least: number;
  readonly #now: () => number;
  readonly #said = new BoundedMap<string, Said>(THINGS_MAX);

  /** @param now milliseconds of a time that only goes on */
  constructor(
    context: Pick<RunContext, 'stderr' | 'clock'>,
    { format, level }: WatchConfig['log'],
    now = monotonicMillis,
  ) {
    this.#context = context;
    this.#isJson = format === undefined ? context.stderr.isTTY !== true : format === 'json';
    this.#least = LEAST[level];
    this.#now = now;
  }

  /** Said each time. */
  say(level: Level, text: string): void {
    const { stderr, clock } = this.#context;
    if (BADNESS[level] < this.#least || stderr.writableLength > WAITING_BYTES_MAX) return;
    const time = new Date(clock.now()).toISOString();
    const message = printable(text);
    const line = this.#isJson ? JSON.stringify({ time, level, message }) : `${time} ${level} ${message}`;
    stderr.write(`${line}\n`);
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
