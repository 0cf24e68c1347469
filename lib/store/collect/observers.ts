// Callbacks of observable instruments. A callback runs in the thread that registered it; the collecting thread asks over
// a BroadcastChannel named by the store and waits for the answers until a deadline. What is observed belongs to the one
// collection that asked, and never enters shared memory.
import { randomInt, randomUUID } from 'node:crypto';
import { BroadcastChannel } from 'node:worker_threads';
import type { Attributes } from '@opentelemetry/api';
import { isMetricStoreError, MetricStoreError } from '../../errors.js';
import { OBSERVER_GRACE_MILLIS } from '../../limits.js';
import * as table from '../../memory/observer-table.js';
import type { Region } from '../../memory/region.js';
import { count } from '../../memory/statistics.js';
import { BoundedCalls } from '../../guard/bounded-calls.js';
import { unref } from '../../guard/deadline.js';
import { monotonicMillis } from '../../waiting.js';
import { mergeEqual } from './merge-equal.js';
import { whenThreadEnds } from './thread-end.js';
import { asError, textOf } from '../../guard/thrown.js';

/** What one callback reported. Plain data. */
export interface Observation {
  /** Index of the stream. */
  readonly stream: number;
  readonly attributes: Attributes;
  readonly value: number;
  /** Which thread observed it; set by whoever gathers the reports. */
  thread?: number;
}

/** What one source reported in a round. */
interface Report {
  /** Of all reports with the same words, from whatever threads, a round takes one. */
  readonly once?: string | undefined;
  readonly observations: readonly Observation[];
}

/** Reports of one thread. */
interface ThreadReports {
  readonly thread: number;
  readonly reports: readonly Report[];
}

/** Runs callbacks and hands over what they observed, cloneable. Registered by the instruments; may reject. */
export type ObservationSource = () => Promise<readonly Observation[]>;

/** What of a round's time another thread gets: its answer must arrive before the round ends, whatever hangs there. */
const SHARE_OF_OTHERS = 0.9;

export interface ObservationRound {
  readonly observations: readonly Observation[];
  readonly errors: readonly Error[];
}

interface Answers {
  readonly reports: readonly Report[];
  readonly errors: readonly Error[];
}

interface Source {
  readonly once: string | undefined;
  readonly calls: BoundedCalls<readonly Observation[]>;
}

type Message =
  | { readonly type: 'observe'; readonly round: string; readonly timeoutMillis: number }
  | {
      readonly type: 'observed';
      readonly round: string;
      readonly thread: number;
      readonly reports: readonly Report[];
      readonly errors: readonly { readonly isLate: boolean; readonly text: string }[];
    };

export class Observers {
  /** By stream what this thread's last collection observed of it: canonical texts. Nobody else knows these series. */
  readonly lastSets = new Map<number, ReadonlyMap<string, unknown>>();
  readonly #region: Region;
  readonly #channelName: string;
  readonly #sources = new Map<ObservationSource, Source>();
  readonly #thread = randomInt(1, 2 ** 31 - 1);
  readonly #entry: table.ObserverEntry;
  readonly #waiting = new Map<string, (message: Message & { type: 'observed' }) => void>();
  readonly #patienceMillis: number;
  /** Since when threads owe this one an answer, in `monotonicMillis`. */
  readonly #owing = new Map<number, number>();
  /** What ends the rounds that wait for other threads. */
  readonly #ends = new Set<() => void>();
  #isSilent = false;
  #channel: BroadcastChannel | undefined;
  /** Undefined: nobody waits for this thread. */
  #forgetEnd: (() => void) | undefined;

  /** @param patienceMillis after so long a thread is waited for by nobody, until it answers */
  constructor(region: Region, storeId: string, patienceMillis: number) {
    this.#patienceMillis = patienceMillis;
    this.#region = region;
    this.#entry = new table.ObserverEntry(region, this.#thread);
    this.#channelName = `otel-argo-metrics:${storeId}`;
  }

