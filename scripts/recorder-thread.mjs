// A thread of recorders.mjs: records into the store that it is given until it is told to stop, and then says what.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore } from 'otel-argo-metrics';

const { handle, thread, sets, boundaries } = workerData;
const meter = attachStore(handle).getMeter('');
const jobs = meter.createCounter('jobs', { description: 'Jobs' });
const queue = meter.createUpDownCounter('queue', { description: 'Waiting' });
const sizes = meter.createHistogram('sizes', {
  description: 'Sizes',
  advice: { explicitBucketBoundaries: boundaries },
});
const level = meter.createGauge('level', { description: 'Level' });

/** By metric and attributes, as the receiver's points are named. Whole numbers, so that sums are exact in any order. */
const recorded = new Map();
const whole = max => Math.floor(Math.random() * max);

function add(key, value) {
  recorded.set(key, (recorded.get(key) ?? 0) + value);
}

function recordSize(k, value) {
  sizes.record(value, { k });
  const key = `sizes k=${k}`;
  const { count, sum, counts } = recorded.get(key) ?? {
    count: 0,
    sum: 0,
    counts: [...boundaries, Infinity].map(() => 0),
  };
  const bucket = [...boundaries, Infinity].findIndex(boundary => value <= boundary);
  recorded.set(key, {
    count: count + 1,
    sum: sum + value,
    counts: counts.map((of, index) => of + Number(index === bucket)),
  });
}

function recordOnce() {
  const k = String(whole(sets));
  const [more, change, height] = [1 + whole(9), whole(21) - 10, whole(1000)];
  jobs.add(more, { k });
  add(`jobs k=${k}`, more);
  queue.add(change, { k });
  add(`queue k=${k}`, change);
  recordSize(k, whole(2 * boundaries.at(-1)));
  level.record(height, { thread });
  recorded.set(`level thread=${thread}`, height);
}

const timer = setInterval(() => {
  for (let count = 0; count < 20; count++) recordOnce();
}, 2);
parentPort.once('message', () => {
  clearInterval(timer);
  parentPort.postMessage(recorded);
});
