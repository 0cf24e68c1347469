// Ends by itself, with three actions for its end of which one was taken back, after another one that was alone.
import { workerData } from 'node:worker_threads';
import { whenThreadEnds } from '../../../dist/store/collect/thread-end.js';

const notes = new Int32Array(workerData.notes);
const before = process.listenerCount('exit');
const noteListeners = at => Atomics.store(notes, at, process.listenerCount('exit') - before);

const forgetFirst = whenThreadEnds(() => Atomics.add(notes, 0, 100));
noteListeners(1);
forgetFirst();
noteListeners(2);
const forget = whenThreadEnds(() => Atomics.add(notes, 0, 100));
if (!workerData.isAlone) whenThreadEnds(() => Atomics.add(notes, 0, 1));
whenThreadEnds(() => Atomics.add(notes, 0, 1));
noteListeners(3);
forget();
if (workerData.how === 'exit') process.exit();
if (workerData.how === 'fail') throw new Error('as told');
