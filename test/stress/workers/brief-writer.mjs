// Lives for a moment: records until it has done enough or is terminated.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore } from '../../../dist/esm/store-entry.js';

const { handle, count, notes } = workerData;
const meter = attachStore(handle).getMeter('brief');
const counter = meter.createCounter('brief');
const histogram = meter.createHistogram('brief.h', { advice: { explicitBucketBoundaries: [0, 1, 2] } });
parentPort.postMessage('ready');
for (let n = 0; count === undefined || n < count; n++) {
  Atomics.add(notes, 0, 1n);
  counter.add(1, { parity: n % 2 });
  Atomics.add(notes, 1, 1n);
  Atomics.add(notes, 2, 1n);
  histogram.record(1);
  Atomics.add(notes, 3, 1n);
}
