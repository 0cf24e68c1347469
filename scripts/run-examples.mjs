// Runs every program of examples/ alone, from a fresh process, and compares what it prints on stdout with the text
// committed beside it; expected-output.mjs says what may stand in that for what differs each time.
// Usage: node scripts/run-examples.mjs [NAME…]. UPDATE_GOLDEN=1 writes the text of programs that have none.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareOutput } from './expected-output.mjs';
import { runOptionsOf } from './program-flags.mjs';
import { ROOT, Steps, run } from './steps.mjs';

const EXAMPLE_TIMEOUT_MILLIS = 60_000;

/** A program is `examples/NAME.mjs`, `examples/NAME.cjs`, or `main.mjs` or `main.cjs` in a folder of examples/. */
function listExamples() {
  return readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
    .flatMap(entry => {
      const path = `examples/${entry.name}`;
      if (entry.isFile()) return /\.[mc]js$/.test(entry.name) ? [path] : [];
      const main = ['main.mjs', 'main.cjs'].find(name => existsSync(join(ROOT, path, name)));
      if (main === undefined) throw new Error(`${path} has neither main.mjs nor main.cjs`);
      return [`${path}/${main}`];
    })
    .sort();
}

/** `examples/push.mjs` prints `examples/push.expected.txt`; `examples/push/main.mjs` prints `examples/push/expected.txt`. */
function expectationOf(program) {
  return program.replace(/\/main\.[mc]js$/, '/expected.txt').replace(/\.[mc]js$/, '.expected.txt');
}

async function runExample(program) {
  const { flags, env } = await runOptionsOf(join(ROOT, program));
  const { code, stdout, stderr } = await run(process.execPath, [...flags, program], {
    env,
    timeoutMillis: EXAMPLE_TIMEOUT_MILLIS,
  });
  if (code !== 0) throw new Error(`exited with ${code}\n${stdout}\n${stderr}`);
  if (stdout.trim() === '') throw new Error('printed nothing on stdout: there is nothing to check');
  const expectation = join(ROOT, expectationOf(program));
  if (!existsSync(expectation)) {
    if (process.env.UPDATE_GOLDEN !== '1')
      throw new Error(`${expectationOf(program)} is missing; it printed\n${stdout}`);
    writeFileSync(expectation, stdout);
  }
  compareOutput(stdout, readFileSync(expectation, 'utf8'));
}

const wanted = process.argv.slice(2);
const programs = listExamples().filter(
  path => wanted.length === 0 || wanted.some(name => path.includes(name)),
);
const steps = new Steps();
for (const program of programs) await steps.step(program, () => runExample(program));
steps.finish();
