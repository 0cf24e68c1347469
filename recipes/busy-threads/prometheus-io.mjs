import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Counter, WorkerRegistry } from '@prometheus-io/client';
import { conduct, countAndWait, serve } from './situations.mjs';

const registry = new WorkerRegistry();
if (isMainThread)
  await conduct({
    begin: value => new Worker(new URL(import.meta.url), { workerData: value }),
    tell: worker => worker.postMessage('spin'),
    end: worker => worker.terminate(),
    url: await serve(() => registry.workerMetrics()),
  });
else {
  const counter = new Counter({ name: 'c', help: 'What is counted' });
  const send = (message, then) => {
    parentPort.postMessage(message);
    then();
  };
  countAndWait(parentPort, send, () => counter.inc(workerData));
}
