// Runs all tests on the other versions of Node that package.json promises: the oldest of each supported line, where
// require() of ESM, `crypto.hash` and WebAssembly threads are youngest, and the newest. Node comes from the npm package
// `node`. Usage: node scripts/run-node-versions.mjs [VERSION…]
import { join } from 'node:path';
import { ROOT, Steps, run, runOrThrow } from './steps.mjs';

const VERSIONS = ['20.19.0', '22.12.0', '24', '26'];

const TESTS_TIMEOUT_MILLIS = 900_000;

const MOCHA = join(ROOT, 'node_modules/mocha/bin/mocha.js');

async function fetchNode(version) {
  const path = await runOrThrow('npx', ['-y', '-p', `node@${version}`, 'node', '-p', 'process.execPath']);
  return path.trim();
}

function countOf(output, word) {
  return Number(output.match(new RegExp(`^ +(\\d+) ${word}`, 'm'))?.[1] ?? 0);
}

async function runTests(steps, node) {
  const { code, stdout, stderr } = await run(node, [MOCHA, '--no-color'], {
    timeoutMillis: TESTS_TIMEOUT_MILLIS,
  });
  const counts = { passed: countOf(stdout, 'passing'), failed: countOf(stdout, 'failing') };
  steps.add(counts);
  const summary = stdout.slice(stdout.search(/^ +\d+ passing/m));
  console.log(summary.trimEnd());
  if (counts.passed === 0 || (code !== 0 && counts.failed === 0))
    throw new Error(`exited with ${code}\n${stderr}`);
}

const wanted = process.argv.slice(2);
const steps = new Steps();
for (const version of wanted.length > 0 ? wanted : VERSIONS) {
  // Without it there is nothing to run: a failure in CI, a skip on a machine that is offline.
  const node = process.env.CI
    ? await steps.step(`node@${version} installs`, () => fetchNode(version))
    : await fetchNode(version).catch(() => void console.log(`  - skipped: node@${version} is not to be had`));
  if (node !== undefined) await steps.step(`node@${version}: the tests end`, () => runTests(steps, node));
}
steps.finish();
