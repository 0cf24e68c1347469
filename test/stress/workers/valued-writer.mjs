// Records into series that may exist only while their value has a place of a hidden stream, in runs of one value, through
// handles that ask anew when they no longer fit. Tells in the end how often it recorded.
import { parentPort, workerData } from 'node:worker_threads';
import { attachCore } from '../../../dist/store/store-core.js';
import { admitWithin } from '../../../dist/store/record/admit-within.js';
import { SeriesHandle } from '../../../dist/store/record/series-handle.js';
import { SeriesPlaces } from '../../../dist/store/record/series-places.js';

const { handle, definitions, values, stop, seed } = workerData;
const core = attachCore(handle);
const [series, holders] = definitions.map(
  definition =>
    new SeriesPlaces(core.registry.register(definition, 0), {
      region: core.region,
      now: Date.now,
      refuse: () => {},
    }),
);
let tries = 0;
const handles = Array.from({ length: values }, (_, value) => {
  const text = `{"value":"${value}"}`;
  // The operating system may stop a thread between the two for as long as it likes.
  const admit = () => {
    if (tries++ % 3 === 0) Atomics.wait(stop, 0, 0, 5);
    return series.admit(text);
  };
  const find = () => admitWithin(holders, text, admit) ?? series.overflow();
  let made, full;
  return () => {
    // Who found no place asks again once there is room.
    if (made?.slot === series.overflow().slot && full !== holders.overflow().live) {
      full = holders.overflow().live;
      made.renew();
    }
    return (made ??= new SeriesHandle(find(), text, find));
  };
});

parentPort.postMessage('ready');
let random = seed;
let recorded = 0;
while (Atomics.load(stop, 0) === 0) {
  random = (random * 1103515245 + 12345) % 2 ** 31;
  const target = handles[random % values]();
  for (let round = 0; round < 20_000; round++) {
    core.recorder.add(target, 1);
    recorded++;
  }
}
parentPort.postMessage(recorded);
