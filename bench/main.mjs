// npm run bench [-- --quick] [--json] [--only P1]: the ratios that docs/speed.md quotes.
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { argo } from './argo.mjs';
import { latency } from './latency.mjs';
import { interleave, ratio, summarize } from './rounds.mjs';
import { singleThread } from './single-thread.mjs';
import { threads } from './threads.mjs';

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean' }, json: { type: 'boolean' }, only: { type: 'string' } },
});
/** Threads meet the noise of the machine: more and shorter rounds, so that a burst of it hits few of them. */
const ROUNDS = options.quick
  ? { single: 3, threads: 5, latency: 3 }
  : { single: 11, threads: 51, latency: 21 };

/** id, what, numerator, denominator, at least, at most. */
const CLAIMS = [
  ['P1', 'bound counter add vs host add, 3 attributes, 1,024 series', 'hostAdd', 'boundAdd', 60],
  ['P2', 'add with 3 attributes, 1,024 sets, vs host', 'hostAdd', 'add', 6],
  ['P2b', 'the same, 10,000 sets', 'hostAdd10k', 'add10k', undefined],
  ['P2c', 'the same, sets never seen before', 'hostAddNew', 'addNew', undefined],
  ['P3', 'bound histogram record, 15 boundaries, vs host record', 'hostRecord', 'boundRecord', 40],
  ['P4', "bound counter vs prom-client's child", 'promChild', 'boundAdd', 20],
  ['P4b', "bound counter vs @prometheus-io/client's child", 'prometheusIoChild', 'boundAdd', undefined],
  ['P5', 'one writer while another thread collects vs alone', 'whileCollecting', 'alone', 0.9],
  ['P5c', 'control: the other thread collects another store', 'besideAnotherStore', 'alone', undefined],
  ['P6', 'two writers vs one', 'two', 'alone', 1.8],
  ['P6c', 'control: two writers of two stores vs one', 'twoApart', 'alone', undefined],
  [
    'P14',
    'longest bound add while 100,000 series are collected vs not',
    'collecting-bound',
    'quiet-bound',
    undefined,
    3,
  ],
  ['P14', 'longest add to an existing series', 'collecting-existing', 'quiet-existing', undefined, 3],
  ['P14', 'longest first add of a series', 'collecting-new', 'quiet-new', undefined, 3],
];

/** id, what, contestant, goal in microseconds. */
const COSTS = [
  ['P13', 'emission of a counter, 3 templated labels, when', 'argoEmit', 2],
  ['P13e', 'the same, one label an expression', 'argoEmitExpression', 5],
  ['P13c', 'compile of one metric', 'argoCompile', 100],
];

/** Figures that are records per millisecond, not nanoseconds per call. */
const RATES = ['alone', 'whileCollecting', 'besideAnotherStore', 'two', 'twoApart'];

async function measure() {
  const figures = {};
  const skipped = {};
  const suites = [
    [ROUNDS.single, () => singleThread({ calls: options.quick ? 20_000 : 200_000 })],
    [ROUNDS.single, () => argo({ calls: options.quick ? 50_000 : 200_000 })],
    [ROUNDS.threads, () => threads({ millis: options.quick ? 50 : 100 })],
    [ROUNDS.latency, () => latency({ calls: 20_000 })],
  ];
  for (const [rounds, open] of suites) {
    const { contestants, end, skipped: without } = await open();
    if (
      options.only === undefined ||
      [...CLAIMS, ...COSTS].some(([id, , name]) => id.startsWith(options.only) && name in contestants)
    ) {
      Object.assign(figures, await interleave(contestants, rounds));
      Object.assign(skipped, without);
    }
    await end();
  }
  return { figures, skipped };
}

function costsOf(figures, skipped) {
  const wanted = COSTS.filter(([id]) => options.only === undefined || id.startsWith(options.only));
  return wanted.flatMap(([id, what, name, atMost]) => {
    if (name in skipped) return [{ id, what, atMost, skipped: skipped[name] }];
    if (!(name in figures)) return [];
    const { median, low, high } = summarize(figures[name].map(nanoseconds => nanoseconds / 1000));
    return [{ id, what, median, low, high, atMost }];
  });
}

function report({ figures, skipped }) {
  const claims = CLAIMS.filter(
    ([id, , a, b]) =>
      a in figures && b in figures && (options.only === undefined || id.startsWith(options.only)),
  );
  return {
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores`,
    node: process.version,
    rounds: ROUNDS,
    nanoseconds: Object.fromEntries(
      Object.entries(figures)
        .filter(([name]) => !RATES.includes(name))
        .map(([name, values]) => [name, summarize(values)]),
    ),
    claims: claims.map(([id, what, a, b, atLeast, atMost]) => ({
      id,
      what,
      ...ratio(figures[a], figures[b]),
      atLeast,
      atMost,
    })),
    microseconds: costsOf(figures, skipped),
  };
}

function goalOf(atLeast, atMost) {
  if (atLeast !== undefined) return `  goal ≥ ${atLeast}×`;
  return atMost === undefined ? '' : `  goal ≤ ${atMost}×`;
}

const result = report(await measure());
if (options.json) console.log(JSON.stringify(result, null, 2));
else {
  console.log(
    `${result.machine}, Node ${result.node}, medians of ${ROUNDS.single} (threads: ${ROUNDS.threads}) interleaved rounds (quartiles)\n`,
  );
  for (const { id, what, median, low, high, atLeast, atMost } of result.claims)
    console.log(
      `${id.padEnd(4)}${what.padEnd(64)}${median.toFixed(2)}×  (${low.toFixed(2)}–${high.toFixed(2)})${goalOf(atLeast, atMost)}`,
    );
  if (result.microseconds.length > 0) console.log('\nµs per call');
  for (const { id, what, median, low, high, atMost, skipped } of result.microseconds)
    console.log(
      `${id.padEnd(5)}${what.padEnd(63)}${skipped === undefined ? `${median.toFixed(2)}  (${low.toFixed(2)}–${high.toFixed(2)})` : `skipped: ${skipped}`}  goal ≤ ${atMost}`,
    );
  console.log('\nns per call');
  for (const [name, { median, low, high }] of Object.entries(result.nanoseconds))
    console.log(`${name.padEnd(20)}${median.toFixed(1)}  (${low.toFixed(1)}–${high.toFixed(1)})`);
}
