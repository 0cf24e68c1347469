// Records what the test can account for: begun and done are counted in shared memory around each record, so that at most
// one record of a terminated thread is in doubt.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore } from '../../../dist/esm/store-entry.js';

const { handle, id, pair } = workerData;
/** @type {BigInt64Array} 64 bits, because 32 are full after some minutes. */
const notes = workerData.notes;
const meter = attachStore(handle).getMeter('stress');
const own = { pair: String(pair) };
const a = meter.createCounter('a').bind(own);
const b = meter.createCounter('b').bind(own);
const histogram = meter
  .createHistogram('h', { advice: { explicitBucketBoundaries: [0, 1, 2, 5] } })
  .bind(own);
const shared = meter.createGauge('shared').bind({});
const gaugeA = meter.createGauge('ga').bind(own);
const gaugeB = meter.createGauge('gb').bind(own);

const STOP = 0;
const TOLD = 16 + pair;
const HEARD = 64 + pair;
const BEGUN = 128 + id * 4;
const DONE = 256 + id * 4;
const counted = (kind, record) => {
  Atomics.add(notes, BEGUN + kind, 1n);
  record();
  Atomics.add(notes, DONE + kind, 1n);
};
const noise = n => {
  if (n % 8 === 0) counted(2, () => shared.add(1));
  else counted(1, () => histogram.record(1));
};

parentPort.postMessage('ready');
for (let n = 0; Atomics.load(notes, STOP) === 0n; n++) {
  const told = Atomics.load(notes, TOLD);
  const heard = Atomics.load(notes, HEARD);
  if (id % 2 === 0)
    // The first of a pair records A, and only then tells the second one, which records B. Kept close together, so that
    // every cut falls between some A and its B.
    if (told - heard < 2n) {
      counted(0, () => a.add(1));
      gaugeA.record(Number(told + 1n));
      Atomics.store(notes, TOLD, told + 1n);
    } else noise(n);
  else if (heard < told) {
    Atomics.store(notes, HEARD, heard + 1n); // Before the record: a termination may lose a B, never invent one.
    counted(0, () => b.add(1));
    gaugeB.record(Number(heard + 1n));
  } else noise(n);
}
