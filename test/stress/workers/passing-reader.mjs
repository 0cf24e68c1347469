// Opens delta readers, one after the other, and checks what each of them is shown, of its own records exactly: nothing
// that an earlier reader had, nothing twice, nothing missing, nothing torn.
import { setTimeout } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore, DoubleBufferedMetricReader } from '../../../dist/esm/store-entry.js';

const { handle, notes, id } = workerData;
const STOP = 0;
const OPENED = 1;
const store = attachStore(handle);
const meter = store.getMeter('stress');
const counter = meter.createCounter('own').bind({ id });
const histogram = meter
  .createHistogram('h', { advice: { explicitBucketBoundaries: Array.from({ length: 63 }, (_, i) => i) } })
  .bind({ id });
let recorded = 0;
let drained = 0;
const violations = [];

const sum = counts => counts.reduce((total, count) => total + count, 0);

/** Whole cuts only. Returns what is shown of the own series. */
function check({ resourceMetrics, errors }, when) {
  for (const error of errors) violations.push(`${when}: ${error.message}`);
  const shown = { own: 0, h: 0 };
  const pairs = new Map();
  for (const { metrics } of resourceMetrics.scopeMetrics)
    for (const { descriptor, dataPoints } of metrics) {
      const sets = new Set();
      for (const { attributes, value, startTime, endTime } of dataPoints) {
        const key = JSON.stringify(attributes);
        if (sets.has(key)) violations.push(`${when}: ${descriptor.name} ${key} twice`);
        sets.add(key);
        if (startTime[0] > endTime[0] || (startTime[0] === endTime[0] && startTime[1] > endTime[1]))
          violations.push(`${when}: ${descriptor.name} ends before it begins`);
        if (descriptor.name === 'h' && sum(value.buckets.counts) !== value.count)
          violations.push(`${when}: torn ${key} ${JSON.stringify(value)}`);
        if (descriptor.name === 'cause' || descriptor.name === 'effect')
          pairs.set(
            attributes.pair,
            (pairs.get(attributes.pair) ?? 0) + (descriptor.name === 'cause' ? value : -value),
          );
        if (attributes.id === id) shown[descriptor.name] = descriptor.name === 'h' ? value.count : value;
      }
    }
  // A cut may separate one cause of a thread from its effect, and so may the one before.
  for (const [pair, difference] of pairs)
    if (Math.abs(difference) > 1)
      violations.push(`${when}: pair ${pair}: ${difference} causes without effect`);
  return shown;
}

function record(times) {
  for (let time = 0; time < times; time++) {
    counter.add(1);
    histogram.record(time % 70);
  }
  recorded += times;
}

parentPort.postMessage('ready');
while (Atomics.load(notes, STOP) === 0n) {
  record(3);
  let reader;
  try {
    reader = new DoubleBufferedMetricReader({ store, aggregationTemporalitySelector: () => 0 });
  } catch {
    await setTimeout(1);
    continue;
  }
  const before = recorded;
  record(20);
  for (let round = 0; round < 3; round++) {
    const shown = check(await reader.collect(), `${id}, collection ${round}`);
    for (const name of ['own', 'h'])
      if (
        round === 0 ? shown[name] < recorded - before || shown[name] > recorded - drained : shown[name] !== 20
      )
        violations.push(
          `${id}, collection ${round}: ${name} ${shown[name]} of ${recorded}, ${before}, ${drained}`,
        );
    drained = recorded;
    record(20);
  }
  Atomics.add(notes, OPENED, 1n);
  await reader.shutdown();
}
parentPort.postMessage({ violations: violations.slice(0, 10) });
