// All that one scrape shows beside a store's series: what a reader provides, and what further producers have, as streams.
// One instance per collecting thread and purpose.
import type { MetricProducer, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { MetricStoreError } from '../errors.js';
import { asError, textOf } from '../guard/thrown.js';
import type { CollectedStream } from '../store/definition/stream.js';
import type { ProvidedMetrics, ProvideMetrics } from './exposed-reader.js';
import { BoundedProducer } from './produced-metrics.js';
import { ProducedStreams } from './produced-streams.js';

/** Characters of what a producer threw, at most: it goes into logs and answers. */
const MESSAGE_MAX = 1000;

/** Errors of one producer, at most; of further ones it is said that there are some. */
const ERRORS_MAX = 20;

export interface ForeignCollection {
  readonly streams: readonly CollectedStream[];
  readonly resource: object | undefined;
  readonly errors: readonly Error[];
}

/** What producers gave, not read yet. */
export interface ForeignAnswers {
  readonly scopeMetrics: readonly ScopeMetrics[];
  /** Of the reader's provider, when there is one; a `Resource` of the SDK. */
  readonly resource: object | undefined;
  readonly errors: readonly Error[];
}

const NO_ANSWERS: ForeignAnswers = { scopeMetrics: [], resource: undefined, errors: [] };

const NOTHING: ForeignCollection = { streams: [], resource: undefined, errors: [] };

export class ForeignMetrics {
  readonly #provide: ProvideMetrics | undefined;
  readonly #producers: readonly BoundedProducer[];
  readonly #streams = new ProducedStreams();

  constructor(provide: ProvideMetrics | undefined, producers: readonly MetricProducer[]) {
    this.#provide = provide;
    this.#producers = producers.map(producer => new BoundedProducer(producer, false));
  }

  /** Waits as long as this caller wants to, whoever else asks. Never rejects. */
  async ask(timeoutMillis: number): Promise<ForeignAnswers> {
    if (this.#provide === undefined && this.#producers.length === 0) return NO_ANSWERS;
    const [provided, ...produced] = await Promise.all([
      this.#ofReader(timeoutMillis),
      ...this.#producers.map(producer => producer.collect(timeoutMillis)),
    ]);
    const errors = [provided?.errors ?? [], ...produced.map(part => part.errors)].flatMap(firstErrors);
    return {
      scopeMetrics: [
        ...(provided?.scopeMetrics ?? []),
        ...produced.flatMap(({ metrics }) => metrics?.scopeMetrics ?? []),
      ],
      resource: provided?.resource,
      errors,
    };
  }

  /** Never rejects; one call at a time. */
  async read(answers: ForeignAnswers): Promise<ForeignCollection> {
    if (answers === NO_ANSWERS) return NOTHING;
    const { scopeMetrics, resource, errors } = answers;
    const { streams, leftOut } = await this.#streams.read(scopeMetrics);
    return {
      streams,
      resource,
      errors: [
        ...errors,
        ...leftOut
          .slice(0, ERRORS_MAX)
          .map(why => new MetricStoreError('PRODUCER_FAILED', `not exposed: ${why.slice(0, MESSAGE_MAX)}`)),
        ...further(leftOut.length),
      ],
    };
  }

  async #ofReader(timeoutMillis: number): Promise<ProvidedMetrics | undefined> {
    try {
      return await this.#provide?.(timeoutMillis);
    } catch (error) {
      return { scopeMetrics: [], resource: undefined, errors: [error] };
    }
  }
}

function firstErrors(errors: readonly unknown[]): Error[] {
  return [...errors.slice(0, ERRORS_MAX).map(boundedError), ...further(errors.length)];
}

/** Their number differs from one collection to the next, and is not said: what is said is said once. */
function further(count: number): Error[] {
  return count > ERRORS_MAX
    ? [new MetricStoreError('PRODUCER_FAILED', 'a metric producer had further errors, which are not shown')]
    : [];
}

function boundedError(reason: unknown): Error {
  const error = asError(reason, 'PRODUCER_FAILED', 'a metric producer');
  const text = textOf(error);
  if (text.length <= MESSAGE_MAX) return error;
  return new MetricStoreError('PRODUCER_FAILED', `${text.slice(0, MESSAGE_MAX)}…`);
}
