/*
 * Pushes what a reader collects: at an interval, one export at a time, each with a deadline. An export that fails is not
 * lost: the store's series come again by themselves, the others' deltas are kept and sent first next time.
 */
import { context, createContextKey } from '@opentelemetry/api';
import type { CollectionResult, PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { withDeadline, unref } from '../store/deadline.js';
import { diag } from '../store/guarded-diag.js';
import { asError } from '../store/thrown.js';
import { UnsentDeltas } from './unsent-deltas.js';

/** The key under which the SDK looks whether tracing is suppressed. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');
/** `ExportResultCode.SUCCESS` of the SDK's core. */
const SUCCESS = 0;

/** What one collection gives to the exporter. */
export interface Collection {
  readonly result: CollectionResult;
  /** The part of others than the store, if it is gone unless it is sent: delta temporality. */
  readonly irretrievable: ResourceMetrics | undefined;
  /** Says that the collection arrived. Without effect when a later one has begun, which contains it again. */
  acknowledge(): void;
}

export interface ExportLoopOptions {
  readonly exporter: PushMetricExporter;
  readonly intervalMillis: number;
  readonly timeoutMillis: number;
  readonly collect: () => Promise<Collection>;
  /** Called for each export that failed. */
  readonly onFailure: () => void;
}

export class ExportLoop {
  readonly #options: ExportLoopOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #unsent = new UnsentDeltas();
  /** Resources whose detectors did not finish in time: they are not waited for again. */
  readonly #givenUp = new WeakSet<object>();
  #running: Promise<void> | undefined;

  constructor(options: ExportLoopOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#tick(), options.intervalMillis);
    unref(this.#timer);
  }

  /** Stops the interval; an export that is under way goes on. */
  stop(): void {
    clearInterval(this.#timer);
  }

  /** The export that is under way, if any. Never rejects. */
  get running(): Promise<void> | undefined {
    return this.#running?.catch(() => undefined);
  }

  /** Collects and exports what was recorded before the call. Rejects when something did not arrive. */
  async flush(): Promise<void> {
    // One that is under way may have collected before; wait for it, however it ends.
    while (this.running !== undefined) await this.running;
    this.#running = this.#run().finally(() => (this.#running = undefined));
    await this.#running;
  }

  /** Deltas that somebody else collected go with the next export all the same. */
  keep(irretrievable: ResourceMetrics | undefined): void {
    this.#unsent.add(irretrievable);
  }

  async #tick(): Promise<void> {
    if (this.#running !== undefined) return;
    try {
      await this.flush();
    } catch (error) {
      diag.error('otel-argo-metrics: an export failed; its numbers come again with the next one', error);
    }
  }

  async #run(): Promise<void> {
    const collection = await this.#options.collect();
    const { result, irretrievable } = collection;
    for (const error of result.errors) diag.warn('otel-argo-metrics: a collection is not complete', error);
    await this.#awaitResource(result.resourceMetrics);
    const refused = await this.#sendUnsent();
    try {
      await this.#send(result.resourceMetrics, () => {
        collection.acknowledge();
        this.#unsent.delete(irretrievable);
      });
    } catch (error) {
      this.#unsent.add(irretrievable);
      throw error;
    }
    if (refused === undefined) return;
    this.#unsent.countRefusal(refused.batch);
    throw refused.error;
  }

  /**
   * The first one that fails ends it: of an exporter that is down, one run waits for one old export and the new one. The
   * new one has its try in any case, so that a batch which is always refused does not stand in the way of the others.
   */
  async #sendUnsent(): Promise<{ batch: ResourceMetrics; error: unknown } | undefined> {
    for (const batch of this.#unsent.oldestFirst()) {
      try {
        await this.#send(batch, () => this.#unsent.delete(batch));
      } catch (error) {
        return { batch, error };
      }
    }
    return undefined;
  }

  /** Detectors may still be at work; what they do not find in time is not worth losing an export for. */
  async #awaitResource({ resource }: ResourceMetrics): Promise<void> {
    if (resource.asyncAttributesPending !== true || this.#givenUp.has(resource)) return;
    try {
      const wait = Promise.resolve(resource.waitForAsyncAttributes?.());
      await withDeadline(wait, this.#options.timeoutMillis, 'EXPORT_TIMEOUT', 'resource detection');
    } catch (error) {
      this.#givenUp.add(resource);
      diag.warn('otel-argo-metrics: exporting an incomplete resource', error);
    }
  }

  /** `onArrival` runs when the exporter says so, even after the deadline, at which this rejects. */
  async #send(metrics: ResourceMetrics, onArrival: () => void): Promise<void> {
    const { timeoutMillis, onFailure } = this.#options;
    try {
      const arrival = this.#export(metrics).then(onArrival);
      await withDeadline(arrival, timeoutMillis, 'EXPORT_TIMEOUT', 'an export');
    } catch (error) {
      onFailure();
      throw asError(error, 'EXPORT_FAILED', 'the exporter');
    }
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
