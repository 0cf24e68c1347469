// Runs all tests on the other versions of Node that package.json promises: the oldest of each supported line, where
// require() of ESM, `crypto.hash` and WebAssembly threads are youngest, and the newest. Node comes from the npm package
// `node`. Usage: node scripts/run-node-versions.mjs [--brief] [VERSION…]
// With --brief, only the newest runs all of them: beside the Node that CI itself runs on, it is the one that most is
// different in. The others run the tests of what Node itself does, and of the line that CI runs on, what changed within it.
import { parseArgs } from 'node:util';
import { Steps, runOrThrow } from './steps.mjs';
import { runTestFiles, testFiles } from './test-runs.mjs';

const VERSIONS = ['20.19.0', '22.12.0', '24', '26'];

/** Of versions that need not run all tests: memory and threads, HTTP, streams, modules, and what Node has not got. */
const BRIEF_VERSIONS = new Set(['20.19.0', '22.12.0', '24']);
const BRIEF_TESTS = [
  'test/environment.test.ts',
  'test/cli/',
  'test/collector/',
  'test/exposition/',
  'test/memory/',
  'test/package/',
  'test/register/',
  'test/stress/',
];
/** Of another version of the line that runs this script, and so all tests before: modules, types, and what Node has not got. */
const SAME_LINE_TESTS = ['test/environment.test.ts', 'test/memory/', 'test/package/', 'test/register/'];

/** Alone they take 5 minutes on 20 and 10 on 26. */
const TESTS_TIMEOUT_MILLIS = 1_200_000;

/** Undefined: all of them. */
function wantedTests(version, isBrief) {
  if (!isBrief || !BRIEF_VERSIONS.has(version)) return undefined;
  const lineOf = text => text.split('.')[0];
  return lineOf(version) === lineOf(process.versions.node) ? SAME_LINE_TESTS : BRIEF_TESTS;
}

async function fetchNode(version) {
  const path = await runOrThrow('npx', ['-y', '-p', `node@${version}`, 'node', '-p', 'process.execPath']);
  return path.trim();
}

async function runTests(steps, node, files) {
  const counts = await runTestFiles(files, {
    node,
    timeoutMillis: TESTS_TIMEOUT_MILLIS,
    printSummary: text => console.log(text.trimEnd()),
  });
  steps.add(counts);
}

const { values, positionals: wanted } = parseArgs({
  options: { brief: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const steps = new Steps();
for (const version of wanted.length > 0 ? wanted : VERSIONS) {
  // Without it there is nothing to run: a failure in CI, a skip on a machine that is offline.
  const node = process.env.CI
    ? await steps.step(`node@${version} installs`, () => fetchNode(version))
    : await fetchNode(version).catch(() => void console.log(`  - skipped: node@${version} is not to be had`));
  const files = testFiles(wantedTests(version, values.brief));
  if (node !== undefined)
    await steps.step(`node@${version}: the tests end`, () => runTests(steps, node, files));
}
steps.finish();
