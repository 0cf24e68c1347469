// Cuts without pause, as somebody who may be terminated at any moment: mostly in the middle of a drain, because it reads
// nothing of what it drained.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore } from '../../../dist/store-entry.js';
import { coreOf } from '../../../dist/store/store-core.js';

const { swap, clock } = coreOf(attachStore(workerData.handle));
parentPort.postMessage('ready');
for (;;) await swap.cut(() => true, { stallDeadlineMillis: 10_000, now: () => clock.now() });
