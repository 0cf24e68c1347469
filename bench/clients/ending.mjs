// Records 7 and ends, with or without a collector thread, which has exported before or not. Prints when it began to end, and its exporter
// what arrived.
import { writeSync } from 'node:fs';
import { createStore, startCollectorThread } from 'otel-argo-metrics/store';
import { labelsOf } from './workload.mjs';

const { collector, observes = false, series = 0, isFirst = true } = JSON.parse(process.argv[2]);
const store = createStore({ maxBytes: 2 ** 29, maxSeries: series + 1100, cardinalityLimit: series + 1100 });
const meter = store.getMeter('bench');
const counter = meter.createCounter('jobs');
for (let i = 0; i < series; i++) counter.add(1, labelsOf(i));
if (observes) meter.createObservableGauge('load').addCallback(result => result.observe(1));
if (collector) {
  const exporterModule = new URL('slow-exporter.mjs', import.meta.url);
  const thread = await startCollectorThread({ store, exporterModule });
  if (!isFirst) await thread.forceFlush();
}
counter.add(7);
writeSync(1, `,"begin":${performance.timeOrigin + performance.now()}`);
process.exit();
