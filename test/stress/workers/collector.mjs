// Collects without pause, as somebody who may be terminated at any moment: mostly in the middle of a drain.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore } from '../../../dist/index.js';

const store = attachStore(workerData.handle);
const reader = store.metricProducer();
parentPort.postMessage('ready');
for (;;) await reader.collect();
