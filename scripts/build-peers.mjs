// Gets the programs that check-exports.mjs and run-prometheus.mjs talk to. A small OpenTelemetry Collector and a Prometheus
// 3 are built: that needs Go, and goes without optimisation, which halves the time. An older Prometheus and promtool come
// from the distribution's package where there is apt-get; nothing is installed. Prints `OTELCOL=…`, `PROMETHEUS=…` and
// `PROMTOOL=…` for who runs the scripts; says on stderr why one is missing. Usage: node scripts/build-peers.mjs FOLDER
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { ROOT, run } from './steps.mjs';

const BUILD_TIMEOUT_MILLIS = 600_000;
const PACKAGE_TIMEOUT_MILLIS = 60_000;
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

/** Why a command failed; undefined when it did not. */
function failureOf(command, args, options) {
  return run(command, args, options).then(
    ({ code, stderr }) => (code === 0 ? undefined : stderr.slice(-2000)),
    error => error.message,
  );
}

/** The path, if it is there or can be built. */
async function build(name, args, cwd) {
  const path = join(folder, name);
  if (existsSync(path)) return [path];
  const options = { cwd, timeoutMillis: BUILD_TIMEOUT_MILLIS, env: { GOBIN: folder } };
  const failure = await failureOf('go', args, options);
  if (failure === undefined) return [path];
  console.error(`no ${name}: ${failure}`);
  return [];
}

/** The folder with the programs of the distribution's package, if it can be had. */
async function unpack(name) {
  const target = join(folder, 'package');
  const programs = join(target, 'usr/bin');
  if (existsSync(programs)) return programs;
  const options = { cwd: folder, timeoutMillis: PACKAGE_TIMEOUT_MILLIS };
  const download = () => failureOf('apt-get', ['download', name], options);
  let failure = await download();
  // The lists may be missing, as in a fresh container, where one is root.
  if (failure !== undefined && process.getuid?.() === 0)
    failure = (await failureOf('apt-get', ['update'], options)) ?? (await download());
  const archive = readdirSync(folder).find(file => file.startsWith(`${name}_`) && file.endsWith('.deb'));
  if (archive !== undefined) failure = await failureOf('dpkg-deb', ['-x', archive, target], options);
  if (failure === undefined) return programs;
  console.error(`no package ${name}: ${failure}`);
  return undefined;
}

const collector = join(ROOT, 'scripts/peers');
const found = {
  OTELCOL: await build(
    'otelcol',
    ['build', '-mod=mod', ...FLAGS, '-o', join(folder, 'otelcol'), '.'],
    collector,
  ),
  PROMETHEUS: await build('prometheus', ['install', ...FLAGS, ...PROMETHEUS], ROOT),
  PROMTOOL: [],
};
const programs = await unpack('prometheus');
if (programs !== undefined) {
  found.PROMETHEUS.push(join(programs, 'prometheus'));
  found.PROMTOOL.push(join(programs, 'promtool'));
}
for (const [variable, paths] of Object.entries(found))
  if (paths.length > 0) console.log(`${variable}=${paths.join(delimiter)}`);
