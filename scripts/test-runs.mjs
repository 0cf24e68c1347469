// How all of test/ runs: most files beside each other, and then those that need the machine for themselves, one after the
// other. What `npm test` and the other versions of Node share.
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ROOT, run } from './steps.mjs';

const MOCHA = join(ROOT, 'node_modules/mocha/bin/mocha.js');

/** Tests with more busy threads than there are cores: beside others, they would find less and be late. */
const ALONE = ['test/stress/'];

/** The test files whose paths begin with one of the given ones, or all of them. */
export function testFiles(wanted = ['test/']) {
  return readdirSync(join(ROOT, 'test'), { recursive: true })
    .map(path => `test/${path.replaceAll('\\', '/')}`)
    .filter(path => path.endsWith('.test.ts') && wanted.some(start => path.startsWith(start)))
    .sort();
}

/**
 * Runs test files with a version of Node and resolves with what mocha counted. `print` gets the output as it comes,
 * `printSummary` that from mocha's counts on. `beside` is what else runs meanwhile: the tests that run alone wait for it.
 * Rejects when a process ends without having counted.
 */
export async function runTestFiles(
  files,
  { node = process.execPath, beside, print, printSummary, ...options },
) {
  const isAlone = path => ALONE.some(start => path.startsWith(start));
  const counts = { passed: 0, failed: 0 };
  const runPart = async (flags, part) => {
    if (part.length === 0) return;
    const { code, stdout, stderr } = await run(node, [MOCHA, '--no-color', ...flags, ...part], {
      ...options,
      print,
    });
    printSummary?.(stdout.slice(stdout.search(/^ +\d+ passing/m)));
    const passed = countOf(stdout, 'passing');
    const failed = countOf(stdout, 'failing');
    if (passed === 0 || (code !== 0 && failed === 0)) throw new Error(`mocha exited with ${code}\n${stderr}`);
    counts.passed += passed;
    counts.failed += failed;
  };
  // One more than there are cores: some files mostly wait, for clients that are slow on purpose.
  const jobs = String(availableParallelism() + 1);
  await runPart(
    ['--parallel', '--jobs', jobs],
    files.filter(path => !isAlone(path)),
  );
  await beside;
  await runPart([], files.filter(isAlone));
  return counts;
}

/** The number on mocha's line `  N passing`, `  N failing`. */
function countOf(output, word) {
  return Number(output.match(new RegExp(`^ +(\\d+) ${word}`, 'm'))?.[1] ?? 0);
}
