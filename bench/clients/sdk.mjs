// The OpenTelemetry SDK with its Prometheus exporter.
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { BOUNDARIES } from './workload.mjs';

export function open(kind, series) {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({
    readers: [exporter],
    views: [{ instrumentName: 'jobs', aggregationCardinalityLimit: series + 1 }],
  });
  const meter = provider.getMeter('bench');
  const instrument =
    kind === 'counter'
      ? meter.createCounter('jobs')
      : meter.createHistogram('jobs', { advice: { explicitBucketBoundaries: BOUNDARIES } });
  const serializer = new PrometheusSerializer();
  return {
    record:
      kind === 'counter'
        ? (set, value) => instrument.add(value, set)
        : (set, value) => instrument.record(value, set),
    collect: async () => (await exporter.collect()).resourceMetrics,
    text: async () => serializer.serialize((await exporter.collect()).resourceMetrics).length,
    answer: (request, response) => exporter.getMetricsRequestHandler(request, response),
  };
}
