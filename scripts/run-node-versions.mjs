// Runs all tests on the other versions of Node that package.json promises: the oldest of each supported line, where
// require() of ESM, `crypto.hash` and WebAssembly threads are youngest, and the newest. Node comes from the npm package
// `node`. Usage: node scripts/run-node-versions.mjs [--brief] [VERSION…]
// With --brief, only the newest runs all of them, with fewer threads that end: beside the Node that CI itself runs on, it
// is the one that most is different in. The others run the tests of what Node itself does. All tests of four versions
// take half an hour alone.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT, Steps, run, runOrThrow } from './steps.mjs';

const VERSIONS = ['20.19.0', '22.12.0', '24', '26'];

/** Of versions that need not run all tests: memory and threads, HTTP, streams, modules, and what Node has not got. */
const BRIEF_VERSIONS = new Set(['20.19.0', '22.12.0', '24']);
const BRIEF_TESTS = [
  'test/environment.test.ts',
  'test/cli/*.test.ts',
  'test/exposition/*.test.ts',
  'test/memory/*.test.ts',
  'test/package/*.test.ts',
  'test/stress/*.test.ts',
];

/** Starting a thread and ending it takes most of the time of these; on one version or another, they find the same. */
const BRIEF_ENV = { STRESS_TERMINATIONS: '40', STRESS_THREADS: '25' };

/** Alone they take 5 minutes on 20 and 10 on 26. */
const TESTS_TIMEOUT_MILLIS = 1_200_000;

const MOCHA = join(ROOT, 'node_modules/mocha/bin/mocha.js');

async function fetchNode(version) {
  const path = await runOrThrow('npx', ['-y', '-p', `node@${version}`, 'node', '-p', 'process.execPath']);
  return path.trim();
}

function countOf(output, word) {
  return Number(output.match(new RegExp(`^ +(\\d+) ${word}`, 'm'))?.[1] ?? 0);
}

async function runTests(steps, node, { files, env }) {
  const { code, stdout, stderr } = await run(node, [MOCHA, '--no-color', ...files], {
    env,
    timeoutMillis: TESTS_TIMEOUT_MILLIS,
  });
  const counts = { passed: countOf(stdout, 'passing'), failed: countOf(stdout, 'failing') };
  steps.add(counts);
  const summary = stdout.slice(stdout.search(/^ +\d+ passing/m));
  console.log(summary.trimEnd());
  if (counts.passed === 0 || (code !== 0 && counts.failed === 0))
    throw new Error(`exited with ${code}\n${stderr}`);
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
  const files = values.brief && BRIEF_VERSIONS.has(version) ? BRIEF_TESTS : [];
  const env = values.brief ? BRIEF_ENV : {};
  if (node !== undefined)
    await steps.step(`node@${version}: the tests end`, () => runTests(steps, node, { files, env }));
}
steps.finish();
