// Ends by itself or is terminated, with two actions for its end of which the first was taken back.
import { workerData } from 'node:worker_threads';
import { whenThreadEnds } from '../../../dist/store/collect/thread-end.js';

const notes = new Int32Array(workerData.notes);
const before = process.listenerCount('exit');
const forget = whenThreadEnds(() => Atomics.add(notes, 0, 100));
whenThreadEnds(() => Atomics.add(notes, 0, 1));
whenThreadEnds(() => Atomics.add(notes, 0, 1));
Atomics.store(notes, 1, process.listenerCount('exit') - before);
forget();
if (workerData.how === 'exit') process.exit();
if (workerData.how === 'fail') throw new Error('as told');
