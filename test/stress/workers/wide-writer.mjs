// Touches many series, so that a drain takes long. Counts what it begins and what returned.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore } from '../../../dist/esm/store-entry.js';

const { handle, notes, series } = workerData;
const meter = attachStore(handle).getMeter('stress');
const histogram = meter.createHistogram('h', { advice: { explicitBucketBoundaries: [0, 1, 2] } });
const counter = meter.createCounter('c');
const bound = Array.from({ length: series }, (_, index) => [
  histogram.bind({ index }),
  counter.bind({ index }),
]);
parentPort.postMessage('ready');
while (Atomics.load(notes, 0) === 0n)
  for (const [first, second] of bound) {
    first.record(1);
    second.add(1);
    Atomics.add(notes, 1, 1n);
  }
parentPort.postMessage('done');
