// Replays a recorded hour of a real Argo Workflows controller: two threads record the custom metrics of 40 workflows into
// one store while this thread collects it, over and over. In the end stdout gets the metrics as Prometheus text, the same
// at each run, and stderr a table.
//
//   node examples/busy-hour/main.mjs [--serve [--port N]] [--assign SEED] [--speed N] [--threads N] [--recording FOLDER]
//
//   --serve      keeps an endpoint on localhost:9464 open afterwards, until Ctrl-C
//   --assign     deals the workflows out to the threads in another way
//   --speed      how many times faster than it was recorded; 0 is as fast as possible
//   --recording  another folder with events.ndjson and case.json
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { createStore, startPrometheusEndpoint } from 'otel-argo-metrics';
import { replayAlone, textOf } from './alone.mjs';
import { suspiciousCollector } from './collector.mjs';
import { Progress } from './progress.mjs';
import { readRecording } from './recording.mjs';
import { createSharedWords, EVENTS_DONE } from './shared-words.mjs';
import { dealOut } from './shares.mjs';

/** Between two collections. A real scrape comes every few seconds; here every swap is meant to meet a record. */
const COLLECT_PAUSE_MILLIS = 2;

const { values: options } = parseArgs({
  options: {
    serve: { type: 'boolean', default: false },
    port: { type: 'string', default: '9464' },
    assign: { type: 'string', default: '1' },
    speed: { type: 'string', default: '15' },
    threads: { type: 'string', default: '2' },
    recording: { type: 'string', default: fileURLToPath(new URL('.', import.meta.url)) },
  },
});

const recording = readRecording(options.recording);
const { events, scrapedAtUnixMillis } = recording;
const firstUnixMillis = events[0].atUnixMillis;
const speed = Number(options.speed) || Infinity;

// Realtime gauges are computed when somebody collects, so the clock of the collecting thread is the one that counts.
let replayedUnixMillis = () => firstUnixMillis;
const store = createStore({ clock: { now: () => replayedUnixMillis() } });
const collector = suspiciousCollector(store);

const { tallies, swaps, recordedMillis } = await replay();
replayedUnixMillis = () => scrapedAtUnixMillis;
const points = await collector.collect();
const text = await textOf(store);
process.stdout.write(text);

const isSame = text === (await replayAlone(recording));
const lost = printTable();
for (const violation of collector.violations) process.stderr.write(`${violation}\n`);
if (lost !== 0 || !isSame || collector.violations.length > 0) process.exitCode = 1;

if (options.serve) await serve();
await collector.shutdown();
await store.shutdown();

/** @returns what each thread says that it recorded. */
async function replay() {
  const words = createSharedWords();
  const shares = dealOut(events, Number(options.threads), Number(options.assign));
  const workers = shares.map((share, thread) => {
    const workerData = { handle: store.handle, thread, share, firstUnixMillis, speed, words };
    return new Worker(new URL('./worker.mjs', import.meta.url), { workerData });
  });
  await Promise.all(workers.map(worker => once(worker, 'message')));

  const startUnixMillis = Date.now();
  const elapsedMillis = () => Date.now() - startUnixMillis;
  replayedUnixMillis = () =>
    speed === Infinity
      ? scrapedAtUnixMillis
      : Math.min(firstUnixMillis + elapsedMillis() * speed, scrapedAtUnixMillis);
  let isRunning = true;
  const finished = Promise.all(workers.map(worker => tallyOf(worker))).finally(() => (isRunning = false));
  for (const worker of workers) worker.postMessage({ startUnixMillis });

  const progress = new Progress();
  while (isRunning) {
    await collector.collect();
    const done = Atomics.load(words, EVENTS_DONE);
    progress.show(done, events.length, `${store.statistics().swaps} swaps so far`);
    await Promise.race([finished, pause(COLLECT_PAUSE_MILLIS)]);
  }
  progress.end();
  return { tallies: await finished, swaps: store.statistics().swaps, recordedMillis: elapsedMillis() };
}

/** Resolves when the thread has ended; rejects when it failed. */
async function tallyOf(worker) {
  let tally;
  worker.on('message', message => {
    if ('complaint' in message) process.stderr.write(`${message.complaint}\n`);
    else tally = message;
  });
  await once(worker, 'exit');
  if (tally === undefined) throw new Error('a recording thread ended before it had replayed its share');
  return tally;
}

/** @returns how many records are missing. */
function printTable() {
  const sum = values => values.reduce((total, value) => total + value, 0);
  const records = sum(tallies.map(tally => tally.records));
  const own = points.filter(({ scope }) => scope === 'busy-hour');
  const collected = sum(
    own.map(({ point }) => (typeof point.value === 'object' ? point.value.count : point.value)),
  );
  const nanosPerRecord = (sum(tallies.map(tally => tally.recordingMillis)) * 1e6) / records;
  const rows = {
    threads: `${tallies.length} that record, 1 that collects, ${recordedMillis} ms`,
    records: `${records.toLocaleString('en')} by the threads' own count`,
    collected: collected.toLocaleString('en'),
    lost: records - collected,
    swaps: `${swaps} while the threads recorded`,
    series: `${points.length}, of which ${points.length - own.length} are custom metrics`,
    'ns per record': nanosPerRecord.toFixed(1),
    'custom metrics': isSame ? 'the same as one thread alone comes to' : 'NOT what one thread alone comes to',
  };
  for (const [name, value] of Object.entries(rows)) process.stderr.write(`${name.padStart(16)}  ${value}\n`);
  return records - collected;
}

async function serve() {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());
  const endpoint = await startPrometheusEndpoint({ store, port: Number(options.port) });
  process.stderr.write(`Scrape ${endpoint.url} (Ctrl-C ends it)\n`);
  // The endpoint alone does not keep a process alive.
  const keepAlive = setInterval(() => undefined, 2 ** 30);
  await once(stop.signal, 'abort');
  clearInterval(keepAlive);
  await endpoint.shutdown();
}
