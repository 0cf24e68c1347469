// Reports what the process is, through a store of another thread; ends when it is told to.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore, observeProcess } from 'otel-argo-metrics/store';

observeProcess({ store: attachStore(workerData) });
parentPort.on('message', () => process.exit());
parentPort.postMessage('observes');
