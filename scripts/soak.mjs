// Goal: nothing grows. Threads record at full speed, into series that stay and into ever new ones that expire, while two
// readers collect; after a warm-up the resident memory must stay within 5 %, and every record must be in what was read.
// Usage: node scripts/soak.mjs [SECONDS], default 600.
import { once } from 'node:events';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { attachStore, createStore, DoubleBufferedMetricReader } from 'otel-argo-metrics';

const THREADS = 2;
const COLLECT_EVERY_MILLIS = 50;
const WARM_UP_SHARE = 0.3;
const GROWTH_MAX = 0.05;

if (isMainThread) await soak(Number(process.argv[2] ?? 600));
else record();

function record() {
  const { handle, stop, id } = workerData;
  const meter = attachStore(handle).getMeter('soak');
  const counter = meter.createCounter('c');
  const histogram = meter.createHistogram('h');
  const bound = Array.from({ length: 512 }, (_, i) => counter.bind({ i }));
  let records = 0;
  for (let n = 0; Atomics.load(stop, 0) === 0; n++) {
    for (const series of bound) series.add(1);
    counter.add(1, { fresh: `${id}/${n}` });
    histogram.record(1, { fresh: `${id}/${n % 5000}` });
    records += bound.length + 2;
  }
  parentPort.postMessage(records);
}

async function soak(seconds) {
  const store = createStore({ seriesTtlMillis: 500, cardinalityLimit: 200_000 });
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const threads = Array.from(
    { length: THREADS },
    (_, id) => new Worker(new URL(import.meta.url), { workerData: { handle: store.handle, stop, id } }),
  );
  const done = Promise.all(threads.map(async thread => (await once(thread, 'message'))[0]));
  const delta = new DoubleBufferedMetricReader({ store, aggregationTemporalitySelector: () => 0 });
  const cumulative = new DoubleBufferedMetricReader({ store });
  let read = 0;
  const [atFirst, later] = [[], []];
  const collect = async () => {
    read += sumOf(await delta.collect());
    await cumulative.collect();
  };
  const begin = performance.now();
  let nextLine = 0;
  for (;;) {
    const share = (performance.now() - begin) / (seconds * 1000);
    if (share >= 1) break;
    await collect();
    const rss = process.memoryUsage.rss();
    if (share >= WARM_UP_SHARE && share < 0.5) atFirst.push(rss);
    if (share >= 0.8) later.push(rss);
    if (share * 20 >= nextLine) {
      nextLine++;
      const { series, reclaimedSeries, labelBytes } = store.statistics();
      console.log(
        `${(share * seconds).toFixed(0)} s: ${read} records, ${series} series, ${reclaimedSeries} reclaimed, ${labelBytes} label bytes, RSS ${(rss / 2 ** 20).toFixed(0)} MiB`,
      );
    }
    await new Promise(resolve => setTimeout(resolve, COLLECT_EVERY_MILLIS));
  }
  Atomics.store(stop, 0, 1);
  const recorded = (await done).reduce((sum, count) => sum + count, 0);
  await collect();
  // Means, because the garbage of collecting goes up and down.
  const growth = meanOf(later) / meanOf(atFirst) - 1;
  console.log(
    `${recorded} records, ${recorded - read} lost; the mean RSS grew by ${(growth * 100).toFixed(1)} %`,
  );
  const failed = Number(recorded !== read) + Number(growth > GROWTH_MAX);
  console.log(`${2 - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function meanOf(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function sumOf({ resourceMetrics, errors }) {
  for (const error of errors) console.log(String(error));
  let sum = 0;
  for (const { metrics } of resourceMetrics.scopeMetrics)
    for (const { dataPoints } of metrics)
      for (const { value } of dataPoints) sum += typeof value === 'number' ? value : value.count;
  return sum;
}
