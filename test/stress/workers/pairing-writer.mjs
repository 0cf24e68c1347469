// Records causes and their effects, and histograms, and counts what returned.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore } from '../../../dist/esm/store-entry.js';

const { handle, notes, pair } = workerData;
const meter = attachStore(handle).getMeter('stress');
const cause = meter.createCounter('cause').bind({ pair });
const effect = meter.createCounter('effect').bind({ pair });
const histograms = Array.from({ length: 50 }, (_, n) =>
  meter
    .createHistogram('h', { advice: { explicitBucketBoundaries: Array.from({ length: 63 }, (_, i) => i) } })
    .bind({ pair, n }),
);
parentPort.postMessage('ready');
let done = 0;
while (Atomics.load(notes, 0) === 0n) {
  cause.add(1);
  effect.add(1);
  histograms[done % 50].record(done % 70);
  done++;
}
parentPort.postMessage({ done });
