// The collecting side: swaps the store while the others record, and looks at every collection with suspicion.
import { DoubleBufferedMetricReader } from 'otel-argo-metrics';

/** Collects a store; `violations` lists what must never happen: a count that goes back, a histogram that was torn. */
export function suspiciousCollector(store) {
  const reader = new DoubleBufferedMetricReader({ store });
  const violations = [];
  const earlier = new Map();

  function check({ scope, name, metric, point: { attributes, value } }) {
    const isHistogram = typeof value === 'object';
    const count = isHistogram ? value.count : metric.isMonotonic === true ? value : undefined;
    if (count === undefined) return;
    const series = `${scope} ${name} ${JSON.stringify(attributes)}`;
    const before = earlier.get(series) ?? 0;
    if (count < before) violations.push(`${series} went back from ${before} to ${count}`);
    earlier.set(series, count);
    if (!isHistogram) return;
    const inBuckets = value.buckets.counts.reduce((sum, bucket) => sum + bucket, 0);
    // Nothing but the number 1 is recorded into `replay.ones`.
    const isTorn = inBuckets !== count || (name === 'replay.ones' && value.sum !== count);
    if (isTorn)
      violations.push(`${series} is torn: count ${count}, in buckets ${inBuckets}, sum ${value.sum}`);
  }

  return {
    violations,

    /** @returns every point of every metric, as one flat list. */
    async collect() {
      const { resourceMetrics, errors } = await reader.collect();
      for (const error of errors) process.stderr.write(`${error}\n`);
      const points = resourceMetrics.scopeMetrics.flatMap(({ scope, metrics }) =>
        metrics.flatMap(metric => {
          const { name } = metric.descriptor;
          return metric.dataPoints.map(point => ({ scope: scope.name, name, metric, point }));
        }),
      );
      points.forEach(check);
      return points;
    },

    shutdown: () => reader.shutdown(),
  };
}
