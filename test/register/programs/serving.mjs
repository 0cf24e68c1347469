// Prints what its endpoint serves: all lines of its own counter, after a worker that was terminated and one that is not.
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { setTimeout as pause } from 'node:timers/promises';
import { metrics } from '@opentelemetry/api';

const who = isMainThread ? 'main' : 'worker';
metrics.getMeter('app').createCounter('jobs').add(7, { who });
if (isMainThread) {
  for (const isTerminated of [true, false]) {
    const worker = new Worker(new URL(import.meta.url));
    await new Promise(done => worker.once('message', done));
    if (isTerminated) await worker.terminate();
  }
  const url = `http://localhost:${process.env.OTEL_EXPORTER_PROMETHEUS_PORT}/metrics`;
  for (let answer; answer === undefined; await pause(10))
    answer = await fetch(url).then(
      async response => process.stdout.write(await response.text()) || true,
      () => undefined,
    );
  process.exit();
} else {
  parentPort.postMessage('recorded');
  setInterval(() => undefined, 1000);
}
