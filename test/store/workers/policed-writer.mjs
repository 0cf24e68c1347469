// Brings values of a label that has a policy. Counts each record before and after, so that a thread that is stopped says what
// it had recorded at least and at most.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore } from '../../../dist/esm/store-entry.js';

const { handle, notes, thread, records, values } = workerData;
const meter = attachStore(handle).getMeter('m');
const counter = meter.createCounter('jobs');
const histogram = meter.createHistogram('times');
let state = thread + 1;
parentPort.postMessage('ready');
for (let n = 0; n < records; n++) {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  const pod = `p${state % values}`;
  const labels = { pod, method: ['GET', 'PUT', 'X-A'][state % 3], trace: `${thread} ${n}` };
  Atomics.add(notes, 2 * thread, 1);
  if (state % 5 === 0) counter.bind(labels).add(1);
  else counter.add(1, labels);
  histogram.record(1, labels);
  Atomics.add(notes, 2 * thread + 1, 1);
}
parentPort.postMessage('done');
