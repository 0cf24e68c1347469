// The command `watch` as a process of its own, which is killed and started again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { freePort } from '../export-peers.mjs';
import { MARK_METRIC } from './written-objects.mjs';
import { Samples } from './samples.mjs';

const PATIENCE_MILLIS = 60_000;
const SAID_LENGTH_MAX = 100_000;
const pause = millis => new Promise(resolve => setTimeout(resolve, millis));

export class WatchProcess {
  /** What it wrote to its log, in all of its lives. */
  said = '';
  lives = 0;
  /** Lists that it took, to their end. */
  lists = 0;
  /** Scrapes that were answered. */
  scrapes = 0;
  /** What was taken back from one scrape to the next. */
  takenBack = [];
  #options;
  #child;
  #port;
  #before;

  /** @param options `command`, `kubeconfig` or the `account` of a pod, perhaps `state`, `args`, `env`; `expires`: series may go */
  constructor(options) {
    this.#options = options;
  }

  async start() {
    const { account, args = [], command, env = {}, kubeconfig, state } = this.#options;
    this.#port ??= await freePort();
    const own = ['watch', '--listen', `127.0.0.1:${this.#port}`];
    if (account === undefined) own.push('--kubeconfig', kubeconfig);
    if (state !== undefined) own.push('--state', state);
    this.lives++;
    const words = [process.execPath, command, ...own, ...args];
    const [program, ...rest] = account?.entered(words) ?? words;
    this.#child = spawn(program, rest, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        // What is shown as 0 for a while would hide what is lost.
        OTEL_ARGO_METRICS_ENDPOINT_ZERO_FOR: '0',
        OTEL_ARGO_METRICS_LIMITS_CARDINALITY_LIMIT: '100000',
        OTEL_ARGO_METRICS_LOG_FORMAT: 'text',
        ...account?.env,
        ...env,
      },
    });
    createInterface({ input: this.#child.stderr }).on('line', line => this.#hear(line));
    return this;
  }

  /** Once the first list was taken: what is there by then is a baseline. */
  async begun(patienceMillis = PATIENCE_MILLIS) {
    await this.#until(() => this.lists > 0, 'the first list', patienceMillis);
    return this;
  }

  /** Once it says that it knows all that was there when it began. */
  async ready() {
    const isReady = async () => {
      const response = await fetch(`http://127.0.0.1:${this.#port}/readyz`).catch(() => undefined);
      await response?.arrayBuffer();
      return response?.status === 200;
    };
    await this.#until(isReady, 'it is ready');
    return this;
  }

  /** Once it answers: what it remembers is there. */
  async answers() {
    await this.#until(async () => (await this.scrape()) !== undefined, 'an answer');
    return this;
  }

  #hear(line) {
    if (line.includes(' are known; from now on ')) this.lists++;
    this.said = `${this.said}${line}\n`.slice(-SAID_LENGTH_MAX);
  }

  /** Of its endpoint, in all of its lives. */
  get url() {
    return `http://127.0.0.1:${this.#port}/metrics`;
  }

  get pid() {
    return this.#child.pid;
  }

  signal(name) {
    this.#child.kill(name);
  }

  get isGone() {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** With its exit code; 137 where it was killed. */
  async end(signal) {
    if (!this.isGone) {
      const gone = once(this.#child, 'exit');
      this.#child.kill(signal);
      await gone;
    }
    return this.#child.exitCode ?? 137;
  }

  /** Undefined: nobody answers. What was shown before must be there still, and no less. */
  async scrape() {
    const text = await this.#text();
    if (text === undefined) return undefined;
    this.scrapes++;
    const samples = new Samples(text);
    if (this.#before !== undefined)
      for (const what of samples.takenBackSince(this.#before, this.#options)) this.takenBack.push(what);
    this.#before = samples;
    return samples;
  }

  async #text() {
    try {
      const response = await fetch(this.url);
      const text = await response.text();
      return response.status === 200 ? text : undefined;
    } catch {
      return undefined;
    }
  }

  /** What it shows when it has seen the mark. */
  caughtUp(mark) {
    return this.#until(async () => {
      const samples = await this.scrape();
      return samples?.value(MARK_METRIC) === mark && samples;
    }, `mark ${mark} is shown`);
  }

  async #until(isTrue, what, patienceMillis = PATIENCE_MILLIS) {
    for (const end = performance.now() + patienceMillis; performance.now() < end; await pause(20)) {
      const result = await isTrue();
      if (result) return result;
      if (this.#child.exitCode !== null) break;
    }
    const seen = (await this.scrape())?.value(MARK_METRIC);
    throw new Error(
      `never: ${what}; ${seen} marks are shown; exit code ${this.#child.exitCode}\n${this.said.slice(-3000)}`,
    );
  }
}
