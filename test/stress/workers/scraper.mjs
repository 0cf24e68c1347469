// Scrapes in a loop until it is told to stop.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore } from '../../../dist/esm/store-entry.js';
import { checkedSums } from './sums.mjs';

const producer = attachStore(workerData.handle).metricProducer();
parentPort.postMessage('ready');
let scrapes = 0;
let last = 0;
const problems = [];
while (Atomics.load(workerData.notes, 0) === 0) {
  const { resourceMetrics, errors } = await producer.collect();
  problems.push(...errors.map(String));
  const records = checkedSums(resourceMetrics).argo_workflows_size ?? 0;
  if (records < last) problems.push(`went back from ${last} to ${records}`);
  last = records;
  scrapes++;
}
parentPort.postMessage({ problems, scrapes });
