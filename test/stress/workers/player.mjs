// Carries out one writer's part of a plan: attaches, records round after round, leaves. Counts in shared memory what it
// begins and what returned, so that at most one record of a terminated thread is in doubt. Leaves garbage behind.
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore } from '../../../dist/store-entry.js';
import { SeriesPlaces } from '../../../dist/store/record/series-places.js';
import { coreOf } from '../../../dist/store/store-core.js';

const { handle, notes, id, life, sets, records, rounds, hidden } = workerData;
const store = attachStore(handle);
const core = coreOf(store);
const places = new SeriesPlaces(core.registry.register(hidden, 0), {
  region: core.region,
  now: Date.now,
  refuse: () => {},
});
const meter = store.getMeter('everything');
const instruments = [
  meter.createCounter('counter'),
  meter.createHistogram('histogram', { advice: { explicitBucketBoundaries: [0, 1, 2] } }),
  meter.createUpDownCounter('up_down'),
  meter.createGauge('gauge'),
];
const bound = instruments.map(instrument =>
  Array.from({ length: sets }, (_, set) => instrument.bind({ set })),
);
const [BEGUN, DONE] = [64, 128].map(from => from + id * instruments.length);
const STOP = 0;

let fresh = 0;
function recordOne(index, how, set) {
  if (how === 'attributes') places.has(places.admit(String(set)));
  const target = how === 'bound' ? bound[index][set] : instruments[index];
  const attributes =
    how === 'bound'
      ? undefined
      : how === 'fresh'
        ? { fresh: `${'long '.repeat(20)}${life}/${fresh++}` }
        : { set };
  if (index === 1) target.record(1, attributes);
  else target.add(1, attributes);
}

parentPort.postMessage('ready');
for (let round = 0; round < rounds && Atomics.load(notes, STOP) === 0n; round++) {
  const garbage = new Uint8Array(100_000).fill(round);
  for (const { instrument, how, set } of records) {
    Atomics.add(notes, BEGUN + instrument, 1n);
    recordOne(instrument, how, set);
    Atomics.add(notes, DONE + instrument, BigInt(garbage.length > 0));
  }
}
await store.shutdown();
