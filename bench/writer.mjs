// Records for as long as it is told and says how many records that were.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore } from 'otel-argo-metrics';

const counter = attachStore(workerData.handle).getMeter('bench').createCounter('threads');
const bound = Array.from({ length: 1024 }, (_, i) => counter.bind({ route: `/r${i}` }));
const BATCH = 10_000;

parentPort.on('message', ({ millis }) => {
  const end = performance.now() + millis;
  let records = 0;
  const begin = performance.now();
  while (performance.now() < end) {
    for (let i = 0; i < BATCH; i++) bound[i & 1023].add(1);
    records += BATCH;
  }
  parentPort.postMessage(records / (performance.now() - begin));
});
parentPort.postMessage('ready');
