// npm run bench [-- --quick] [--json] [--only P1,P8] [--rounds 3]: the figures that docs/speed.md and docs/limits.md quote.
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { argo } from './argo.mjs';
import { microsecondsOf, millisecondsOf, ratiosOf } from './claims.mjs';
import { clientGolang } from './client-golang.mjs';
import { counters, deltas, firstScrape, histograms, manyHistograms, memory, peaks } from './collect.mjs';
import { exitFlush } from './exit.mjs';
import { labelPolicies } from './label-policies.mjs';
import { latency } from './latency.mjs';
import { linesOf } from './report-lines.mjs';
import { interleave, ratio, summarize } from './rounds.mjs';
import { singleThread } from './single-thread.mjs';
import { threads } from './threads.mjs';
import { turns } from './turns.mjs';
import { firstLook } from './first-look.mjs';
import { watchEvents } from './watch-events.mjs';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    json: { type: 'boolean' },
    only: { type: 'string' },
    rounds: { type: 'string' },
  },
});
/** Threads meet the noise of the machine: more and shorter rounds, so that a burst of it hits few of them. */
const ROUNDS = roundsOf(
  options.quick
    ? { single: 3, threads: 5, latency: 3, collect: 3, large: 3, turns: 3, ends: 3, once: 1 }
    : { single: 11, threads: 51, latency: 21, collect: 11, large: 5, turns: 11, ends: 11, once: 3 },
);

/** `--rounds` for a busy machine, or a patient measurer. */
function roundsOf(usual) {
  if (options.rounds === undefined) return usual;
  return Object.fromEntries(Object.keys(usual).map(name => [name, Number(options.rounds)]));
}

const LOAD = loadavg()[0];
const CPU = { unit: 'ms' };

/** How many series; a peak of 1,000,000 takes minutes. */
const SIZES = {
  ...(options.quick
    ? { counters: 20_000, histograms: 2000, manyHistograms: 2000, firstScrape: 50_000 }
    : { counters: 100_000, histograms: 20_000, manyHistograms: 100_000, firstScrape: 1_000_000 }),
  deltas: { many: options.quick ? 50_000 : 1_000_000, touched: 1000 },
  turns: options.quick ? 50_000 : 1_000_000,
  ends: options.quick ? 10_000 : 100_000,
  firstLook: options.quick ? 10_000 : 100_000,
  peaks: 1_000_000,
  memory: options.quick ? 20_000 : 100_000,
};

/** `P13` is all of P13, P13e and P13c. */
const familyOf = id => id.replace(/[a-z]$/, '');
const only = options.only?.split(',');
const isWanted = id =>
  only === undefined ||
  only.some(wanted => id === wanted || familyOf(id) === wanted || id === familyOf(wanted));

/** Whose claims, how many rounds, what opens them, and the unit of its figures; `isOnce`: without a round that only warms up. */
const suitesOf = golang => [
  [['P1', 'P2', 'P3', 'P4'], ROUNDS.single, () => singleThread({ calls: options.quick ? 20_000 : 200_000 })],
  [['P18'], ROUNDS.single, () => labelPolicies({ calls: options.quick ? 20_000 : 200_000 })],
  [['P13'], ROUNDS.single, () => argo({ calls: options.quick ? 50_000 : 200_000 })],
  [['P19'], ROUNDS.single, () => watchEvents({ nodes: 200, calls: options.quick ? 200 : 1000 })],
  [['P5', 'P6'], ROUNDS.threads, () => threads({ millis: options.quick ? 50 : 100 }), { unit: 'rate' }],
  [['P14'], ROUNDS.latency, () => latency({ calls: 20_000 })],
  [['P7', 'P8'], ROUNDS.collect, () => counters(SIZES.counters, golang, isWanted), CPU],
  ...(options.quick ? [] : [[['P9'], ROUNDS.collect, () => histograms(SIZES.histograms, golang), CPU]]),
  [['P7', 'P9', 'P15'], ROUNDS.large, () => manyHistograms(SIZES.manyHistograms, golang, isWanted), CPU],
  [
    ['P10'],
    ROUNDS.turns,
    () => turns({ series: SIZES.turns, millis: options.quick ? 1000 : 5000 }),
    { unit: 'clock' },
  ],
  [['P17'], ROUNDS.ends, () => exitFlush({ series: SIZES.ends }), { unit: 'clock', isOnce: true }],
  [['P20'], ROUNDS.once, () => firstLook({ nodes: SIZES.firstLook }), { unit: 'clock', isOnce: true }],
  [['P12'], ROUNDS.collect, () => deltas(SIZES.deltas.many, SIZES.deltas.touched), CPU],
  [['P16'], ROUNDS.once, () => firstScrape(SIZES.firstScrape), { ...CPU, isOnce: true }],
  ...(options.quick ? [] : [[['P11'], ROUNDS.once, () => peaks(SIZES.peaks), { unit: 'MiB', isOnce: true }]]),
  [['memory'], ROUNDS.once, () => memory(SIZES.memory, golang), { unit: 'bytes', isOnce: true }],
];

/** Figures by unit and contestant. */
async function measure() {
  const figures = { ns: {}, rate: {}, ms: {}, clock: {}, MiB: {}, bytes: {} };
  const skipped = {};
  const golang = ['P8', 'P9', 'memory'].some(isWanted)
    ? await clientGolang({ isQuick: options.quick === true })
    : { end: () => {} };
  if (golang.skipped !== undefined) skipped.client_golang = golang.skipped;
  for (const [ids, rounds, open, { unit = 'ns', isOnce = false } = {}] of suitesOf(golang)) {
    if (!ids.some(isWanted)) continue;
    const { contestants, end, skipped: without } = await open();
    Object.assign(figures[unit], await interleave(contestants, rounds, { warmUp: !isOnce }));
    Object.assign(skipped, without);
    await end();
  }
  golang.end();
  return { figures, skipped };
}

const wanted = claims => claims.filter(([id]) => isWanted(id));

function ratiosIn(all) {
  return wanted(ratiosOf(SIZES)).flatMap(([id, what, a, b, atLeast, atMost]) =>
    a in all && b in all ? [{ id, what, ...ratio(all[a], all[b]), atLeast, atMost }] : [],
  );
}

function figuresIn(all, skipped, claims, each) {
  return wanted(claims).flatMap(([id, what, name, atMost]) => {
    if (name in skipped) return [{ id, what, atMost, skipped: skipped[name] }];
    return name in all ? [{ id, what, ...summarize(all[name].map(value => value / each)), atMost }] : [];
  });
}

const summaries = figures =>
  Object.fromEntries(Object.entries(figures).map(([name, values]) => [name, summarize(values)]));

const { figures, skipped } = await measure();
const all = Object.assign({}, ...Object.values(figures));
const report = {
  machine: `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores`,
  node: process.version,
  load: { before: LOAD, after: loadavg()[0] },
  rounds: ROUNDS,
  nanoseconds: summaries(figures.ns),
  claims: ratiosIn(all),
  microseconds: figuresIn(all, skipped, microsecondsOf(), 1000),
  milliseconds: figuresIn(all, skipped, millisecondsOf(SIZES), 1),
  cpuMilliseconds: summaries(figures.ms),
  clockMilliseconds: summaries(figures.clock),
  peakMebibytes: summaries(figures.MiB),
  bytesPerSeries: summaries(figures.bytes),
  skipped,
};
if (options.json) console.log(JSON.stringify(report, null, 2));
else for (const line of linesOf(report)) console.log(line);
