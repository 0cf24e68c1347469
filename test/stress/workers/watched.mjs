// A process that observes recorded events with a state, scrapes behind each, and is killed by whoever started it. Prints what
// it would show, a line each. argv: the file of events, the folder, the largest journal.
import { readFileSync } from 'node:fs';
import { writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { createStore, CustomMetrics, WorkflowObserver } from '../../../dist/index.js';
import { WatchState } from '../../../dist/cli/watch-state.js';
import { coreOf } from '../../../dist/store/store-core.js';
import { shownIn } from './shown.mjs';

const [file, folder, maxBytes, metricsTTL] = process.argv.slice(2);
const { events, times } = JSON.parse(readFileSync(file, 'utf8'));
let now = times[0];
const state = new WatchState({
  ...{
    folder,
    identity: { prefix: '' },
    whenLost: 'refuse',
    clock: { now: () => now },
    maxBytes: Number(maxBytes),
  },
  onError: error => say({ error: String(error) }),
});
const store = createStore({ shared: false, maxBytes: 2 ** 25, clock: state.clock });
const customMetrics = new CustomMetrics({ store, prefix: '', metricsConfig: { metricsTTL } });
const observer = new WorkflowObserver({ customMetrics });
const reader = coreOf(store).openReader(() => 'cumulative');

function say(line) {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

async function scrape(position) {
  const { streams } = await reader.collect();
  if (await state.shown()) say({ position, shown: shownIn(streams) });
  else say({ error: 'not durable' });
}

// As a process that begins when the one before has ended: its clock is where that one's was, or later.
const before = JSON.parse(process.argv[6] ?? '0');
now = times[Math.max(0, before - 1)];
const found = await state.begin({ store, customMetrics, observer });
let position = Number(found.position ?? 0);
now = times[Math.max(0, position - 1)];
await scrape(position);
while (position < events.length) {
  now = times[position];
  const event = events[position++];
  state.apply(String(position), () => observer.observe(event));
  await scrape(position);
  if (position % 7 === 0) await setImmediate();
}
await state.close();
say({ done: true });
