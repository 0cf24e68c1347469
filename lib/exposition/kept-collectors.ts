// Collectors for who asks by a function call: the same way of asking finds the same collector, which remembers the texts of
// series, says a warning once, and lets those who come together share a collection. By what the store object leads to: in a
// route, each call may have attached one of its own. One thread.
import { coreOf, type StoreCore } from '../store/store-core.js';
import { PrometheusCollector, type PrometheusCollectorOptions } from './prometheus-collector.js';

/** Ways of asking that one store is remembered for, the latest ones. */
const WAYS_MAX = 8;

interface Kept {
  /** What must be the same, one by one. */
  readonly way: readonly unknown[];
  readonly collector: PrometheusCollector;
}

/** The latest first. */
const kept = new WeakMap<StoreCore, readonly Kept[]>();

/** @throws MetricStoreError NOT_A_STORE_HANDLE, INVALID_OPTION */
export function keptCollector(store: object, options: PrometheusCollectorOptions): PrometheusCollector {
  const core = coreOf(store);
  const { only, zeroStartMillis = 0, targetInfo, provide, metricProducers = [] } = options;
  const resource = targetInfo ? resourceOf(store) : undefined;
  const way = [only, zeroStartMillis, targetInfo, provide, resource, ...metricProducers];
  const others = kept.get(core) ?? [];
  const found = others.find(known => isSame(known.way, way)) ?? {
    way,
    collector: new PrometheusCollector(store, options),
  };
  if (others[0] !== found)
    kept.set(core, [found, ...others.filter(known => known !== found)].slice(0, WAYS_MAX));
  return found.collector;
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** Only to compare it: the collector says what is wrong with one that cannot be had. */
function resourceOf(store: object): unknown {
  try {
    return (store as { readonly resource?: unknown }).resource;
  } catch {
    return undefined;
  }
}
