// Collects without pause until it is terminated, wherever that happens to hit it.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore } from '../../../dist/esm/store-entry.js';

const producer = attachStore(workerData).metricProducer();
for (let rounds = 1; ; rounds++) {
  await producer.collect();
  if (rounds === 3) parentPort.postMessage('collecting');
}
