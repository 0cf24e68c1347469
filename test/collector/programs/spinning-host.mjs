// Starts a collector thread whose reader a MeterProvider has, and spins when it is told to.
import { parentPort, workerData } from 'node:worker_threads';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { attachStore, startCollectorThread } from '../../../dist/esm/store-entry.js';

const { handle, options } = workerData;
const store = attachStore(handle);
const { url, reader } = await startCollectorThread({ store, prometheus: { port: 0 }, ...options });
const own = new MeterProvider({ readers: [reader] }).getMeter('sdk').createCounter('own');
const spun = store.getMeter('m').createCounter('spun');
own.add(3);
parentPort.on('message', () => {
  own.add(4);
  for (;;) spun.add(1);
});
parentPort.postMessage(url);
