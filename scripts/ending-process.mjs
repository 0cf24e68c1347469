// A process with a collector thread that records, for ended-processes.mjs, and ends in the way that it is told:
// node ending-process.mjs HOW SERVICE URL TEMPORALITY. What it has recorded it prints.
import { writeSync } from 'node:fs';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { createStore, startCollectorThread } from 'otel-argo-metrics';

const [how, service, url, temporalityPreference] = process.argv.slice(2);
const store = createStore({ resource: resourceFromAttributes({ 'service.name': service }) });
await startCollectorThread({
  store,
  exporterModule: new URL('./protobuf-exporter.mjs', import.meta.url),
  exporterOptions: { url, temporalityPreference: Number(temporalityPreference) },
  exportIntervalMillis: 200,
  flushOnExitMillis: 30_000,
});
const counter = store.getMeter('m').createCounter('jobs');
let recorded = 0;
process.on('exit', () => writeSync(1, `${recorded}\n`));

function record() {
  for (let times = 0; times < 1000; times++) {
    const value = 1 + (times % 9);
    recorded += value;
    counter.add(value);
  }
}

// Some exports later, in the middle of an interval.
const timer = setInterval(record, 10);
setTimeout(() => {
  record();
  if (how === 'exit') process.exit(3);
  if (how === 'uncaught error') throw new Error('on purpose');
  clearInterval(timer);
}, 1100);
