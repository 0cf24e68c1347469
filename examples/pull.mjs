// Pull: Prometheus scrapes an endpoint of this process. The numbers are collected when it asks, not before.
import { createStore, startPrometheusEndpoint } from 'otel-argo-metrics';

const store = createStore();
const jobs = store.getMeter('pull').createCounter('jobs', { description: 'Finished jobs' });
const seconds = store.getMeter('pull').createHistogram('job.duration', {
  description: 'How long jobs took',
  unit: 's',
  advice: { explicitBucketBoundaries: [0.1, 1] },
});
for (const duration of [0.05, 0.5, 5]) {
  jobs.add(1, { phase: 'Succeeded' });
  seconds.record(duration);
}

// A real program takes the default port 9464; 0 takes any that is free.
const endpoint = await startPrometheusEndpoint({ store, port: 0 });
const response = await fetch(endpoint.url);
process.stdout.write(await response.text());
await endpoint.shutdown();
await store.shutdown();
