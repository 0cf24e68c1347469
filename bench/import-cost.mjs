// npm run bench:import [-- --rounds 15 MODULE…]: what it costs to import an entry, beside prom-client and the SDK. Each figure is of
// a fresh process, and each round measures everything once, so that the ratios hold on a busy machine.
import { execFile } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { interleave, ratio, summarize } from './rounds.mjs';

const { values: options, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '15' } },
  allowPositionals: true,
});
const ROUNDS = Number(options.rounds);

const MODULES = [
  'otel-argo-metrics/store',
  'otel-argo-metrics/argo',
  'otel-argo-metrics',
  '@opentelemetry/sdk-metrics',
  'prom-client',
  ...positionals,
];
/** What is measured, and how many times prom-client's figure `./store` may have. */
const MEASURES = [
  ['cpu', 'ms of CPU for the import', 1.1],
  ['memory', 'MiB for one more worker thread that has imported it', 1.15],
];

const IMPORTER = fileURLToPath(new URL('importer.mjs', import.meta.url));
const execute = promisify(execFile);

const figureOf = async (what, name) =>
  Number((await execute(process.execPath, [IMPORTER, what, name])).stdout);

const contestants = Object.fromEntries(
  MEASURES.flatMap(([what]) => MODULES.map(name => [`${what} ${name}`, () => figureOf(what, name)])),
);
const figures = await interleave(contestants, ROUNDS);
const show = ({ median, low, high }) => `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;

const machine = `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, Node ${process.version}`;
console.log(`${machine}, medians of ${ROUNDS} interleaved rounds (quartiles)`);
for (const [what, title, most] of MEASURES) {
  console.log(`\n${title.padEnd(54)}times prom-client`);
  for (const name of MODULES) {
    const own = figures[`${what} ${name}`];
    const times = show(ratio(own, figures[`${what} prom-client`]));
    const goal = name === MODULES[0] ? `  goal ≤ ${most}` : '';
    console.log(`  ${name.padEnd(28)}${show(summarize(own)).padEnd(24)}${times}${goal}`);
  }
}
