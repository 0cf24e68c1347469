// A real store with custom metrics on it, a clock that is set by hand, and a way to look at what was recorded.
import { collectPrometheusText, createStore } from '../../lib/index.js';
import type { MetricStore } from '../../lib/index.js';
import { CustomMetrics } from '../../lib/argo/emit/custom-metrics.js';
import type { CustomMetricsOptions } from '../../lib/argo/emit/custom-metrics.js';
import { coreOf } from '../../lib/store/store-core.js';
import { pointsIn } from '../support/points.js';

/**
 * A small one, because some tests make hundreds. Node 26 counts the memory of a store as the heap's own, and collects all
 * garbage again after every few of the default size.
 */
const STORE_BYTES = 4 * 1024 * 1024;

export class CustomStore {
  now = 1_000_000;
  readonly store: MetricStore;
  readonly customMetrics: CustomMetrics;

  constructor(options: Omit<CustomMetricsOptions, 'store'> = {}, cardinalityLimit = 2000) {
    const clock = { now: () => this.now };
    this.store = createStore({ clock, shared: false, maxBytes: STORE_BYTES, cardinalityLimit });
    this.customMetrics = new CustomMetrics({ store: this.store, ...options });
  }

  /** `name{key=value,…}` → value; of a histogram `count/sum`. */
  async collect(): Promise<Record<string, number | string>> {
    const reader = coreOf(this.store).openReader(() => 'cumulative');
    const { streams } = await reader.collect();
    reader.close();
    return Object.fromEntries(
      streams.flatMap(({ definition, points }) =>
        pointsIn(points).map(({ attributes, value }) => {
          const pairs = Object.entries(attributes).map(([key, text]) => `${key}=${String(text)}`);
          const shown = typeof value === 'number' ? value : `${value.count}/${value.sum}`;
          return [`${definition.name}{${pairs.sort().join()}}`, shown];
        }),
      ),
    );
  }
}

/** A `metrics` object of these metrics. */
export function metricsOf(...prometheus: unknown[]): { prometheus: unknown[] } {
  return { prometheus };
}

/** What an endpoint of custom metrics would answer. */
export async function exposed(store: MetricStore): Promise<string> {
  let text = '';
  for await (const chunk of collectPrometheusText({ store, customMetricsOnly: true })) text += chunk;
  return text;
}

/** What an emission of one metric says. */
export function emitted(
  { customMetrics }: CustomStore,
  metric: unknown,
  variables: Record<string, string> = {},
): string[] {
  const said = customMetrics.compile(metricsOf(metric)).emit({ variables }, { owner: 'o' });
  return said.map(({ code, message }) => `${code}: ${message}`);
}
