// What a reader has to give beside its store's series: the instruments of the provider that it is registered in, and what
// further producers have. Asked by its own collections, and by scrapes of the reader.
import type { MetricProducer, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import type { Resource } from '@opentelemetry/resources';
import { MetricStoreError } from '../errors.js';
import { diag } from '../guard/guarded-diag.js';
import type { ProvidedMetrics } from '../producers/exposed-reader.js';
import { BoundedProducer } from '../producers/produced-metrics.js';

export interface ReaderMetrics extends ProvidedMetrics {
  readonly scopeMetrics: ScopeMetrics[];
  readonly resource: Resource | undefined;
}

/** Each asked one at a time, and not again while it owes an answer. */
interface Asked {
  readonly others: readonly BoundedProducer[];
  host: BoundedProducer | undefined;
}

export class ReaderProducers {
  readonly #hasDelta: boolean;
  readonly #ofReader: Asked;
  /** Apart, so that a scraper who does not wait for long leaves an export its answer. */
  readonly #ofScrapes: Asked;
  /** Of the provider, once it said so: it is the same from then on, also when the provider does not answer in time. */
  #resource: Resource | undefined;
  #hasSaid = false;

  /** @param hasDelta whether what was collected is gone unless it is exported */
  constructor(producers: readonly MetricProducer[], hasDelta: boolean) {
    const bound = (): Asked => ({
      others: producers.map(producer => new BoundedProducer(producer, hasDelta)),
      host: undefined,
    });
    this.#hasDelta = hasDelta;
    this.#ofReader = bound();
    this.#ofScrapes = bound();
  }

  /** @throws MetricStoreError ALREADY_REGISTERED */
  register(host: MetricProducer): void {
    if (this.#ofReader.host !== undefined)
      throw new MetricStoreError(
        'ALREADY_REGISTERED',
        'this reader is registered in a MeterProvider already: make a second reader, the store takes several',
      );
    for (const asked of [this.#ofReader, this.#ofScrapes])
      asked.host = new BoundedProducer(host, this.#hasDelta);
  }

  /** Never rejects; the provider's come first. */
  collect(timeoutMillis: number): Promise<ReaderMetrics> {
    return this.#ask(this.#ofReader, timeoutMillis);
  }

  /** The same for a scrape, which sees totals: where they are deltas nobody is asked, since the exporter would miss them. */
  readonly provide = async (timeoutMillis: number): Promise<ReaderMetrics> => {
    if (!this.#hasDelta) return this.#ask(this.#ofScrapes, timeoutMillis);
    const { host, others } = this.#ofScrapes;
    if (!this.#hasSaid && (host !== undefined || others.length > 0)) {
      this.#hasSaid = true;
      diag.warn(
        "otel-argo-metrics: Prometheus sees the store's series alone of a reader with delta temporality: a scrape would take the " +
          "provider's own deltas, and those of metricProducers, from the exporter. Register a second reader, without exporter, and " +
          'expose that one (said once)',
      );
    }
    return { resource: this.#resource, scopeMetrics: [], errors: [] };
  };

  async #ask({ host, others }: Asked, timeoutMillis: number): Promise<ReaderMetrics> {
    const [first, ...further] = await Promise.all([
      host?.collect(timeoutMillis),
      ...others.map(producer => producer.collect(timeoutMillis)),
    ]);
    const produced = [first, ...further];
    this.#resource = first?.metrics?.resource ?? this.#resource;
    return {
      resource: this.#resource,
      scopeMetrics: produced.flatMap(part => part?.metrics?.scopeMetrics ?? []),
      errors: produced.flatMap(part => part?.errors ?? []),
    };
  }
}
