// Keeps a collector thread running for the thread that started it: starts it, starts it again when it has ended, holds its
// place of deltas over its deaths, and waits for its last export when the process ends.
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import type { Attributes } from '@opentelemetry/api';
import { isMetricStoreError, MetricStoreError } from '../errors.js';
import { keepAlive, unref } from '../guard/deadline.js';
import { diag } from '../guard/guarded-diag.js';
import { textOf } from '../guard/thrown.js';
import { CollectorState } from '../memory/collector-state.js';
import { PlaneLease } from '../store/collect/plane-lease.js';
import type { StoreCore } from '../store/store-core.js';
import { monotonicMillis } from '../waiting.js';
import {
  COLLECTOR_TAG,
  received,
  sendable,
  type FromThread,
  type ThreadData,
  type ToThread,
} from './collector-messages.js';
import type { ResolvedCollectorOptions } from './collector-options.js';
import { FailureRow } from './failure-row.js';
import { HostLink } from './host-link.js';
import { atProcessEnd } from './process-end.js';
import { ThreadCalls } from './thread-calls.js';
import { findThreadFile } from './thread-file.js';

/** A flush and a shutdown wait for an export, make one, and flush or end the exporter and the endpoint, each within a time of its own. */
const STEPS = 4;
/** A module may ask for credentials before it makes its exporter; a thread collects before it exports. */
const PATIENCE_MILLIS = 30_000;

/** One thread, from its start to its end. */
interface Life {
  readonly number: number;
  readonly worker: Worker;
  readonly port: MessagePort;
  /** Ends one that is not ready in time. */
  readonly startTimer: NodeJS.Timeout;
  /** In `monotonicMillis`; undefined until it is ready. */
  readyAt: number | undefined;
  /** Why it ended, as far as it is known. */
  cause: unknown;
}

export class ThreadKeeper {
  /** Settles when there will be no thread any more. */
  readonly closed: Promise<{ cause: unknown }>;
  #resolveClosed: ((end: { cause: unknown }) => void) | undefined;
  /** The way of the MeterProvider's metrics to the thread. */
  readonly host: HostLink;
  readonly #core: StoreCore;
  readonly #options: ResolvedCollectorOptions;
  readonly #resource: Attributes;
  readonly #patienceMillis: number;
  readonly #state = new CollectorState();
  readonly #forgetEnd: () => void;
  #life: Life | undefined;
  #lives = 0;
  readonly #failures: FailureRow;
  #restarts = 0;
  #url: string | undefined;
  #lease: PlaneLease | undefined;
  readonly #calls = new ThreadCalls();
  #flushes = 0;
  #isClosing = false;
  #timer: NodeJS.Timeout | undefined;
  #onReady: ((cause?: unknown) => void) | undefined;

  /** @param patienceMillis how long a thread may take until it is ready, and until it answers, beside the times of its exports */
  constructor(
    core: StoreCore,
    options: ResolvedCollectorOptions,
    resource: Attributes,
    patienceMillis = PATIENCE_MILLIS,
  ) {
    this.#patienceMillis = patienceMillis;
    this.#core = core;
    this.#options = options;
    this.#resource = resource;
    this.#failures = new FailureRow(options.restart);
    this.host = new HostLink(options.hostMaxAgeMillis);
    this.closed = new Promise(resolve => (this.#resolveClosed = resolve));
    this.#forgetEnd = atProcessEnd({
      begin: isLast => this.#beginEnd(isLast),
      finish: () => this.#finishEnd(),
    });
  }

  /** Where the endpoint is: the same for all threads, one after the other. */
  get url(): string | undefined {
    return this.#url;
  }

  /** How often a thread has taken the place of one that ended. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Rejects with what made the first thread fail: there is no second one then. */
  async start(): Promise<void> {
    const ready = new Promise<void>((resolve, reject) => {
      this.#onReady = cause => (cause === undefined ? resolve() : reject(asFailure(cause)));
    });
    try {
      this.#spawn();
      await keepAlive(ready);
    } catch (error) {
      const failure = asFailure(error);
      this.#close(failure);
      throw failure;
    } finally {
      this.#onReady = undefined;
    }
  }

