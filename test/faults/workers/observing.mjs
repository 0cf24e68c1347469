// Registers an observable callback; is busy for ever, leaves or ends when told so.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore } from '../../../dist/esm/store-entry.js';

const store = attachStore(workerData.handle);
const gauge = store.getMeter('worker').createObservableGauge('w');
const callback = result => result.observe(workerData.value);
gauge.addCallback(callback);
if (workerData.hangs) gauge.addCallback(() => new Promise(() => undefined));
const actions = {
  sleep: () => Atomics.wait(workerData.gate, 0, 0),
  close: () => parentPort.close(),
  exit: () => process.exit(),
  fail: () => {
    throw new Error('as told');
  },
  remove: () => gauge.removeCallback(callback),
};
parentPort.on('message', name => {
  parentPort.postMessage('doing');
  actions[name]();
  parentPort.postMessage('done');
});
parentPort.postMessage('ready');
