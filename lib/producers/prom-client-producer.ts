// A registry of prom-client as a MetricProducer, so that a team moves step by step: one endpoint, or one exporter, with what is
// counted there and what is counted here. Its types are structural; nothing of prom-client is imported.
import type { Attributes, HrTime } from '@opentelemetry/api';
import type { CollectionResult, MetricData, MetricProducer } from '@opentelemetry/sdk-metrics';
import { MetricStoreError } from '../errors.js';
import { listAt, isRecord, textAt } from '../guard/json-value.js';
import { hasMethod, readable, refuseOption } from '../guard/option-checks.js';
import { textOf } from '../guard/thrown.js';
import { emptyResource } from './resource.js';
import { CUMULATIVE, DATA_POINT_TYPE } from './sdk-enums.js';
import { verbatimScope } from './verbatim-scope.js';

/** A `Registry` of prom-client, or of its successor `@prometheus-io/client`. */
export interface PromClientRegistry {
  getMetricsAsJSON(): PromiseLike<readonly object[]>;
}

const SCOPE = verbatimScope({ name: 'prom-client' });

/** A route may ask for the producer at each request: the same one is known again, with the texts of its series. */
const producers = new WeakMap<object, MetricProducer>();

/**
 * Gives out what a registry of prom-client holds: counters, gauges and histograms as such, the default metrics included; a
 * summary as a gauge with the label `quantile`, and the counters `…_sum` and `…_count`. Give it to `metricProducers` of the
 * endpoint, of a handler or of a reader.
 *
 * In a scrape all of them keep exactly their names and labels, without suffixes and `otel_scope_*`: series go on when the
 * route that served the registry goes. (Of bounds from 10^6 on, `le` is spelled as Go does, `1e+06`.) To other readers they
 * are metrics of the scope `prom-client`, cumulative since the process began. Exemplars are left out. Of one registry it is
 * always the same object.
 *
 * @throws MetricStoreError INVALID_OPTION
 * @example
 * ```ts
 * const endpoint = await startPrometheusEndpoint({ store, metricProducers: [promClientProducer(register)] });
 * ```
 */
export function promClientProducer(registry: PromClientRegistry): MetricProducer {
  if (!readable('registry', () => hasMethod(registry, 'getMetricsAsJSON')))
    refuseOption('registry', 'a Registry of prom-client', registry);
  const known = producers.get(registry);
  if (known !== undefined) return known;
  const producer = producerOf(registry);
  producers.set(registry, producer);
  return producer;
}

function producerOf(registry: PromClientRegistry): MetricProducer {
  // It does not say since when it counts; nothing was counted before the process began. The same in all collections.
  const startTime = hrTimeOf(Date.now() - process.uptime() * 1000);
  return {
    async collect(): Promise<CollectionResult> {
      const given: unknown = await registry.getMetricsAsJSON();
      if (!Array.isArray(given))
        throw new MetricStoreError('PRODUCER_FAILED', 'getMetricsAsJSON() of the registry gave no list');
      const errors: unknown[] = [];
      const times = { startTime, endTime: hrTimeOf(Date.now()) };
      const metrics = given.flatMap(metric => metricsOf(metric, times, errors));
      return {
        resourceMetrics: { resource: emptyResource(), scopeMetrics: [{ scope: SCOPE, metrics }] },
        errors,
      };
    },
  };
}

/** Of one metric of the registry: more than one of a summary, none of what cannot be read. */
function metricsOf(metric: unknown, times: Times, errors: unknown[]): MetricData[] {
  try {
    const samples = listAt(metric, 'values').map(sample => sampleOf(sample));
    const type = textAt(metric, 'type');
    if (type === 'histogram') return [histogramData(metric, samples, times)];
    if (type === 'summary') return summaryData(metric, samples, times);
    if (type === 'counter' || type === 'gauge') return [numberData(metric, type, samples, times)];
    throw new Error(`is of the type "${type}"`);
  } catch (error) {
    const name = isRecord(metric) ? textAt(metric, 'name') : '';
    errors.push(
      new MetricStoreError('PRODUCER_FAILED', `the metric "${name}" of the registry: ${textOf(error)}`),
    );
    return [];
  }
}

