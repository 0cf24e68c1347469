// Pushes what a reader collects: at an interval, one export at a time, each with a deadline. A batch of deltas arrives,
// fails or is in doubt. What failed goes with the next one: the store's stays in its shared memory for that, where it
// outlives this thread. What is in doubt leaves the store and waits for its answer.
import { context, createContextKey } from '@opentelemetry/api';
import type { PushMetricExporter, ResourceMetrics, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { unref, withDeadline } from '../guard/deadline.js';
import { diag } from '../guard/guarded-diag.js';
import { asError } from '../guard/thrown.js';
import { monotonicMillis } from '../waiting.js';
import { isEmpty, scopesOf, splitBatch, type Batch } from './batch-splitter.js';
import { BatchesInDoubt } from './batches-in-doubt.js';
import { ExportHealth } from './export-health.js';
import type { Delivery } from './reader-options.js';
import { deltasOf, OwedDeltas, withoutDeltas, withOwed, type Interval } from './owed-deltas.js';
import { BATCHES_MAX, UnsentDeltas } from './unsent-deltas.js';

/** The key under which the SDK looks whether tracing is suppressed. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');
/** `ExportResultCode.SUCCESS` of the SDK's core. */
const SUCCESS = 0;
/** Flushes behind the last one, of an exporter that takes something of each. */
const FLUSHES_MAX = 2 * BATCHES_MAX;

/** What one collection gives to the exporter. */
export interface Collection extends Batch {
  readonly resource: ResourceMetrics['resource'];
  readonly errors: readonly unknown[];
  /** Of the store's deltas. Undefined when nothing of the store could be had: then nothing of it leaves. */
  readonly interval: Interval | undefined;
  /**
   * Takes the store's deltas out of its memory: otherwise the next collection contains them again. Without effect when a
   * later one has begun.
   */
  acknowledge(): void;
  /** Notes that the exporter is about to have the store's deltas, for who goes on when this thread ends now. */
  handOver(): void;
  /** Notes that the exporter did not deliver them. */
  takeBack(): void;
}

export interface ExportLoopOptions {
  readonly exporter: PushMetricExporter;
  readonly intervalMillis: number;
  readonly timeoutMillis: number;
  readonly delivery: Delivery;
  /** Points of one export. Undefined: no bound. */
  readonly maxExportBatchSize: number | undefined;
  readonly collect: () => Promise<Collection>;
  /** Called for each export that failed. */
  readonly onFailure: () => void;
  /** Called for each batch in doubt that is given up. */
  readonly onDoubtGivenUp: () => void;
  /** Told how many batches are lost if this thread ends now, beside the store's that are handed over. */
  readonly onDebts?: (batches: number) => void;
}

type Fate =
  | { readonly is: 'arrived' | 'not sent' }
  | { readonly is: 'failed'; readonly error: Error }
  | { readonly is: 'in doubt'; readonly error: Error; readonly answer: Promise<void> };

/** The unsent batch that did not arrive. */
interface Refused {
  readonly batch: ResourceMetrics;
  readonly fate: Fate;
}

export class ExportLoop {
  readonly #options: ExportLoopOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #health = new ExportHealth();
  readonly #unsent = new UnsentDeltas(reason => this.#health.gaveUp(reason));
  readonly #owed = new OwedDeltas(reason => this.#health.gaveUp(reason));
  readonly #inDoubt = new BatchesInDoubt({
    onLateFailure: batch => {
      this.#lateFailures++;
      this.#owe(batch);
    },
    onGiveUp: reason => {
      this.#options.onDoubtGivenUp();
      this.#health.gaveUp(reason);
    },
  });
  /** Resources whose detectors did not finish in time: they are not waited for again. */
  readonly #givenUp = new WeakSet<object>();
  #resource: ResourceMetrics['resource'] | undefined;
  #lateFailures = 0;
  /** Whether the last collection stayed in the store, or would have. */
  #hasFailed = false;
  /** What goes first: it turns when one of the two arrived, so that neither takes each success of an exporter now and then. */
  #isRoundFirst = false;
  /** Infinite until one arrives. */
  #runsWithoutArrival = Infinity;
  #running: Promise<void> | undefined;

  constructor(options: ExportLoopOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      if (this.#running === undefined) void this.flush();
    }, options.intervalMillis);
    unref(this.#timer);
  }

  /** Stops the interval; an export that is under way goes on. */
  stop(): void {
    clearInterval(this.#timer);
  }

  /** The export that is under way, if any. Never rejects. */
  get running(): Promise<void> | undefined {
    return this.#running;
  }

  /** Collects and exports what was recorded before the call. Never rejects: what fails is said and counted. */
  async flush(): Promise<void> {
    // One that is under way may have collected before; wait for it, however it ends.
    while (this.#running !== undefined) await this.#running;
    this.#running = this.#run()
      .catch((error: unknown) => this.#health.failed(error))
      .finally(() => (this.#running = undefined));
    await this.#running;
  }

  /**
   * The last flush: what is in doubt may still be answered, and what then turns out to have failed is sent once more. So is
   * what failed while something else arrived.
   */
  async finish(): Promise<void> {
    const before = this.#lateFailures;
    const end = monotonicMillis() + this.#options.timeoutMillis;
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>(resolve => {
      timer = setTimeout(resolve, this.#options.timeoutMillis);
      unref(timer);
    });
    await this.flush();
    await Promise.race([this.#inDoubt.answered(), deadline]);
    clearTimeout(timer);
    if (this.#lateFailures > before && this.#hasDebts) await this.flush();
    for (let flushes = 0; flushes < FLUSHES_MAX && this.#isWorthAnother && monotonicMillis() < end; flushes++)
      await this.flush();
  }

  /** Nobody waits for an answer any more, and what failed has no next export. */
  close(): void {
    this.#inDoubt.giveUpAll('the reader was shut down before the exporter answered');
    if (this.#hasRest) this.#health.gaveUp('the exporter failed until the reader was shut down');
  }

  get #isWorthAnother(): boolean {
    return this.#runsWithoutArrival < 2 && this.#hasRest;
  }

  get #hasRest(): boolean {
    return this.#hasFailed || this.#hasDebts;
  }

  get #hasDebts(): boolean {
    return !this.#owed.isEmpty || this.#unsent.oldestFirst().length > 0;
  }

  /** Deltas that somebody else collected go with the next export all the same. */
  keep({ resource, foreign }: Collection): void {
    this.#unsent.add({ resource, scopeMetrics: deltasOf(foreign) });
  }

  async #run(): Promise<void> {
    this.#runsWithoutArrival++;
    const collection = await this.#options.collect();
    for (const error of collection.errors)
      diag.warn('otel-argo-metrics: a collection is not complete', error);
    this.#resource = collection.resource;
    await this.#awaitResource(collection.resource);
    const wasWaiting = this.#unsent.oldestFirst().length > 0;
    const [refused, fates] = this.#isRoundFirst
      ? await this.#sendRoundFirst(collection)
      : [await this.#sendUnsent(), await this.#sendRound(collection)];
    const isMixed = this.#runsWithoutArrival === 0 && this.#unsent.oldestFirst().length > 0;
    this.#isRoundFirst = isMixed && !this.#isRoundFirst;
    this.#tellDebts();
    if (refused?.fate.is === 'failed' && fates.length > 0 && fates.every(({ is }) => is === 'arrived'))
      this.#unsent.countRefusal(refused.batch);
    const problem = [...(refused === undefined ? [] : [refused.fate]), ...fates].find(
      fate => 'error' in fate,
    );
    if (problem !== undefined) this.#health.failed(problem.error);
    else if (wasWaiting || fates.length > 0) this.#health.arrived();
  }

  /** What the collection has of the unsent batches' kind goes behind them, so that their order stays. */
  async #sendRoundFirst(collection: Collection): Promise<[Refused | undefined, Fate[]]> {
    this.keep(collection);
    const fates = await this.#sendRound({ ...collection, foreign: withoutDeltas(collection.foreign) });
    return [await this.#sendUnsent(), fates];
  }

  /** All pieces of one collection. An empty one is not exported. */
  async #sendRound(collection: Collection): Promise<Fate[]> {
    const { interval, foreign, resource } = collection;
    const { delivery, maxExportBatchSize } = this.#options;
    const owed = interval === undefined ? [] : this.#owed.take();
    const own =
      interval === undefined || owed.length === 0 ? collection.own : withOwed(collection.own, owed, interval);
    const whole = { foreign, own };
    const batches =
      maxExportBatchSize !== undefined
        ? splitBatch(whole, maxExportBatchSize)
        : isEmpty(whole)
          ? []
          : [whole];
    const isOnlyTry = delivery === 'at-most-once';
    if (isOnlyTry) collection.acknowledge();
    if (deltasOf(whole.own).length > 0 && !isOnlyTry) collection.handOver();
    else if (isOnlyTry) this.#tellDebts(batches.length);
    this.#inDoubt.supersede(whole);
    const fates: Fate[] = [];
    for (const batch of batches) {
      const isOver = fates.at(-1)?.is === 'in doubt' || fates.at(-1)?.is === 'not sent';
      const fate: Fate = isOver
        ? { is: 'not sent' }
        : await this.#send({ resource, scopeMetrics: scopesOf(batch) });
      if (fate.is === 'in doubt' && !isOnlyTry) this.#doubt(batch, fate.answer);
      fates.push(fate);
    }
    this.#settle(collection, batches, fates, owed);
    return fates;
  }

  /** What becomes of the pieces. The store can take back all of them or none: with one that left, it forgets all. */
  #settle(
    collection: Collection,
    batches: readonly Batch[],
    fates: readonly Fate[],
    owed: readonly ScopeMetrics[],
  ): void {
    const { delivery } = this.#options;
    const stays =
      delivery === 'at-least-once' && fates.length > 0 && fates.every(({ is }) => is === 'failed');
    this.#hasFailed = stays && deltasOf(collection.own).length > 0;
    if (stays) {
      this.#owed.add(owed);
      collection.takeBack();
    } else collection.acknowledge();
    for (const [index, batch] of batches.entries()) {
      const is = fates[index]?.is;
      const comesAgain = is === 'not sent' || (is === 'failed' && delivery === 'at-least-once');
      if (comesAgain) this.#owe(stays || collection.interval === undefined ? { ...batch, own: [] } : batch);
    }
  }

  #doubt(batch: Batch, answer: Promise<void>): void {
    this.#inDoubt.add(batch, answer);
    const answered = (): void => this.#tellDebts();
    answer.then(answered, answered);
  }

  /** @param sending batches under way that nobody sends again */
  #tellDebts(sending = 0): void {
    const owed = this.#owed.isEmpty ? 0 : 1;
    this.#options.onDebts?.(this.#inDoubt.size + owed + this.#unsent.oldestFirst().length + sending);
  }

  #owe({ foreign, own }: Batch): void {
    this.#owed.add(own);
    if (this.#resource !== undefined)
      this.#unsent.add({ resource: this.#resource, scopeMetrics: deltasOf(foreign) });
  }

  /**
   * The first one that does not arrive ends it: of an exporter that is down, one run waits for one old export and the new
   * one. The new one has its try in any case, so that a batch which is always refused does not stand in the way of others.
   */
  async #sendUnsent(): Promise<Refused | undefined> {
    for (const batch of this.#unsent.oldestFirst()) {
      const isOnlyTry = this.#options.delivery === 'at-most-once';
      if (isOnlyTry) this.#unsent.delete(batch);
      const fate = await this.#send(batch);
      if (fate.is !== 'failed') this.#unsent.delete(batch);
      if (fate.is === 'in doubt' && !isOnlyTry)
        this.#doubt({ foreign: batch.scopeMetrics, own: [] }, fate.answer);
      if (fate.is !== 'arrived') return { batch, fate };
    }
    return undefined;
  }

  /** Detectors may still be at work; what they do not find in time is not worth losing an export for. */
  async #awaitResource(resource: ResourceMetrics['resource']): Promise<void> {
    if (resource.asyncAttributesPending !== true || this.#givenUp.has(resource)) return;
    try {
      const wait = Promise.resolve(resource.waitForAsyncAttributes?.());
      await withDeadline(wait, this.#options.timeoutMillis, 'EXPORT_TIMEOUT', 'resource detection');
    } catch (error) {
      this.#givenUp.add(resource);
      diag.warn('otel-argo-metrics: exporting an incomplete resource', error);
    }
  }

  /** Never rejects. */
  async #send(metrics: ResourceMetrics): Promise<Fate> {
    const { timeoutMillis, onFailure } = this.#options;
    let answered: Fate['is'] | undefined;
    const answer = this.#export(metrics);
    answer.then(
      () => (answered = 'arrived'),
      () => (answered = 'failed'),
    );
    try {
      await withDeadline(answer, timeoutMillis, 'EXPORT_TIMEOUT', 'an export');
    } catch (reason) {
      // The deadline and the answer may come in one turn.
      if (answered !== 'arrived') {
        onFailure();
        const error = asError(reason, 'EXPORT_FAILED', 'the exporter');
        return answered === 'failed' ? { is: 'failed', error } : { is: 'in doubt', error, answer };
      }
    }
    this.#runsWithoutArrival = 0;
    return { is: 'arrived' };
  }

  /** The first answer counts: of the callback, of what `export` throws, or of a promise that it rejects. */
  #export(metrics: ResourceMetrics): Promise<void> {
    const { exporter } = this.#options;
    return new Promise((resolve, reject) => {
      context.with(context.active().setValue(SUPPRESS_TRACING, true), () => {
        const returned: unknown = exporter.export(metrics, result => {
          if (result?.code === SUCCESS) resolve();
          else reject(asError(result?.error, 'EXPORT_FAILED', 'the exporter'));
        });
        Promise.resolve(returned).catch(reject);
      });
    });
  }
}
