import type {
  AggregationTemporalitySelector,
  CollectionResult,
  InstrumentType,
  MetricCollectOptions,
  MetricProducer,
} from '@opentelemetry/sdk-metrics';
import type { Resource } from '@opentelemetry/resources';
import { keepAlive } from '../guard/deadline.js';
import { checkOption, readOptions, type KeysOf } from '../guard/option-checks.js';
import { checkZeroStart } from '../store/collect/zero-start.js';
import type { StoreCore } from '../store/store-core.js';
import type { StoreReader } from '../store/collect/store-reader.js';
import type { Temporality } from '../store/definition/stream.js';
import { toScopeMetrics } from './metric-data.js';
import { registerProducer } from '../producers/metric-producers.js';
import { checkMillis } from './reader-options.js';
import { ReaderSelection } from './reader-selection.js';
import { emptyResource } from '../producers/resource.js';
import { DELTA } from '../producers/sdk-enums.js';

export interface MetricProducerOptions {
  /** @defaultValue cumulative for every kind of instrument */
  readonly aggregationTemporalitySelector?: AggregationTemporalitySelector | undefined;
  /**
   * How long a counter or a histogram is shown as 0 after its first data: see `zeroStartMillis` of the reader's options. The
   * last collection too: its reader does not say that it is one.
   * @defaultValue `0`: never
   */
  readonly zeroStartMillis?: number | undefined;
}

const PRODUCER_KEYS: KeysOf<MetricProducerOptions> = {
  aggregationTemporalitySelector: true,
  zeroStartMillis: true,
};

/** How the store's readers ask for temporality. */
export function temporalityBy(selector: AggregationTemporalitySelector): (kind: string) => Temporality {
  return kind => (selector(kind as InstrumentType) === DELTA ? 'delta' : 'cumulative');
}

/**
 * The store's series for any MetricReader (`metricProducers`). What it returned counts as delivered: the host's readers
 * do not say what became of it. Called from the thread that made it.
 */
export class StoreMetricProducer implements MetricProducer {
  readonly #reader: StoreReader;
  readonly #resource: Resource;

  /** @throws MetricStoreError TOO_MANY_DELTA_READERS, INVALID_OPTION */
  constructor(core: StoreCore, options: MetricProducerOptions = {}, resource?: Resource) {
    const { aggregationTemporalitySelector, zeroStartMillis = 0 } = readOptions(
      'the options of metricProducer()',
      options,
      PRODUCER_KEYS,
    );
    checkOption('aggregationTemporalitySelector', aggregationTemporalitySelector, 'function');
    checkZeroStart(zeroStartMillis);
    const selection = new ReaderSelection({
      ...(aggregationTemporalitySelector && { aggregationTemporalitySelector }),
    });
    this.#reader = core.openReader(
      temporalityBy(type => selection.temporality(type)),
      zeroStartMillis,
    );
    this.#resource = resource ?? emptyResource();
    registerProducer(this, core);
  }

  /**
   * Never rejects because of a writer or a callback: see `errors`.
   *
   * @throws MetricStoreError INVALID_OPTION (a rejection)
   */
  async collect(options?: MetricCollectOptions): Promise<CollectionResult> {
    const timeoutMillis = options?.timeoutMillis;
    if (timeoutMillis !== undefined) checkMillis('timeoutMillis', timeoutMillis);
    const cut = await keepAlive(this.#reader.collect({ timeoutMillis }));
    this.#reader.acknowledge();
    const scopeMetrics = toScopeMetrics(cut);
    cut.release();
    return {
      resourceMetrics: { resource: this.#resource, scopeMetrics },
      errors: [...cut.errors],
    };
  }

  /** Gives the place of a delta producer back. Idempotent. */
  shutdown(): Promise<void> {
    this.#reader.close();
    return Promise.resolve();
  }
}
