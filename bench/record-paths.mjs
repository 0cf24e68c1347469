// A child of builds.mjs: what the record paths of one build cost, once. node record-paths.mjs ENTRY CALLS, where ENTRY is
// the address of the build's entry. Prints JSON, nanoseconds per call.
import { time } from './rounds.mjs';

const [entry = '', callsText = '100000'] = process.argv.slice(2);
const { createStore, DoubleBufferedMetricReader } = await import(entry);
const calls = Number(callsText);

const SETS = 1024;
const setsOf = count =>
  Array.from({ length: count }, (_, i) => ({ method: 'GET', route: `/r${i}`, status: '200' }));

const store = createStore({ cardinalityLimit: 1_000_000, handleCacheSize: 100_000 });
const reader = new DoubleBufferedMetricReader({ store });
const meter = store.getMeter('bench');
const sets = setsOf(SETS);
const many = setsOf(10_000);
const counter = meter.createCounter('c');
const upDown = meter.createUpDownCounter('u');
const gauge = meter.createGauge('g');
const histogram = meter.createHistogram('h');
const bound = instrument => sets.map(set => instrument.bind(set));
const [counters, upDowns, gauges, histograms] = [counter, upDown, gauge, histogram].map(bound);
let fresh = 0;

const paths = {
  'bound counter': [
    30,
    n => {
      for (let i = 0; i < n; i++) counters[i & 1023].add(1);
    },
  ],
  'bound up-down counter': [
    30,
    n => {
      for (let i = 0; i < n; i++) upDowns[i & 1023].add(i & 1 ? 1 : -1);
    },
  ],
  'bound gauge': [
    30,
    n => {
      for (let i = 0; i < n; i++) gauges[i & 1023].record(i);
    },
  ],
  'bound histogram': [
    20,
    n => {
      for (let i = 0; i < n; i++) histograms[i & 1023].record(i % 100);
    },
  ],
  'counter, 1,024 sets': [
    10,
    n => {
      for (let i = 0; i < n; i++) counter.add(1, sets[i & 1023]);
    },
  ],
  'counter, 10,000 sets': [
    5,
    n => {
      for (let i = 0; i < n; i++) counter.add(1, many[i % 10_000]);
    },
  ],
  'gauge, 1,024 sets': [
    10,
    n => {
      for (let i = 0; i < n; i++) gauge.record(i, sets[i & 1023]);
    },
  ],
  'histogram, 1,024 sets': [
    10,
    n => {
      for (let i = 0; i < n; i++) histogram.record(i % 100, sets[i & 1023]);
    },
  ],
  'counter, sets never seen before': [
    1,
    n => {
      for (let i = 0; i < n; i++) counter.add(1, { method: 'GET', route: `/new${fresh++}`, status: '200' });
    },
  ],
};

const figures = {};
for (const [name, [share, loop]] of Object.entries(paths)) {
  loop(Math.ceil(calls * share * 0.3));
  figures[name] = time(loop, Math.ceil(calls * share));
}
console.log(JSON.stringify(figures));
await reader.shutdown();
await store.shutdown();
