import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { attachStore, createStore, startCollectorThread } from 'otel-argo-metrics/store';
import { conduct, countAndWait } from './situations.mjs';

if (isMainThread) {
  const store = createStore();
  const { url } = await startCollectorThread({ store, prometheus: { port: 0 } });
  await conduct({
    begin: value => new Worker(new URL(import.meta.url), { workerData: { handle: store.handle, value } }),
    tell: worker => worker.postMessage('spin'),
    end: worker => worker.terminate(),
    url,
  });
} else {
  const { handle, value } = workerData;
  const counter = attachStore(handle).getMeter('m').createCounter('c');
  const send = (message, then) => {
    parentPort.postMessage(message);
    then();
  };
  countAndWait(parentPort, send, () => counter.add(value));
}
