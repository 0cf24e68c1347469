// Records when the gate opens, as often as it is told or until it is terminated, into old series and new ones.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore } from '../../../dist/esm/store-entry.js';

const { handle, gate, count, thread, notes } = workerData;
const meter = attachStore(handle).getMeter('threads');
const counter = meter.createCounter('c');
const histogram = meter.createHistogram('h', { advice: { explicitBucketBoundaries: [1, 2] } });
const gauge = meter.createGauge('g');
parentPort.postMessage('ready');
Atomics.wait(gate, 0, 0);
for (let n = 0; count === undefined || n < count; n++) {
  // Begun, then done: what a thread is terminated between may or may not be there.
  Atomics.add(notes, 0, 1);
  counter.add(1, { thread: n % 2 === 0 ? thread : 'all', n: n % 50 });
  Atomics.add(notes, 1, 1);
  histogram.record(n % 3);
  gauge.record(n, { thread });
}
