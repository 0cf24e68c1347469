// Records 1000, and ends.
import { workerData } from 'node:worker_threads';
import { attachStore } from '../../../dist/esm/store-entry.js';

const counter = attachStore(workerData.handle).getMeter('m').createCounter('dead');
for (let i = 0; i < 1000; i++) counter.add(1);
if (workerData.ends) process.exit(0);
