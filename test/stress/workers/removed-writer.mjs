// Records into few label sets of a counter, a histogram and a gauge, bound and unbound, while another thread removes them.
// Tells in the end how often it recorded into the first two.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore } from '../../../dist/esm/store-entry.js';

const { handle, sets, stop } = workerData;
const store = attachStore(handle);
const meter = store.getMeter('removed');
const counter = meter.createCounter('counter');
const histogram = meter.createHistogram('histogram', { advice: { explicitBucketBoundaries: [0, 1, 2] } });
const gauge = meter.createGauge('gauge');
const attributes = Array.from({ length: sets }, (_, set) => ({ set }));
const bound = attributes.map(each => [counter.bind(each), histogram.bind(each), gauge.bind(each)]);

parentPort.postMessage('ready');
let recorded = 0;
while (Atomics.load(stop, 0) === 0)
  for (let round = 0; round < 1000; round++) {
    const set = recorded % sets;
    if (recorded % 3 === 0) {
      counter.add(1, attributes[set]);
      histogram.record(1, attributes[set]);
    } else {
      bound[set][0].add(1);
      bound[set][1].record(1);
    }
    if (recorded % 16 === 0) bound[set][2].add(1);
    recorded++;
  }
await store.shutdown();
parentPort.postMessage(recorded);
