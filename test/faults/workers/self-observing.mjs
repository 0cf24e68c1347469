// Observes the store it is given, and one of its own, through the given store's meter.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore, createStore, observeStore } from '../../../dist/esm/store-entry.js';

const store = attachStore(workerData);
const meter = store.getMeter('self');
observeStore({ store, meter });
observeStore({ store: createStore({ maxBytes: 4 * 1024 * 1024 }), meter });
parentPort.on('message', () => undefined);
parentPort.postMessage('ready');
