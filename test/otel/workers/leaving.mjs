// Records once, and shuts its view of the store down.
import { workerData } from 'node:worker_threads';
import { attachStore } from '../../../dist/esm/store-entry.js';

const store = attachStore(workerData);
store.getMeter('m').createCounter('c').add(1);
await store.shutdown();
