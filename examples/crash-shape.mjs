// The shape that kills the controller of Argo Workflows 3.6.2 within a second ("concurrent map iteration and map write"):
// many writers emit a gauge and a histogram whose labels are new each time, while one thread scrapes in a loop; 3.6.3
// panics when a metric name is used for the first time during a scrape. Here eight threads do all of this to one store.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, threadId, workerData } from 'node:worker_threads';
import { CustomMetrics, attachStore, createStore, startPrometheusEndpoint } from 'otel-argo-metrics';

const THREADS = 8;
const EMISSIONS_PER_THREAD = 1000;
/** Every so many emissions a metric name is used for the first time. */
const NEW_NAME_EVERY = 50;

if (isMainThread) await scrapeWhileOthersEmit();
else emitEverNewSeries();

function emitEverNewSeries() {
  const customMetrics = new CustomMetrics({ store: attachStore(workerData) });
  const labels = [{ key: 'pod', value: '{{pod.name}}' }];
  const both = customMetrics.compile({
    prometheus: [
      { name: 'in_flight', help: 'A gauge', labels, gauge: { value: '1', operation: 'Add' } },
      { name: 'seconds', help: 'A histogram', labels, histogram: { value: '1', buckets: [0.5, 1, 2] } },
    ],
  });
  for (let index = 0; index < EMISSIONS_PER_THREAD; index++) {
    const scope = { variables: { 'pod.name': `pod-${threadId}-${index}` } };
    both.emit(scope, { owner: 'crash-shape' });
    if (index % NEW_NAME_EVERY !== 0) continue;
    const name = `first_use_${threadId}_${index}_total`;
    customMetrics
      .compile({ prometheus: [{ name, help: 'A new name', counter: { value: '1' } }] })
      .emit(scope, { owner: 'crash-shape' });
  }
}

async function scrapeWhileOthersEmit() {
  const store = createStore({ cardinalityLimit: THREADS * EMISSIONS_PER_THREAD });
  const endpoint = await startPrometheusEndpoint({ store, port: 0 });
  const scrape = async () => {
    const response = await fetch(endpoint.url);
    if (!response.ok) throw new Error(`scrape failed: ${response.status} ${await response.text()}`);
    return response.text();
  };
  const threads = Array.from(
    { length: THREADS },
    () => new Worker(fileURLToPath(import.meta.url), { workerData: store.handle }),
  );
  let isRunning = true;
  const finished = Promise.all(threads.map(thread => once(thread, 'exit'))).finally(
    () => (isRunning = false),
  );
  let scrapes = 0;
  while (isRunning) {
    await scrape();
    scrapes++;
  }
  await finished;

  // Everything was recorded with the value 1, so each sum says how many records arrived.
  const text = await scrape();
  const sumOf = pattern =>
    text
      .split('\n')
      .filter(line => pattern.test(line))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  console.log(`${scrapes} scrapes while ${THREADS} threads emitted`);
  console.log(`gauge: ${sumOf(/^argo_workflows_in_flight\{/)} of ${THREADS * EMISSIONS_PER_THREAD}`);
  console.log(`histogram: ${sumOf(/^argo_workflows_seconds_count\{/)} of ${THREADS * EMISSIONS_PER_THREAD}`);
  const newNames = (THREADS * EMISSIONS_PER_THREAD) / NEW_NAME_EVERY;
  console.log(`new names: ${sumOf(/^argo_workflows_first_use_/)} of ${newNames}`);
  await endpoint.shutdown();
  await store.shutdown();
}
