// Records into the store and a MeterProvider, and ends in the way that it is told: node ending-host.mjs HOW
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { createStore, startCollectorThread } from '../../../dist/esm/store-entry.js';

const [how] = process.argv.slice(2);
const store = createStore({ maxBytes: 2 ** 24 });
const collector = await startCollectorThread({
  store,
  exporterModule: new URL('../exporters/printing.mjs', import.meta.url),
  exportIntervalMillis: 60_000,
});
const provider = new MeterProvider({ readers: [collector.reader] });
const own = provider.getMeter('sdk').createCounter('own');
if (how === 'hanging')
  provider
    .getMeter('sdk')
    .createObservableGauge('late')
    .addCallback(() => new Promise(() => undefined));
own.add(3);
store.getMeter('m').createCounter('c').add(1);
if (how !== 'natural' && how !== 'hanging') await collector.forceFlush();
own.add(4);
if (how === 'exit') process.exit(3);
if (how === 'throw') throw new Error('uncaught');
if (how === 'flush') {
  await provider.forceFlush();
  process.exit(3);
}
if (how === 'shutdown') await provider.shutdown();
