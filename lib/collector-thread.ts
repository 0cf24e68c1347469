// The file that a collector thread is started with. In any other thread it does nothing but give what `./store` gives: so a bundle of
// it has the same chunks as one of the store.
import { workerData } from 'node:worker_threads';
import { isThreadData, runCollectorThread } from './collector/thread-part.js';

export * from './store-entry.js';

if (isThreadData(workerData)) void runCollectorThread(workerData);
