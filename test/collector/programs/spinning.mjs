// Starts a collector thread, and records for ever in one turn of its event loop.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore, startCollectorThread } from '../../../dist/esm/store-entry.js';

const store = attachStore(workerData.handle);
const { url } = await startCollectorThread({ store, prometheus: { port: 0 } });
const counter = store.getMeter('m').createCounter('spun');
// Who scrapes before the first record has nothing to look at.
counter.add(1);
parentPort.postMessage(url);
for (;;) counter.add(1);
