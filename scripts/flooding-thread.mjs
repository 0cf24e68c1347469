// A thread of flooded-labels.mjs: brings label values that nobody has brought before until it is told to stop, and then says
// how often.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore } from 'otel-argo-metrics';

const { handle, thread } = workerData;
const flooded = attachStore(handle).getMeter('').createCounter('flooded', { description: 'Jobs' });

let recorded = 0;
const timer = setInterval(() => {
  for (let count = 0; count < 20; count++)
    flooded.add(1, { pod: `pod-${thread}-${recorded++}`, queue: `q${recorded % 40}` });
}, 2);
parentPort.once('message', () => {
  clearInterval(timer);
  parentPort.postMessage(recorded);
});
