// Opens a delta reader, and then does what it is told.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore, DoubleBufferedMetricReader } from '../../../dist/esm/store-entry.js';

const store = attachStore(workerData.handle);
const reader = new DoubleBufferedMetricReader({ store, aggregationTemporalitySelector: () => 0 });
await reader.collect();
parentPort.postMessage('ready');
parentPort.on('message', action => {
  if (action === 'exit') process.exit();
  if (action === 'leave') parentPort.close();
  parentPort.postMessage(action);
  while (action === 'spin');
});