interface Times {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

function sampleOf(sample: unknown): Sample {
  if (!isRecord(sample)) throw new Error('has a value that is none');
  const { value, labels } = sample;
  if (typeof value !== 'number') throw new Error('has a value that is no number');
  const entries = isRecord(labels) ? Object.entries(labels) : [];
  return {
    name: textAt(sample, 'metricName'),
    // As the registry writes them.
    labels: new Map(entries.map(([key, label]) => [key, textOf(label)])),
    value,
  };
}

type Kind = 'COUNTER' | 'GAUGE' | 'HISTOGRAM';

function descriptorOf(metric: unknown, kind: Kind, suffix = ''): object {
  const name = textAt(metric, 'name');
  if (name === '') throw new Error('has no name');
  return {
    name: name + suffix,
    description: textAt(metric, 'help'),
    unit: '',
    valueType: 1,
    type: kind,
    advice: {},
  };
}

function numberData(
  metric: unknown,
  type: 'counter' | 'gauge',
  samples: readonly Sample[],
  times: Times,
  suffix = '',
): MetricData {
  const isCounter = type === 'counter';
  return {
    descriptor: descriptorOf(metric, isCounter ? 'COUNTER' : 'GAUGE', suffix),
    aggregationTemporality: CUMULATIVE,
    dataPointType: isCounter ? DATA_POINT_TYPE.SUM : DATA_POINT_TYPE.GAUGE,
    ...(isCounter && { isMonotonic: true }),
    dataPoints: samples.map(({ labels, value }) => ({
      ...times,
      attributes: attributesOf(labels),
      value,
    })),
  } as unknown as MetricData;
}

function summaryData(metric: unknown, samples: readonly Sample[], times: Times): MetricData[] {
  const named = (suffix: string): Sample[] =>
    samples.filter(({ name }) => name === textAt(metric, 'name') + suffix);
  const quantiles = samples.filter(({ labels }) => labels.has('quantile'));
  return [
    numberData(metric, 'gauge', quantiles, times),
    numberData(metric, 'counter', named('_sum'), times, '_sum'),
    numberData(metric, 'counter', named('_count'), times, '_count'),
  ];
}

interface Buckets {
  readonly attributes: Attributes;
  /** Upper bounds with cumulative counts; the last one is +Inf. */
  readonly bounds: [bound: number, cumulative: number][];
  sum: number;
}

function histogramData(metric: unknown, samples: readonly Sample[], times: Times): MetricData {
  const name = textAt(metric, 'name');
  const series = new Map<string, Buckets>();
  for (const { name: sampleName, labels, value } of samples) {
    const own = new Map(labels);
    if (sampleName === `${name}_bucket`) own.delete('le');
    const key = JSON.stringify([...own].sort());
    const buckets = series.get(key) ?? { attributes: attributesOf(own), bounds: [], sum: Number.NaN };
    series.set(key, buckets);
    const le = labels.get('le');
    if (sampleName === `${name}_bucket`) buckets.bounds.push([le === '+Inf' ? Infinity : Number(le), value]);
    else if (sampleName === `${name}_sum`) buckets.sum = value;
  }
  return {
    descriptor: descriptorOf(metric, 'HISTOGRAM'),
    aggregationTemporality: CUMULATIVE,
    dataPointType: DATA_POINT_TYPE.HISTOGRAM,
    dataPoints: [...series.values()].map(({ attributes, bounds, sum }) => ({
      ...times,
      attributes,
      value: { ...histogramValue(bounds), sum },
    })),
  } as unknown as MetricData;
}

function histogramValue(bounds: Buckets['bounds']): object {
  const ascending = bounds.sort(([a], [b]) => a - b);
  const counts = ascending.map(([, cumulative], index) => cumulative - (ascending[index - 1]?.[1] ?? 0));
  const boundaries = ascending.map(([bound]) => bound).filter(bound => bound < Infinity);
  return { buckets: { boundaries, counts }, count: ascending.at(-1)?.[1] ?? 0 };
}

function attributesOf(labels: ReadonlyMap<string, string>): Attributes {
  return Object.fromEntries(labels);
}

function hrTimeOf(unixMillis: number): HrTime {
  const seconds = Math.floor(unixMillis / 1000);
  return [seconds, Math.floor((unixMillis - seconds * 1000) * 1e6)];
}
