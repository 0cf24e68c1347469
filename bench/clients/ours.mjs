// This package, by its public entry points.
import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import {
  collectPrometheus,
  collectPrometheusText,
  createStore,
  DoubleBufferedMetricReader,
  startPrometheusEndpoint,
} from 'otel-argo-metrics';
import { BOUNDARIES } from './workload.mjs';

const MIB = 2 ** 20;

export function open(kind, series) {
  const store = createStore({
    maxBytes: Math.min(4096, 256 + Math.ceil((series * (kind === 'counter' ? 600 : 3400)) / MIB)) * MIB,
    maxSeries: series + 1100,
    cardinalityLimit: series + 1,
    maxLabelBytes: 64 * MIB + 192 * series,
    stripes: 4,
  });
  const meter = store.getMeter('bench');
  const instrument =
    kind === 'counter'
      ? meter.createCounter('jobs')
      : meter.createHistogram('jobs', { advice: { explicitBucketBoundaries: BOUNDARIES } });
  const readers = {};
  const readerOf = temporality =>
    (readers[temporality] ??= new DoubleBufferedMetricReader({
      store,
      aggregationTemporalitySelector: () => AggregationTemporality[temporality],
    }));
  return {
    record:
      kind === 'counter'
        ? (set, value) => instrument.add(value, set)
        : (set, value) => instrument.record(value, set),
    collect: async (temporality = 'CUMULATIVE') => {
      const { resourceMetrics, errors } = await readerOf(temporality).collect();
      if (errors.length > 0) throw errors[0];
      return resourceMetrics;
    },
    text: async () => {
      let length = 0;
      for await (const chunk of (await collectPrometheus({ store })).chunks) length += chunk.length;
      return length;
    },
    strings: async () => {
      let length = 0;
      for await (const chunk of collectPrometheusText({ store })) length += chunk.length;
      return length;
    },
    serve: async () => (await startPrometheusEndpoint({ store, port: 0 })).url,
  };
}
