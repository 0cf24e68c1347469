// A second collector, in a thread of its own, that checks what it sees.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore } from '../../../dist/esm/store-entry.js';
import { checkCut } from './check-cut.mjs';

const { handle, notes } = workerData;
const producer = attachStore(handle).metricProducer();
parentPort.postMessage('ready');
const violations = [];
let last;
while (Atomics.load(notes, 0) === 0n) {
  const { resourceMetrics, errors } = await producer.collect();
  if (errors.length > 0) continue;
  last = checkCut(resourceMetrics, last, violations);
  Atomics.add(notes, 1, 1n);
}
parentPort.postMessage({ violations });