  /**
   * @param what whose callback it is
   * @param once what other threads may report as well, word for word: it must not be added up
   */
  add(source: ObservationSource, shared: boolean, what: string, once?: string): void {
    const calls = {
      lateCode: 'CALLBACK_TIMEOUT',
      what: `the observable callback of ${what}`,
      keepsLate: false,
    } as const;
    this.#sources.set(source, { once, calls: new BoundedCalls(calls) });
    if (shared) this.#enter();
  }

  delete(source: ObservationSource): void {
    this.#sources.delete(source);
    if (this.#sources.size === 0) this.#leave();
  }

  /**
   * Asks all threads, and waits for what is slow until the caller's own deadline, whoever else asks. Never rejects: a callback
   * that fails or a thread that is late becomes an error of the round.
   *
   * @param reader its calls share what has not begun; of several readers, each has callbacks run for it alone
   */
  async observe(timeoutMillis: number, reader?: object): Promise<ObservationRound> {
    if (this.#isSilent) return { observations: [], errors: [] };
    const others = table.hasObservers(this.#region, this.#thread);
    const [own, foreign] = await Promise.all([
      this.#runOwn(timeoutMillis, reader),
      others ? this.#ask(timeoutMillis) : { threads: [], errors: [] },
    ]);
    return {
      observations: observationsOf([{ thread: this.#thread, reports: own.reports }, ...foreign.threads]),
      errors: mergeEqual([...own.errors, ...foreign.errors]),
    };
  }

  /** From now on no callback is run or asked for, and no round waits for one: the process ends, and nobody would answer. */
  silence(): void {
    this.#isSilent = true;
    for (const end of [...this.#ends]) end();
  }

  /** Takes `silence` back: the thread that it was for goes on. */
  resume(): void {
    this.#isSilent = false;
  }

  close(): void {
    this.#sources.clear();
    this.#leave();
    this.#channel?.close();
    this.#channel = undefined;
  }

  #enter(): void {
    this.#open();
    if (this.#entry.enter()) this.#forgetEnd ??= whenThreadEnds(() => this.#leave());
  }

  #leave(): void {
    if (this.#forgetEnd === undefined) return;
    this.#entry.leave();
    this.#forgetEnd();
    this.#forgetEnd = undefined;
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
    if (message.type === 'observed') {
      // Also one that comes too late for its round: the thread is waited for again from now on.
      table.markAnswering(this.#region, message.thread);
      this.#owing.delete(message.thread);
      this.#waiting.get(message.round)?.(message);
      return;
    }
    // Shows that it lives; it may also have found no room before, or have lost its entry while it was silent.
    if (this.#sources.size > 0) this.#enter();
    // Answered even without callbacks: the last one may have been removed while the question was under way.
    const { reports, errors } = await this.#runOwn(message.timeoutMillis);
    const answer: Message = {
      type: 'observed',
      round: message.round,
      thread: this.#thread,
      reports,
      errors: errors.map(error => ({ isLate: isLate(error), text: textOf(error) })),
    };
    this.#channel?.postMessage(answer);
  }

  /**
   * "The implementation MUST complete the execution of all callbacks for a given instrument before starting a subsequent
   * round of execution": readers that collect at the same time wait for each other, callback by callback.
   */
  async #runOwn(timeoutMillis: number, reader?: object): Promise<Answers> {
    const reports: Report[] = [];
    const errors: Error[] = [];
    const runs = [...this.#sources].map(async ([source, { once, calls }]) => ({
      once,
      observations: await calls.run(() => (this.#sources.has(source) ? source() : []), timeoutMillis, reader),
    }));
    for (const result of await Promise.allSettled(runs))
      if (result.status === 'fulfilled') reports.push(result.value);
      else errors.push(asError(result.reason, 'CALLBACK_FAILED', 'an observable callback'));
    if (errors.length > 0) count(this.#region, 'callbackErrors', errors.length);
    return { reports, errors };
  }

  async #ask(
    timeoutMillis: number,
  ): Promise<{ threads: readonly ThreadReports[]; errors: readonly Error[] }> {
    const round = randomUUID();
    const begin = monotonicMillis();
    const expected = table.expectedObservers(this.#region).filter(thread => thread !== this.#thread);
    for (const thread of this.#owing.keys()) if (!expected.includes(thread)) this.#owing.delete(thread);
    // Who owes an answer for longer than this caller would wait is asked, but not waited for.
    const owing = new Set(expected.filter(thread => this.#owedFor(thread, begin) >= timeoutMillis));
    const missing = new Set(expected.filter(thread => !owing.has(thread)));
    const threads: ThreadReports[] = [];
    const errors: Error[] = [];
    const channel = this.#open();
    const strikeOffDead = (): void => {
      for (const silent of [missing, owing])
        for (const thread of silent) if (table.strikeOffDead(this.#region, thread)) silent.delete(thread);
    };
    await new Promise<void>(resolve => {
      const end = (): void => {
        clearTimeout(grace);
        clearTimeout(deadline);
        this.#ends.delete(end);
        resolve();
      };
      this.#ends.add(end);
      const endWhenComplete = (): void => {
        if (missing.size === 0) end();
      };
      const grace = setTimeout(() => {
        strikeOffDead();
        endWhenComplete();
      }, OBSERVER_GRACE_MILLIS);
      const deadline = setTimeout(end, missing.size > 0 ? timeoutMillis : 0);
      unref(grace);
      unref(deadline);
      this.#waiting.set(round, answer => {
        threads.push(answer);
        for (const { isLate: late, text } of answer.errors)
          errors.push(new MetricStoreError(late ? 'CALLBACK_TIMEOUT' : 'CALLBACK_FAILED', text));
        owing.delete(answer.thread);
        missing.delete(answer.thread);
        endWhenComplete();
      });
      channel.postMessage({
        type: 'observe',
        round,
        timeoutMillis: timeoutMillis * SHARE_OF_OTHERS,
      } satisfies Message);
    });
    this.#waiting.delete(round);
    // A deadline may be shorter than the grace.
    strikeOffDead();
    const late = [...owing, ...missing];
    this.#markLate(late, begin, timeoutMillis);
    if (late.length > 0) errors.push(lateThreads(late.length, timeoutMillis));
    return { threads, errors };
  }

  #owedFor(thread: number, now: number): number {
    return now - (this.#owing.get(thread) ?? now);
  }

  /** A caller who is less patient than the store leaves it to others how long they wait. */
  #markLate(late: readonly number[], begin: number, timeoutMillis: number): void {
    const isPatient = timeoutMillis >= this.#patienceMillis;
    for (const thread of late) {
      if (!this.#owing.has(thread)) this.#owing.set(thread, begin);
      const isGivenUp = isPatient || this.#owedFor(thread, monotonicMillis()) >= this.#patienceMillis;
      if (isGivenUp) table.markSilent(this.#region, thread);
    }
  }
}

function observationsOf(threads: readonly ThreadReports[]): Observation[] {
  const seen = new Set<string>();
  const taken: Observation[] = [];
  for (const { thread, reports } of threads)
    for (const { once, observations } of reports) {
      if (once !== undefined && seen.has(once)) continue;
      if (once !== undefined) seen.add(once);
      for (const observation of observations) {
        observation.thread = thread;
        taken.push(observation);
      }
    }
  return taken;
}

function lateThreads(count: number, timeoutMillis: number): MetricStoreError {
  const [who, they] = count === 1 ? ['a thread', 'it is'] : [`${count} threads`, 'they are'];
  return new MetricStoreError(
    'CALLBACK_TIMEOUT',
    `${who} with observable callbacks did not answer within ${timeoutMillis} ms; ${they} not waited for until there is an answer`,
  );
}

function isLate(error: Error): boolean {
  return isMetricStoreError(error) && error.code === 'CALLBACK_TIMEOUT';
}
