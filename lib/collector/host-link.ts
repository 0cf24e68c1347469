// Between the MeterProvider of the thread that started a collector thread and that one: answers its questions, and outlives it.
import type { MessagePort } from 'node:worker_threads';
import type { Attributes } from '@opentelemetry/api';
import { textOf } from '../guard/thrown.js';
import { ResourceAttributes } from '../exposition/resource-attributes.js';
import type { HostReader } from '../otel/host-reader.js';
import { cloneable, sendInPieces } from '../producers/metric-pieces.js';
import { monotonicMillis } from '../waiting.js';
import { sendable, type HostData, type SentError, type ToThread } from './collector-messages.js';

/** Errors of one answer, and characters of one, at most. */
const ERRORS_MAX = 20;
const ERROR_LENGTH_MAX = 1000;

/** The id of an answer that nobody asked for. */
const UNASKED = 0;

export class HostLink {
  /** What the exporter of the first thread wishes for. */
  #aggregations: Readonly<Record<string, unknown>> | undefined;
  readonly #maxAgeMillis: number;
  readonly #attributes = new ResourceAttributes();
  #reader: HostReader | undefined;
  #resource: Attributes | undefined;
  #isThere = false;
  #port: MessagePort | undefined;

  constructor(maxAgeMillis: number) {
    this.#maxAgeMillis = maxAgeMillis;
  }

  /** For a thread that begins. */
  get data(): HostData {
    return { isThere: this.#isThere, resource: this.#resource, maxAgeMillis: this.#maxAgeMillis };
  }

  get aggregations(): Readonly<Record<string, unknown>> | undefined {
    return this.#aggregations;
  }

  /** By each thread; the MeterProvider's instruments keep what the first one said. */
  set aggregations(aggregations: Readonly<Record<string, unknown>> | undefined) {
    this.#aggregations ??= aggregations;
  }

  /** Who is asked; nobody before. */
  set reader(reader: HostReader) {
    this.#reader = reader;
  }

  /** @param port of the thread that runs now, if one does */
  connect(port: MessagePort | undefined): void {
    this.#port = port;
  }

  tell(isThere: boolean): void {
    this.#isThere = isThere;
    this.#port?.postMessage({ type: 'host', isThere } satisfies ToThread);
  }

  /** Never rejects. What a thread that has ended asked for goes nowhere. */
  async answer({ id = UNASKED, timeoutMillis }: { id?: number; timeoutMillis: number }): Promise<void> {
    const port = this.#port;
    const begin = monotonicMillis();
    const post = (message: ToThread): void => port?.postMessage(message);
    try {
      const { metrics, errors: failures } = (await this.#reader?.produce(timeoutMillis)) ?? { errors: [] };
      if (metrics !== undefined)
        this.#resource = cloneable(await this.#attributes.of(metrics.resource)) as Attributes;
      const leftOut = await sendInPieces(metrics?.scopeMetrics ?? [], piece =>
        post({ type: 'hostPiece', id, piece }),
      );
      const errors = [...failures, ...leftOut].slice(0, ERRORS_MAX).map(boundedError);
      const tookMillis = monotonicMillis() - begin;
      const answer = { id, hasMetrics: metrics !== undefined, resource: this.#resource, errors, tookMillis };
      post({ type: 'hostEnd', answer });
    } catch (error) {
      // Metrics that throw when they are looked at.
      const answer = {
        id,
        hasMetrics: false,
        resource: undefined,
        errors: [boundedError(error)],
        tookMillis: 0,
      };
      post({ type: 'hostEnd', answer });
    }
  }
}

function boundedError(error: unknown): SentError {
  const { text, code } = sendable(error ?? textOf(error));
  return { text: text.slice(0, ERROR_LENGTH_MAX), code };
}
