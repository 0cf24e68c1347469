// One of the recording threads: replays its share of the workflows into the store that all threads share. While no event
// is due it keeps recording metrics of its own as fast as it can, so that the collector's swaps meet a busy writer.
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore, CustomMetrics, WorkflowObserver } from 'otel-argo-metrics';
import { EVENTS_DONE, TURN } from './shared-words.mjs';

/** Records between two looks at the clock. */
const BATCH = 500;

const { handle, thread, share, firstUnixMillis, speed, words } = workerData;

let recordedUnixMillis = firstUnixMillis;
const store = attachStore(handle, { clock: { now: () => recordedUnixMillis } });
const observer = new WorkflowObserver({ customMetrics: new CustomMetrics({ store }) });

const meter = store.getMeter('busy-hour');
const ticks = meter.createCounter('replay.ticks').bind({ thread });
const ones = meter
  .createHistogram('replay.ones', { advice: { explicitBucketBoundaries: [0, 1, 2] } })
  .bind({ thread });
let records = 0;
let recordingMillis = 0;

function recordUntil(isDue) {
  do {
    const start = performance.now();
    for (let index = 0; index < BATCH; index++) {
      ticks.add(1);
      ones.record(1);
    }
    recordingMillis += performance.now() - start;
    records += 2 * BATCH;
  } while (!isDue());
}

parentPort.postMessage('ready');
const [{ startUnixMillis }] = await once(parentPort, 'message');

for (const { type, object, atUnixMillis, ticket } of share) {
  const dueUnixMillis = startUnixMillis + (atUnixMillis - firstUnixMillis) / speed;
  recordUntil(() => Date.now() >= dueUnixMillis);
  if (ticket !== undefined) recordUntil(() => Atomics.load(words, TURN) === ticket);
  recordedUnixMillis = atUnixMillis;
  const diagnostics = observer.observe({ type, object });
  if (ticket !== undefined) Atomics.store(words, TURN, ticket + 1);
  Atomics.add(words, EVENTS_DONE, 1);
  for (const { message } of diagnostics)
    parentPort.postMessage({ complaint: `${object.metadata.name}: ${message}` });
}

parentPort.postMessage({ records, recordingMillis });
await store.shutdown();
