// Records and exports deltas to an exporter that refuses them: tells what was recorded at each refusal.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore, DoubleBufferedMetricReader } from '../../../dist/esm/store-entry.js';

const { handle, hangsAt } = workerData;
const store = attachStore(handle);
const meter = store.getMeter('m');
const counter = meter.createCounter('c');
const histogram = meter.createHistogram('h', { advice: { explicitBucketBoundaries: [5] } });
let round = 0;
let recorded = 0;
const exporter = {
  selectAggregationTemporality: () => 0,
  export: (_metrics, done) => {
    parentPort.postMessage({ round, recorded });
    // It may be ended in the middle of an export, or between two.
    if (round < hangsAt) done({ code: 1, error: new Error('down') });
  },
};
const reader = new DoubleBufferedMetricReader({ store, exporter });
for (;;) {
  round++;
  for (let value = 1; value <= 10; value++) {
    counter.add(value, { value });
    histogram.record(value);
    recorded += value;
  }
  await reader.forceFlush();
  await new Promise(resolve => setImmediate(resolve));
}
