// Records 7, and ends in the way that it is told: node ending.mjs HOW OPTIONS
import { diag } from '@opentelemetry/api';
import { createStore, startCollectorThread } from '../../../dist/esm/store-entry.js';

const [how, text] = process.argv.slice(2);
const { exporter, observes, ...options } = JSON.parse(text);
const say = (...words) => process.stderr.write(`${words.map(String).join(' ')}\n`);
diag.setLogger({ error: say, warn: say, info() {}, debug() {}, verbose() {} });
const workers = [];
process.on('worker', worker => workers.push(worker));

const store = createStore({ maxBytes: 2 ** 24 });
const meter = store.getMeter('m');
const counter = meter.createCounter('c');
if (observes) meter.createObservableGauge('g').addCallback(result => result.observe(1));
const exporterModule = exporter && new URL(`../exporters/${exporter}`, import.meta.url);
await startCollectorThread({
  store,
  ...(exporterModule && { exporterModule }),
  ...options,
});
counter.add(7);
if (how === 'exit') process.exit(3);
if (how === 'throw')
  setTimeout(() => {
    throw new Error('uncaught');
  }, 5);
if (how === 'natural') setTimeout(() => undefined, 5);
if (how === 'blocked') {
  for (const end = Date.now() + 300; Date.now() < end;);
  process.exit(3);
}
if (how === 'dead') {
  await workers[0].terminate();
  process.exit(3);
}
if (how === 'dying') {
  // Its end has come, and nobody has been told yet.
  workers[0].terminate();
  for (const end = Date.now() + 300; Date.now() < end;);
  process.exit(3);
}
