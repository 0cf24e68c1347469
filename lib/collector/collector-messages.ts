// What a collector thread and the thread that started it say to each other, and what the first one is given. Plain data.
import type { MessagePort } from 'node:worker_threads';
import type { Attributes, DiagLogger } from '@opentelemetry/api';
import { isMetricStoreError, MetricStoreError, type ErrorCode } from '../errors.js';
import { textOf } from '../guard/thrown.js';
import type { RemotePrometheusOptions } from '../exposition/prometheus-endpoint.js';
import type { CollectorState } from '../memory/collector-state.js';
import type { HostAnswer } from '../otel/host-producer.js';
import type { MetricPiece } from '../producers/metric-pieces.js';
import type { LeaseToken } from '../store/collect/plane-lease.js';
import type { StoreHandle } from '../store/store-handle.js';

export const COLLECTOR_TAG = 'otel-argo-metrics.collector';

/** What of the reader's options another thread can be given. */
export interface ExportTimes {
  readonly exportIntervalMillis?: number;
  readonly exportTimeoutMillis?: number;
  readonly maxExportBatchSize?: number;
  readonly delivery?: 'at-least-once' | 'at-most-once';
  readonly zeroStartMillis?: number;
}

export interface ExporterSetting {
  /** A `file:` URL, or the name of a package. */
  readonly module: string;
  readonly options: unknown;
  readonly times: ExportTimes;
}

/** What is known of the MeterProvider that the other thread gave `collector.reader` to. */
export interface HostData {
  readonly isThere: boolean;
  readonly resource: Attributes | undefined;
  readonly maxAgeMillis: number;
}

/** A thread's `workerData`. */
export interface ThreadData {
  readonly tag: typeof COLLECTOR_TAG;
  readonly handle: StoreHandle;
  readonly port: MessagePort;
  readonly state: CollectorState['buffer'];
  /** Counts the threads, from 1. */
  readonly life: number;
  /** Undefined: the thread asks for one, if its exporter wants deltas. */
  readonly lease: LeaseToken | undefined;
  readonly resource: Attributes;
  readonly prometheus: RemotePrometheusOptions | undefined;
  readonly exporter: ExporterSetting | undefined;
  readonly host: HostData;
}

/** An error on its way to another thread, which knows its class by its code. */
export interface SentError {
  readonly text: string;
  readonly code: ErrorCode | undefined;
}

export type ToThread =
  | { readonly type: 'flush' | 'shutdown'; readonly id: number }
  /** The process ends, or may: it is blocked until this export is done, and answers nothing. `isLast`: none comes after it. */
  | {
      readonly type: 'end';
      readonly request: number;
      readonly timeoutMillis: number;
      readonly isLast: boolean;
    }
  | { readonly type: 'lease'; readonly token: LeaseToken }
  | { readonly type: 'refused'; readonly error: SentError }
  /** Whether there is a MeterProvider to be asked, from now on. */
  | { readonly type: 'host'; readonly isThere: boolean }
  /** A part of an answer; its end follows. */
  | { readonly type: 'hostPiece'; readonly id: number; readonly piece: MetricPiece }
  | { readonly type: 'hostEnd'; readonly answer: SentAnswer };

/** The end of an answer of the MeterProvider. */
export type SentAnswer = Omit<HostAnswer, 'errors'> & { readonly errors: readonly SentError[] };

export type FromThread =
  | {
      readonly type: 'ready';
      readonly url: string | undefined;
      /** What the exporter wishes for the SDK's own instruments, by their kind. */
      readonly aggregations: Readonly<Record<string, unknown>> | undefined;
    }
  | { readonly type: 'failed'; readonly error: SentError }
  | { readonly type: 'done'; readonly id: number; readonly error: SentError | undefined }
  | { readonly type: 'wantsLease' }
  | { readonly type: 'wantsHost'; readonly id: number; readonly timeoutMillis: number }
  | { readonly type: 'said'; readonly level: keyof DiagLogger; readonly text: string };

export function sendable(error: unknown): SentError {
  const code = isMetricStoreError(error) ? error.code : undefined;
  const text = isMetricStoreError(error) ? error.message : textOf(error);
  // The code is in the message, and comes in again with the class.
  return { text: code === undefined ? text : text.replace(` [${code}]`, ''), code };
}

/** @param fallback the code of what was no error of this package */
export function received({ text, code }: SentError, fallback: ErrorCode): MetricStoreError {
  return new MetricStoreError(code ?? fallback, text);
}
