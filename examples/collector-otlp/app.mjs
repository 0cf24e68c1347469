// The application: it records, and ends in the middle of its work. It never waits for an export.
import { resourceFromAttributes } from '@opentelemetry/resources';
import { createStore, startCollectorThread } from 'otel-argo-metrics';

const store = createStore({ resource: resourceFromAttributes({ 'service.name': 'orders' }) });
await startCollectorThread({
  store,
  exporterModule: new URL('./exporter.mjs', import.meta.url),
  exporterOptions: { url: process.argv[2] },
  exportIntervalMillis: 60_000,
  flushOnExitMillis: 10_000,
});

const jobs = store.getMeter('app').createCounter('jobs');
for (const end = Date.now() + 200; Date.now() < end;); // Busy: no export could run in this thread.
jobs.add(2, { phase: 'Succeeded' });
jobs.add(1, { phase: 'Failed' });
process.exit(3);
