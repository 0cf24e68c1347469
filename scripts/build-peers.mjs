// Builds the programs that check-exports.mjs and run-prometheus.mjs talk to: a small OpenTelemetry Collector and a Prometheus
// 3. Needs Go. Without optimisation, which halves the time. Prints `OTELCOL=…` and `PROMETHEUS=…` for who runs the scripts;
// says on stderr why one is missing. Usage: node scripts/build-peers.mjs FOLDER
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ROOT, run } from './steps.mjs';

const BUILD_TIMEOUT_MILLIS = 600_000;
const FLAGS = ['-trimpath', '-ldflags', '-s -w', '-gcflags', 'all=-N -l'];
/** Without service discovery, whose modules are many. */
const PROMETHEUS = [
  '-tags',
  'remove_all_sd,netgo',
  'github.com/prometheus/prometheus/cmd/prometheus@v0.316.0',
];

const folder = process.argv[2] === undefined ? undefined : resolve(process.argv[2]);
if (folder === undefined) throw new Error('usage: node scripts/build-peers.mjs FOLDER');
mkdirSync(folder, { recursive: true });

async function build(variable, name, args, cwd) {
  const path = join(folder, name);
  if (!existsSync(path)) {
    const options = { cwd, timeoutMillis: BUILD_TIMEOUT_MILLIS, env: { GOBIN: folder } };
    const failure = await run('go', args, options).then(
      ({ code, stderr }) => (code === 0 ? undefined : stderr.slice(-2000)),
      error => error.message,
    );
    if (failure !== undefined) return void console.error(`no ${name}: ${failure}`);
  }
  console.log(`${variable}=${path}`);
}

const collector = join(ROOT, 'scripts/peers');
await build(
  'OTELCOL',
  'otelcol',
  ['build', '-mod=mod', ...FLAGS, '-o', join(folder, 'otelcol'), '.'],
  collector,
);
await build('PROMETHEUS', 'prometheus', ['install', ...FLAGS, ...PROMETHEUS], ROOT);
