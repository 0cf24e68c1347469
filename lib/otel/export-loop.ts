/*
 * Pushes what a reader collects: at an interval, one export at a time, each with a deadline. An export that fails is not
 * lost: the store's series come again by themselves, the host's are kept and sent first next time.
 */
import { context, createContextKey, diag } from '@opentelemetry/api';
import type { CollectionResult, PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { MetricStoreError } from '../errors.js';
import { asError, withDeadline } from './deadline.js';

/** The key under which the SDK looks whether tracing is suppressed. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');
/** `ExportResultCode.SUCCESS` of the SDK's core. */
const SUCCESS = 0;
/** Batches of the host's deltas that wait for an exporter which fails; the oldest go first, and that is said. */
const UNSENT_MAX = 16;

/** What one collection gives to the exporter. */
export interface Collection {
  readonly result: CollectionResult;
  /** The host's part, if it is gone unless it is sent: delta temporality. */
  readonly irretrievable: ResourceMetrics | undefined;
  /** Says that the collection arrived. */
  acknowledge(): void;
}

export interface ExportLoopOptions {
  readonly exporter: PushMetricExporter;
  readonly intervalMillis: number;
  readonly timeoutMillis: number;
  readonly collect: () => Promise<Collection>;
  readonly onFailure: () => void;
}

export class ExportLoop {
  readonly #options: ExportLoopOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #unsent: ResourceMetrics[] = [];
  #running: Promise<void> | undefined;

  constructor(options: ExportLoopOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#tick(), options.intervalMillis);
    this.#timer.unref();
  }

  /** Stops the interval; an export that is under way goes on. */
  stop(): void {
    clearInterval(this.#timer);
  }

  /** The export that is under way, if any. Never rejects. */
  get running(): Promise<void> | undefined {
    return this.#running?.catch(() => undefined);
  }

  /** Collects and exports what was recorded before the call. Rejects when the export failed. */
  async flush(): Promise<void> {
    // One that is under way may have collected before; wait for it, however it ends.
    while (this.running !== undefined) await this.running;
    this.#running = this.#run().finally(() => (this.#running = undefined));
    await this.#running;
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
    for (const error of collection.result.errors)
      diag.warn('otel-argo-metrics: a collection is not complete', error);
    try {
      await this.#awaitResource(collection.result.resourceMetrics);
      while (this.#unsent[0] !== undefined) {
        await this.#export(this.#unsent[0]);
        this.#unsent.shift();
      }
      await this.#export(collection.result.resourceMetrics);
      collection.acknowledge();
    } catch (error) {
      this.#options.onFailure();
      this.#keep(collection.irretrievable);
      throw error;
    }
  }

  /** Detectors may still be at work; what they do not find in time is not worth losing an export for. */
  async #awaitResource({ resource }: ResourceMetrics): Promise<void> {
    if (resource.asyncAttributesPending !== true || resource.waitForAsyncAttributes === undefined) return;
    const wait = resource.waitForAsyncAttributes();
    await withDeadline(wait, this.#options.timeoutMillis, 'EXPORT_TIMEOUT', 'resource detection').catch(
      (error: unknown) => diag.warn('otel-argo-metrics: exporting an incomplete resource', error),
    );
  }

  #keep(unsent: ResourceMetrics | undefined): void {
    if (unsent === undefined || unsent.scopeMetrics.length === 0) return;
    this.#unsent.push(unsent);
    if (this.#unsent.length <= UNSENT_MAX) return;
    this.#unsent.shift();
    diag.error(
      `otel-argo-metrics: ${UNSENT_MAX} exports failed in a row; the oldest deltas of the provider's own instruments are lost`,
    );
  }

  #export(metrics: ResourceMetrics): Promise<void> {
    const { exporter, timeoutMillis } = this.#options;
    const work = new Promise<void>((resolve, reject) => {
      context.with(context.active().setValue(SUPPRESS_TRACING, true), () =>
        exporter.export(metrics, ({ code, error }) => {
          if (Number(code) === SUCCESS) resolve();
          else reject(asError(error, 'EXPORT_FAILED', 'the exporter'));
        }),
      );
    });
    return withDeadline(work, timeoutMillis, 'EXPORT_TIMEOUT', 'an export').catch((error: unknown) => {
      throw error instanceof Error
        ? error
        : new MetricStoreError('EXPORT_FAILED', `the exporter failed with ${String(error)}`);
    });
  }
}