  /** Starts it, and waits for nothing: a first thread that fails is followed by others, as later ones are. */
  startInBackground(): void {
    this.#tryToSpawn();
  }

  /**
   * @throws MetricStoreError COLLECTOR_FAILED when there is no thread, or it ends meanwhile; EXPORT_TIMEOUT when it does not answer,
   * which only one does that an exporter never gives back (rejections)
   */
  call(type: 'flush' | 'shutdown'): Promise<void> {
    const life = this.#life;
    if (life === undefined)
      return Promise.reject(
        new MetricStoreError('COLLECTOR_FAILED', 'the collector thread is not running, or not yet again'),
      );
    const millis = STEPS * this.#options.timeoutMillis + this.#patienceMillis;
    return this.#calls.make(`the ${type} of the collector thread`, millis, id =>
      post(life.port, { type, id }),
    );
  }

  /** Whether a thread runs, or will again. */
  get isOpen(): boolean {
    return !this.#isClosing;
  }

  /** Ends the thread, with a last export if it runs. Whatever fails, it has ended then. */
  async shutdown(): Promise<void> {
    this.#skipPause();
    this.#isClosing = true;
    try {
      if (this.#life !== undefined) await this.call('shutdown');
    } finally {
      await this.#life?.worker.terminate();
      this.#close(undefined);
    }
  }

  #spawn(): void {
    const { port1: port, port2 } = new MessageChannel();
    const { prometheus, exporter, resourceLimits } = this.#options;
    const number = ++this.#lives;
    // A port that was found once stays the same.
    const place =
      this.#url === undefined || prometheus?.port !== 0 ? {} : { port: Number(new URL(this.#url).port) };
    const workerData: ThreadData = {
      tag: COLLECTOR_TAG,
      handle: this.#core.handle,
      port: port2,
      state: this.#state.buffer,
      life: number,
      lease: this.#lease?.token,
      resource: this.#resource,
      prometheus: prometheus && { ...prometheus, ...place },
      exporter,
      host: this.host.data,
    };
    // What the application preloads is for its own threads: in this one it would start everything a second time.
    const { NODE_OPTIONS: _, ...env } = process.env;
    const worker = new Worker(findThreadFile(), {
      workerData,
      transferList: [port2],
      name: 'otel-argo-metrics',
      execArgv: [],
      env,
      ...(resourceLimits && { resourceLimits }),
    });
    const startTimer = setTimeout(() => this.#endUnready(life), this.#patienceMillis);
    unref(startTimer);
    const life: Life = { number, worker, port, startTimer, readyAt: undefined, cause: undefined };
    this.#life = life;
    this.host.connect(port);
    port.on('message', (message: FromThread) => this.#receive(life, message));
    port.unref();
    worker.unref();
    worker.on('error', error => (life.cause = error));
    worker.on('exit', code => this.#ended(life, code));
  }

  /** For a module that never makes its exporter. The thread that has waited may have been busy for as long itself. */
  #endUnready(life: Life): void {
    this.#takeMessages(life);
    if (life.readyAt !== undefined) return;
    const millis = this.#patienceMillis;
    life.cause = new MetricStoreError('COLLECTOR_FAILED', `the thread was not ready within ${millis} ms`);
    void life.worker.terminate();
  }

  #receive(life: Life, message: FromThread): void {
    switch (message.type) {
      case 'ready':
        clearTimeout(life.startTimer);
        life.readyAt = monotonicMillis();
        this.#url = message.url;
        this.host.aggregations = message.aggregations;
        this.#onReady?.();
        return;
      case 'failed':
        life.cause = received(message.error, 'COLLECTOR_FAILED');
        return;
      case 'said':
        return diag[message.level](message.text);
      case 'wantsHost':
        return void this.host.answer(message);
      case 'wantsLease':
        return this.#giveLease(life);
      case 'done':
        return this.#calls.answer(message);
    }
  }

  #giveLease({ port }: Life): void {
    const { region, options, clock } = this.#core;
    const { readerLeaseMillis: leaseMillis } = options;
    try {
      this.#lease ??= PlaneLease.take(region, { now: clock.now(), leaseMillis, shared: true });
      post(port, { type: 'lease', token: this.#lease.token });
    } catch (error) {
      post(port, { type: 'refused', error: sendable(error) });
    }
  }

  #ended(life: Life, code: number): void {
    this.#takeMessages(life);
    this.host.connect(undefined);
    life.port.close();
    clearTimeout(life.startTimer);
    this.#life = undefined;
    const cause =
      life.cause ?? new MetricStoreError('COLLECTOR_FAILED', `the thread ended with code ${code}`);
    const lost = this.#state.settle();
    for (let batch = 0; batch < lost; batch++) this.#core.count('deltaBatchesInDoubt');
    this.#calls.end(cause);
    if (this.#isClosing) return;
    if (this.#onReady !== undefined) {
      this.#onReady(cause);
      return;
    }
    this.#goOn(life.readyAt, cause, lost);
  }

  /** What the thread sent before it ended. */
  #takeMessages(life: Life): void {
    for (
      let next = receiveMessageOnPort(life.port);
      next !== undefined;
      next = receiveMessageOnPort(life.port)
    )
      this.#receive(life, next.message as FromThread);
  }

  #goOn(readyAt: number | undefined, cause: unknown, lost: number): void {
    const livedFor = readyAt === undefined ? 0 : monotonicMillis() - readyAt;
    const delay = this.#failures.add({ cause, livedFor, lost });
    if (delay === undefined) return this.#close(cause);
    this.#timer = setTimeout(() => this.#startAgain(), delay);
    unref(this.#timer);
  }

  #startAgain(): void {
    this.#restarts++;
    this.#tryToSpawn();
  }

  /** Whoever ends now does not wait for the next thread to be due. */
  #skipPause(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#startAgain();
  }

  #tryToSpawn(): void {
    this.#timer = undefined;
    try {
      this.#spawn();
    } catch (error) {
      // No memory for a thread, for example.
      this.#goOn(undefined, error, 0);
    }
  }

  #close(cause: unknown): void {
    this.#isClosing = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#forgetEnd();
    this.#lease?.release();
    this.#resolveClosed?.({ cause });
  }

  #beginEnd(isLast: boolean): void {
    const { flushOnExitMillis: timeoutMillis, exporter } = this.#options;
    if (timeoutMillis === 0 || exporter === undefined || this.#isClosing) return;
    this.#skipPause();
    const request = ++this.#flushes;
    if (this.#life !== undefined) post(this.#life.port, { type: 'end', request, timeoutMillis, isLast });
  }

  /** Blocks until that export is done, the thread is found dead, or the time is over. */
  #finishEnd(): void {
    const { flushOnExitMillis, exporter } = this.#options;
    const life = this.#life;
    if (life === undefined || flushOnExitMillis === 0 || exporter === undefined || this.#isClosing) return;
    const end = this.#state.awaitFlush(this.#flushes, {
      life: life.number,
      timeoutMillis: flushOnExitMillis,
      now: monotonicMillis,
      // A thread that begins may want its place of deltas, and be given it meanwhile.
      mayBegin: () => {
        this.#takeMessages(life);
        return life.readyAt === undefined && life.cause === undefined;
      },
    });
    this.#takeMessages(life);
    if (end === 'flushed') return;
    const why =
      end === 'late'
        ? `did not finish within ${flushOnExitMillis} ms (flushOnExitMillis)`
        : `was not made: ${life.cause === undefined ? 'there is no collector thread' : textOf(life.cause)}`;
    diag.error(`otel-argo-metrics: the last export, at the end of the process, ${why}`);
  }
}

/** A port whose other side has ended takes what it is given, and does nothing with it. */
function post(port: MessagePort, message: ToThread): void {
  port.postMessage(message);
}

/** What Node says when it makes no thread, or one ends for want of memory, as an error of this package. */
function asFailure(cause: unknown): MetricStoreError {
  if (isMetricStoreError(cause)) return cause;
  return new MetricStoreError('COLLECTOR_FAILED', `the thread cannot be started: ${textOf(cause)}`, {
    cause,
  });
}
