// CommonJS: the package is an ES module without top-level await, so Node 20.19 and later can `require` it.
const { DoubleBufferedMetricReader, createStore } = require('otel-argo-metrics');

async function main() {
  const store = createStore();
  const reader = new DoubleBufferedMetricReader({ store });
  store.getMeter('commonjs').createCounter('jobs').add(3, { phase: 'Succeeded' });
  const { resourceMetrics } = await reader.collect();
  const [metric] = resourceMetrics.scopeMetrics[0].metrics;
  console.log(metric.descriptor.name, metric.dataPoints[0].attributes, metric.dataPoints[0].value);
  await reader.shutdown();
  await store.shutdown();
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
