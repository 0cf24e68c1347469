// Custom metrics: what a `metrics` section of an Argo workflow declares, without a controller around it.
import { CustomMetrics, collectPrometheusText, createStore } from 'otel-argo-metrics';

const DECLARED = {
  prometheus: [
    {
      name: 'jobs_total',
      help: 'Finished jobs by phase',
      labels: [{ key: 'phase', value: '{{status}}' }],
      counter: { value: '1' },
    },
    {
      name: 'job_seconds',
      help: 'How long jobs took that succeeded',
      when: '{{status}} == Succeeded',
      histogram: { value: '{{duration}}', buckets: [1, 10] },
    },
    { name: 'queue_length', help: 'Waiting jobs', gauge: { value: '{{waiting}}' } },
  ],
};

const store = createStore();
const customMetrics = new CustomMetrics({ store, prefix: 'batch_' });
const metrics = customMetrics.compile(DECLARED);
// Mistakes in a declaration are told, never thrown: a bad metric must not stop the job that carries it.
for (const { path, message } of metrics.diagnostics) console.log(`${path}: ${message}`);

const jobs = [
  { status: 'Succeeded', duration: '0.5', waiting: '2' },
  { status: 'Failed', duration: '3', waiting: '1' },
  { status: 'Succeeded', duration: '7.25', waiting: '0' },
];
jobs.forEach((variables, index) => metrics.emit({ variables }, { owner: `job-${index}` }));

for await (const chunk of collectPrometheusText({ store, customMetricsOnly: true }))
  process.stdout.write(chunk);
await store.shutdown();
