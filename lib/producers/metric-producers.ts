// The option `metricProducers`, wherever it is given, and which store a producer is of.
import type { MetricProducer } from '@opentelemetry/sdk-metrics';
import { MetricStoreError } from '../errors.js';
import { checkList, hasMethod, readable } from '../guard/option-checks.js';
import type { StoreCore } from '../store/store-core.js';

export type { MetricProducer };

const cores = new WeakMap<object, StoreCore>();

/** Says that a producer, or a reader, gives the series of this store. */
export function registerProducer(producer: object, core: StoreCore): void {
  cores.set(producer, core);
}

/**
 * A list of producers, none of them twice and none of this store: its series would come out twice.
 *
 * @throws MetricStoreError INVALID_OPTION
 */
export function checkMetricProducers(value: unknown, core?: StoreCore): void {
  if (value === undefined) return;
  checkList('metricProducers', value, 'an array of objects with collect()', element =>
    readable('metricProducers', () => hasMethod(element, 'collect')),
  );
  const producers = value as readonly MetricProducer[];
  if (new Set(producers).size < producers.length)
    throw new MetricStoreError(
      'INVALID_OPTION',
      'metricProducers names one producer twice, which would export it twice',
    );
  if (core !== undefined && producers.some(producer => cores.get(producer) === core))
    throw new MetricStoreError(
      'INVALID_OPTION',
      'metricProducers names the store that is exposed or read already, which would export it twice: leave it out',
    );
}
