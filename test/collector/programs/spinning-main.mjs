// A main thread that starts a collector thread and then records for ever in one turn of its event loop, beside a worker thread
// that lives and one that was terminated.
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { attachStore, createStore, startCollectorThread } from '../../../dist/esm/store-entry.js';

if (isMainThread) {
  const store = createStore({ maxBytes: 2 ** 24 });
  const { url } = await startCollectorThread({ store, prometheus: { port: 0 } });
  const { handle } = store;
  for (const name of ['dead', 'living']) {
    const worker = new Worker(new URL(import.meta.url), { workerData: { handle, name } });
    await once(worker, 'message');
    if (name === 'dead') await worker.terminate();
  }
  const counter = store.getMeter('m').createCounter('spun');
  process.send(url, () => {
    for (;;) counter.add(1);
  });
} else {
  const counter = attachStore(workerData.handle).getMeter('m').createCounter(workerData.name);
  for (let i = 0; i < 1000; i++) counter.add(1);
  parentPort.postMessage('recorded');
  parentPort.on('message', () => undefined);
}
