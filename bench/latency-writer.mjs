// Times each call by itself and says how long the longest of each kind took, in nanoseconds.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore } from 'otel-argo-metrics';

const { handle, series } = workerData;
const counter = attachStore(handle).getMeter('bench').createCounter('wide');
const sets = Array.from({ length: series }, (_, i) => ({ route: `/r${i}` }));
const bound = sets.slice(0, 1024).map(set => counter.bind(set));
let fresh = 0;

function longest(calls, call) {
  let worst = 0n;
  for (let i = 0; i < calls; i++) {
    const begin = process.hrtime.bigint();
    call(i);
    const took = process.hrtime.bigint() - begin;
    if (took > worst) worst = took;
  }
  return Number(worst);
}

for (const set of sets) counter.add(1, set);
parentPort.on('message', ({ calls }) => {
  parentPort.postMessage({
    bound: longest(calls, i => bound[i & 1023].add(1)),
    existing: longest(calls, i => counter.add(1, sets[i % series])),
    new: longest(calls / 4, () => counter.add(1, { route: `/new${fresh++}` })),
  });
});
parentPort.postMessage('ready');
