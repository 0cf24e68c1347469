// One client of the collection's benchmarks in a process of its own, so that no client's heap is another one's garbage. Given: which client,
// counters or histograms, how many series, and whether the label sets are made once (or for each record: what they take is then not
// counted). Each message is a question, answered by one message. CPU is the whole process's: its thread pool and collector threads too.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { labelsOf, setsOf, valueOf } from './workload.mjs';
import { watchSteps } from './step-watch.mjs';

const [who, kind, seriesText, sets] = process.argv.slice(2);
const series = Number(seriesText);

/** What V8's helper threads still sweep afterwards is nobody's CPU: they get their time first. */
const SWEEPING_MILLIS = 50;

const collectGarbage = async () => {
  for (let i = 0; i < 2; i++) globalThis.gc();
  await setTimeout(SWEEPING_MILLIS);
};

const memory = async () => {
  await collectGarbage();
  const { rss, heapUsed } = process.memoryUsage();
  return { resident: rss, heap: heapUsed };
};

/** Begins; the function that it returns says the milliseconds of CPU since. */
async function watchCpu() {
  await collectGarbage();
  const begin = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1000;
  };
}

async function cpuOf(work) {
  const cpu = await watchCpu();
  await work();
  return cpu();
}

const known = sets === 'once' ? setsOf(series) : undefined;
const { open } = await import(`./${who}.mjs`);
const before = await memory();
const client = open(kind, series);

function touch(count = series) {
  for (let k = 0; k < count; k++) {
    const i = k * Math.floor(series / count);
    client.record(known?.[i] ?? labelsOf(i), valueOf(kind, i));
  }
}

/** @throws Error when a collection does not show what was recorded. */
function expectPoints(resourceMetrics, count) {
  const points = resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints ?? [];
  if (points.length !== count) throw new Error(`${who}: ${points.length} points instead of ${count}`);
  return points;
}

/** Looks at everything that an exporter looks at. */
function walk(points) {
  let sum = 0;
  for (const { attributes, value } of points) {
    for (const key in attributes) sum += attributes[key].length;
    if (typeof value === 'number') sum += value;
    else for (const count of value.buckets.counts) sum += count;
  }
  return sum;
}

let endAnswer;

const QUESTIONS = {
  memory,

  /** CPU from here to `answered`, all series touched: of an answer to somebody else's request. */
  request: async () => {
    touch();
    endAnswer = await watchCpu();
  },

  answered: () => endAnswer(),

  /** The largest resident size so far. What is inherited from the parent is in `resourceUsage`, but not in /proc. */
  peak: () => {
    const [, kibibytes] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return Number(kibibytes) * 1024;
  },

  /** CPU of a collection as MetricData, all series touched. */
  collect: async () => {
    touch();
    return cpuOf(async () => expectPoints(await client.collect(), series));
  },

  /** The same, and everything in it looked at. */
  walk: async () => {
    touch();
    return cpuOf(async () => walk(expectPoints(await client.collect(), series)));
  },

  /** CPU of a scrape as text, all series touched. */
  text: async () => {
    touch();
    return cpuOf(() => client.text());
  },

  /** The same as strings. */
  strings: async () => {
    touch();
    return cpuOf(() => client.strings());
  },

  /** CPU of a collection of deltas where `touched` series were touched: of 20, because one takes less than it is measured by. */
  delta: async ({ touched }) => {
    await client.collect('DELTA');
    let sum = 0;
    for (let i = 0; i < 20; i++) {
      touch(touched);
      const begin = process.cpuUsage();
      const collected = await client.collect('DELTA');
      const { user, system } = process.cpuUsage(begin);
      sum += (user + system) / 1000;
      expectPoints(collected, touched);
    }
    return sum / 20;
  },

  /** CPU of a scrape without touching anything first. */
  scrape: () => cpuOf(() => client.text()),

  /** The longest step of the event loop during one, and during steps of 1 ms for as long, which shows what the machine adds. */
  steps: async () => {
    await collectGarbage();
    const begin = performance.now();
    const end = watchSteps();
    await client.text();
    const scrape = end();
    const until = 2 * performance.now() - begin;
    const endControl = watchSteps();
    while (performance.now() < until) {
      for (const step = performance.now() + 1; performance.now() < step;);
      await new Promise(resolve => setImmediate(resolve));
    }
    return { ...scrape, control: endControl().own };
  },

  serve: () =>
    client.serve?.() ??
    new Promise(resolve => {
      const server = createServer(client.answer).listen(0, '127.0.0.1', () =>
        resolve(`http://127.0.0.1:${server.address().port}/metrics`),
      );
    }),
};

touch();
process.on('disconnect', () => process.exit());
process.on('message', ({ ask, ...options }) => {
  Promise.resolve(options)
    .then(QUESTIONS[ask])
    .then(
      answer => process.send({ answer }),
      error => process.send({ failure: error.stack }),
    );
});
process.send({ answer: before });
