// Runs matrix/check-host.mjs in every supported host: SDK 2.0.0, the newest 2.x and the newest 3.x, each with the API
// that it demands. The library comes from the packed tarball. Usage: node scripts/run-matrix.mjs [SDK-FOLDER…]
//
// The matrix is a set of npm workspaces of its own instead of workspaces of the root: SDK 3 refuses Node 20, so
// everybody's first `npm ci` there would print warnings, or fail under `engine-strict`, for packages that only CI needs.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import satisfies from 'semver/functions/satisfies.js';
import { ROOT, Steps, closingCounts, packInto, run, runOrThrow } from './steps.mjs';

const MATRIX = join(ROOT, 'matrix');

/** What runs a host that refuses the Node at hand: Node itself, from the npm package `node`. */
const OTHER_NODE = 'node@24';

/** The library as a user has it: real files beside the host's packages, so that it finds the host's and no other. */
function installLibrary(unpacked, host) {
  const target = join(MATRIX, host, 'node_modules/otel-argo-metrics');
  rmSync(target, { recursive: true, force: true });
  cpSync(unpacked, target, { recursive: true });
}

function nodeRangeOf(host) {
  const manifest = join(MATRIX, host, 'node_modules/@opentelemetry/sdk-metrics/package.json');
  return JSON.parse(readFileSync(manifest, 'utf8')).engines.node;
}

/** The path of a Node that the host supports. `undefined` when it is not to be had: a failure in CI, a skip elsewhere. */
async function nodeFor(steps, host) {
  const range = nodeRangeOf(host);
  if (satisfies(process.version, range)) return process.execPath;
  const fetchNode = () => runOrThrow('npx', ['-y', '-p', OTHER_NODE, 'node', '-p', 'process.execPath']);
  if (process.env.CI) return (await steps.step(`${host}: ${OTHER_NODE} installs`, fetchNode))?.trim();
  return fetchNode().then(
    printed => printed.trim(),
    () => void console.log(`  - ${host}: skipped, it wants Node ${range} and ${OTHER_NODE} is not to be had`),
  );
}

/** Only what says `@ts-check` is checked: the program of the host, not the shared one. */
async function checkTypes(host) {
  const options = '--noEmit --allowJs --strict --module nodenext --target es2022 --types node'.split(' ');
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  await runOrThrow(process.execPath, [tsc, '--ignoreConfig', ...options, 'main.mjs'], {
    cwd: join(MATRIX, host),
  });
}

async function checkRun(steps, host, node) {
  const { code, stdout, stderr } = await run(node, ['main.mjs'], { cwd: join(MATRIX, host) });
  process.stdout.write(stdout.replace(/^\d+ passed, \d+ failed\n/gm, ''));
  const counts = closingCounts(stdout);
  if (counts === undefined || (code !== 0) !== counts.failed > 0)
    throw new Error(`exited with ${code}\n${stderr}`);
  steps.add(counts);
}

const { workspaces } = JSON.parse(readFileSync(join(MATRIX, 'package.json'), 'utf8'));
const hosts = process.argv.length > 2 ? process.argv.slice(2) : workspaces;
const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'otel-argo-metrics-')));
const steps = new Steps();
try {
  const tarball = await steps.step('npm packs', () => packInto(temporary));
  const installed = await steps.step('npm installs the hosts', () =>
    runOrThrow('npm', ['ci'], { cwd: MATRIX }),
  );
  if (tarball !== undefined && installed !== undefined) {
    mkdirSync(join(temporary, 'package'), { recursive: true });
    await runOrThrow('tar', ['-xzf', tarball, '-C', temporary]);
    for (const host of hosts) {
      installLibrary(join(temporary, 'package'), host);
      const node = await nodeFor(steps, host);
      await steps.step(`${host}: its types accept ours`, () => checkTypes(host));
      if (node !== undefined)
        await steps.step(`${host}: the program ends`, () => checkRun(steps, host, node));
    }
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
steps.finish();
