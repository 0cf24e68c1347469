// A process whose main thread records in each turn of its event loop while a collector thread of its own serves the store. Given: how
// many series. Its first message says where to scrape; each message that it gets is a time, and is answered by what the turns of that
// time were like, in milliseconds.
import { createStore, startCollectorThread } from 'otel-argo-metrics/store';
import { momentOf, openWaits } from './step-watch.mjs';
import { labelsOf, valueOf } from './workload.mjs';

const series = Number(process.argv[2]);
const MIB = 2 ** 20;
const RECORDS_PER_TURN = 200;
/** More than there are turns in a measured time. */
const turns = new Float64Array(2 ** 21);

const store = createStore({
  maxBytes: Math.min(4096, 256 + Math.ceil((series * 600) / MIB)) * MIB,
  maxSeries: series + 1100,
  cardinalityLimit: series + 1,
  maxLabelBytes: 64 * MIB + 192 * series,
  stripes: 4,
});
const counter = store.getMeter('bench').createCounter('jobs');
for (let i = 0; i < series; i++) counter.add(valueOf('counter', i), labelsOf(i));
const bound = Array.from({ length: 1024 }, (_, i) => counter.bind(labelsOf((i * 997) % series)));
const { url } = await startCollectorThread({ store, prometheus: { port: 0 } });

/** The longest of some records, each timed by itself. */
function recordSome(longest) {
  for (let i = 0; i < RECORDS_PER_TURN; i++) {
    const begin = performance.now();
    bound[i & 1023].add(1);
    const took = performance.now() - begin;
    if (took > longest) longest = took;
  }
  return longest;
}

function watchTurns(millis) {
  const waits = openWaits();
  const longest = { turn: 0, own: 0, record: 0 };
  let count = 0;
  let last = momentOf(waits);
  const until = last.at + millis;
  return new Promise(resolve => {
    const turn = () => {
      const now = momentOf(waits);
      const passed = now.at - last.at;
      longest.turn = Math.max(longest.turn, passed);
      longest.own = Math.max(longest.own, passed - (now.waited - last.waited));
      turns[count++] = passed;
      last = now;
      longest.record = recordSome(longest.record);
      if (last.at < until) return setImmediate(turn);
      waits.close();
      const sorted = turns.subarray(0, count).sort();
      resolve({ ...longest, turn9999: sorted[Math.floor(count * 0.9999)], turns: count });
    };
    setImmediate(turn);
  });
}

process.on('disconnect', () => process.exit());
process.on('message', ({ millis }) => void watchTurns(millis).then(answer => process.send({ answer })));
process.send({ answer: url });
