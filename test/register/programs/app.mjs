// An application that knows only the API of OpenTelemetry, and its worker: each records 7, and ends in the way that it is told.
import { Worker, isMainThread } from 'node:worker_threads';
import { metrics } from '@opentelemetry/api';

const how = process.argv[2];

function record() {
  const meter = metrics.getMeter('app');
  if (process.env.OBSERVES) meter.createObservableGauge('seen').addCallback(result => result.observe(1));
  meter.createCounter('jobs').add(7, { thread: isMainThread ? 'main' : 'worker' });
}

const ends = {
  natural: () => undefined,
  exit: () => process.exit(3),
  throw: () => {
    throw new Error('uncaught');
  },
  rejected: () => void Promise.reject(new Error('unhandled')),
  blocked: () => {
    for (const end = Date.now() + 400; Date.now() < end;);
    process.exit(3);
  },
  // As libraries do that clean up and then let the signal end the process.
  'handled and raised again': () => {
    setInterval(() => undefined, 1000);
    process.once('SIGTERM', () => process.kill(process.pid, 'SIGTERM'));
    process.kill(process.pid, 'SIGTERM');
  },
  // Every signal needs somebody who is still there.
  ...Object.fromEntries(
    ['SIGTERM', 'SIGINT', 'SIGHUP'].map(signal => [
      signal,
      () => {
        setInterval(() => undefined, 1000);
        process.kill(process.pid, signal);
      },
    ]),
  ),
};

if (isMainThread) {
  if (how !== 'only the worker') record();
  if (how === 'at once') process.exit(3);
  await new Promise(done => new Worker(new URL(import.meta.url)).once('exit', done));
  (ends[how] ?? ends.natural)();
} else record();
