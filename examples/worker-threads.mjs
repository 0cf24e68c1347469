// Worker threads: every thread records into the same series, and any one of them can collect. Here four threads count
// a hundred thousand jobs each, and this thread collects while they do.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { DoubleBufferedMetricReader, attachStore, createStore } from 'otel-argo-metrics/store';

const THREADS = 4;
const JOBS_PER_THREAD = 100_000;

if (isMainThread) await collectWhileOthersRecord();
else recordJobs();

function recordJobs() {
  // The handle is plain data: it may be cloned, stored and sent on, as often as you like.
  const jobs = attachStore(workerData).getMeter('worker-threads').createCounter('jobs');
  for (let job = 0; job < JOBS_PER_THREAD; job++)
    jobs.add(1, { phase: job % 10 === 0 ? 'Failed' : 'Succeeded' });
}

async function collectWhileOthersRecord() {
  const store = createStore();
  const reader = new DoubleBufferedMetricReader({ store });
  const threads = Array.from(
    { length: THREADS },
    () => new Worker(fileURLToPath(import.meta.url), { workerData: store.handle }),
  );
  let isRunning = true;
  const finished = Promise.all(threads.map(thread => once(thread, 'exit'))).finally(
    () => (isRunning = false),
  );
  while (isRunning) {
    await reader.collect();
    await Promise.race([finished, new Promise(resolve => setTimeout(resolve, 5))]);
  }
  const { resourceMetrics } = await reader.collect();
  const points = resourceMetrics.scopeMetrics[0].metrics[0].dataPoints;
  const lines = points.map(({ attributes, value }) => `${attributes.phase} ${value}`);
  console.log(lines.sort().join('\n'));
  await reader.shutdown();
  await store.shutdown();
}
