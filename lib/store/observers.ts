/*
 * Callbacks of observable instruments. A callback runs in the thread that registered it; the collecting thread asks over
 * a BroadcastChannel named by the store and waits for the answers until a deadline. What is observed belongs to the one
 * collection that asked, and never enters shared memory.
 */
import { randomInt } from 'node:crypto';
import { BroadcastChannel } from 'node:worker_threads';
import type { Attributes } from '@opentelemetry/api';
import { MetricStoreError } from '../errors.js';
import * as table from '../memory/observer-table.js';
import type { Region } from '../memory/region.js';

/** What one callback reported. Plain data. */
export interface Observation {
  /** Index of the stream. */
  readonly stream: number;
  readonly attributes: Attributes;
  readonly value: number;
}

/** Runs callbacks and hands over what they observed. Registered by the instruments; may reject. */
export type ObservationSource = () => Promise<readonly Observation[]>;

export interface ObservationRound {
  readonly observations: readonly Observation[];
  readonly errors: readonly Error[];
}

type Message =
  | { readonly type: 'observe'; readonly round: string; readonly timeoutMillis: number }
  | {
      readonly type: 'observed';
      readonly round: string;
      readonly thread: number;
      readonly observations: readonly Observation[];
      readonly errors: readonly string[];
    };

export class Observers {
  readonly #region: Region;
  readonly #channelName: string;
  readonly #sources = new Set<ObservationSource>();
  /** The end, however it came, of the run of a callback that was asked for last. */
  readonly #lastRuns = new WeakMap<ObservationSource, Promise<void>>();
  readonly #thread = randomInt(1, 2 ** 31 - 1);
  readonly #waiting = new Map<string, (message: Message & { type: 'observed' }) => void>();
  #channel: BroadcastChannel | undefined;
  #rounds = 0;
  #entered = false;

  constructor(region: Region, storeId: string) {
    this.#region = region;
    this.#channelName = `otel-argo-metrics:${storeId}`;
  }

  add(source: ObservationSource, shared: boolean): void {
    this.#sources.add(source);
    if (!shared || this.#entered) return;
    this.#entered = table.enterObserver(this.#region, this.#thread);
    this.#open();
  }

  delete(source: ObservationSource): void {
    this.#sources.delete(source);
    if (this.#sources.size === 0) this.#leave();
  }

  /** Asks all threads. Never rejects: a callback that fails or a thread that is late becomes an error of the round. */
  async observe(timeoutMillis: number): Promise<ObservationRound> {
    const others = table.hasObservers(this.#region, this.#thread);
    const [own, foreign] = await Promise.all([
      this.#runOwn(timeoutMillis),
      others ? this.#ask(timeoutMillis) : { observations: [], errors: [] },
    ]);
    return {
      observations: [...own.observations, ...foreign.observations],
      errors: [...own.errors, ...foreign.errors],
    };
  }

  close(): void {
    this.#sources.clear();
    this.#leave();
    this.#channel?.close();
    this.#channel = undefined;
  }

  #leave(): void {
    if (this.#entered) table.leaveObserver(this.#region, this.#thread);
    this.#entered = false;
  }

  #open(): BroadcastChannel {
    if (this.#channel !== undefined) return this.#channel;
    const channel = new BroadcastChannel(this.#channelName);
    channel.onmessage = event => void this.#receive((event as { data: Message }).data);
    channel.unref();
    this.#channel = channel;
    return channel;
  }

  async #receive(message: Message): Promise<void> {
    if (message.type === 'observed') return this.#waiting.get(message.round)?.(message);
    if (this.#sources.size === 0) return;
    const { observations, errors } = await this.#runOwn(message.timeoutMillis);
    const answer: Message = {
      type: 'observed',
      round: message.round,
      thread: this.#thread,
      observations,
      errors: errors.map(String),
    };
    this.#channel?.postMessage(answer);
  }

  async #runOwn(timeoutMillis: number): Promise<ObservationRound> {
    const observations: Observation[] = [];
    const errors: Error[] = [];
    const runs = [...this.#sources].map(source => this.#run(source, timeoutMillis));
    for (const result of await Promise.allSettled(runs))
      if (result.status === 'fulfilled') observations.push(...result.value);
      else errors.push(asError(result.reason));
    return { observations, errors };
  }

  /**
   * "The implementation MUST complete the execution of all callbacks for a given instrument before starting a subsequent
   * round of execution": readers that collect at the same time wait for each other, callback by callback, so that one
   * that hangs takes no other one along. The time that is waited counts.
   */
  #run(source: ObservationSource, timeoutMillis: number): Promise<readonly Observation[]> {
    const previous = this.#lastRuns.get(source);
    const start =
      previous === undefined
        ? source
        : () => previous.then(() => (this.#sources.has(source) ? source() : []));
    const run = withDeadline(start, timeoutMillis);
    this.#lastRuns.set(source, run.then(ignore, ignore));
    return run;
  }

  async #ask(timeoutMillis: number): Promise<ObservationRound> {
    const round = `${this.#thread}:${++this.#rounds}`;
    const missing = new Set(table.expectedObservers(this.#region).filter(thread => thread !== this.#thread));
    const observations: Observation[] = [];
    const errors: Error[] = [];
    const channel = this.#open();
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, missing.size > 0 ? timeoutMillis : 0);
      this.#waiting.set(round, answer => {
        table.markAnswering(this.#region, answer.thread);
        observations.push(...answer.observations);
        errors.push(...answer.errors.map(text => new MetricStoreError('CALLBACK_FAILED', text)));
        missing.delete(answer.thread);
        if (missing.size > 0) return;
        clearTimeout(timer);
        resolve();
      });
      channel.postMessage({ type: 'observe', round, timeoutMillis } satisfies Message);
    });
    this.#waiting.delete(round);
    for (const thread of missing) {
      table.markSilent(this.#region, thread);
      const text = `a thread with observable callbacks did not answer within ${timeoutMillis} ms; it is not waited for until it does`;
      errors.push(new MetricStoreError('CALLBACK_TIMEOUT', text));
    }
    return { observations, errors };
  }
}

/** Rejects with CALLBACK_TIMEOUT when the source has not finished in time. */
function withDeadline(source: ObservationSource, timeoutMillis: number): Promise<readonly Observation[]> {
  return new Promise((resolve, reject) => {
    const late = (): void =>
      reject(
        new MetricStoreError(
          'CALLBACK_TIMEOUT',
          `an observable callback did not return within ${timeoutMillis} ms`,
        ),
      );
    const timer = setTimeout(late, timeoutMillis);
    source()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

function ignore(): void {}

function asError(reason: unknown): Error {
  if (reason instanceof Error) return reason;
  return new MetricStoreError('CALLBACK_FAILED', `an observable callback failed with ${String(reason)}`);
}
