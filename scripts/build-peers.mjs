// Gets the programs that check-exports.mjs, run-prometheus.mjs and run-kubernetes.mjs talk to. A small OpenTelemetry
// Collector, a Prometheus 3 and the API server of Kubernetes for custom resources are built: that needs Go, and goes without
// optimisation, which halves the time. An older Prometheus, promtool and etcd come from the distribution's packages where
// there is apt-get; nothing is installed. Prints `OTELCOL=…`, `PROMETHEUS=…`, `PROMTOOL=…`, `APISERVER=…` and `ETCD=…` for who
// runs the scripts, each as soon as it is there; says on stderr why one is missing. Usage: node scripts/build-peers.mjs FOLDER
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
  const target = join(folder, `package-${name}`);
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

/** The program of such a package. */
async function unpacked(name, program) {
  const programs = await unpack(name);
  return programs === undefined ? [] : [join(programs, program)];
}

function say(variable, paths) {
  if (paths.length > 0) console.log(`${variable}=${paths.join(delimiter)}`);
}

/** @param mode `readonly`: all of its sums are in go.sum, and nothing else is taken */
function buildModule(name, cwd, mode, program) {
  return build(name, ['build', `-mod=${mode}`, ...FLAGS, '-o', join(folder, name), program], cwd);
}

const modules = join(ROOT, 'scripts/peers');
say('ETCD', await unpacked('etcd-server', 'etcd'));
say('PROMTOOL', await unpacked('prometheus', 'promtool'));
say('OTELCOL', await buildModule('otelcol', modules, 'mod', '.'));
say('PROMETHEUS', [
  ...(await build('prometheus', ['install', ...FLAGS, ...PROMETHEUS], ROOT)),
  ...(await unpacked('prometheus', 'prometheus')),
]);
const apiServer = ['apiextensions-apiserver', join(modules, 'crd'), 'readonly'];
say('APISERVER', await buildModule(...apiServer, 'k8s.io/apiextensions-apiserver'));
