// Records into series that are idle for a moment again and again, through handles that were bound long ago and through
// attributes, until it is told to stop. Counts what returned.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore } from '../../../dist/esm/store-entry.js';

const { handle, notes, id, sets } = workerData;
const meter = attachStore(handle).getMeter('stress');
const counter = meter.createCounter('c');
const histogram = meter.createHistogram('h', { advice: { explicitBucketBoundaries: [0, 1, 2] } });
const bound = Array.from({ length: sets }, (_, set) => counter.bind({ set }));
const boundHistogram = histogram.bind({ set: -1 });
const STOP = 0;

parentPort.postMessage('ready');
let records = 0;
for (let n = id; Atomics.load(notes, STOP) === 0; n++) {
  // Each set gets its turn, so it is idle while the others have theirs.
  for (let burst = 0; burst < 20; burst++) {
    bound[n % sets].add(1);
    counter.add(1, { set: n % sets });
    histogram.record(1, { set: n % sets });
    if (n % 16 === 0) boundHistogram.record(1);
    records += n % 16 === 0 ? 4 : 3;
  }
  if (n % 2 === 0) Atomics.wait(notes, 1, 0, 1);
}
parentPort.postMessage(records);
