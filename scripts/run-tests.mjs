// `npm test`: the build, the format, the types, the lint and all tests, each as soon as what it needs is there, because
// one after the other they leave cores idle. One that fails keeps none of the others from running, but for the build.
import { Steps, runOrThrow } from './steps.mjs';
import { runTestFiles, testFiles } from './test-runs.mjs';

/** Several times what it takes: beside other work it is slow. */
const TIMEOUT_MILLIS = 1_400_000;

const steps = new Steps();
const script = (name, ...args) => {
  const words = ['run', '--silent', name, '--', ...args];
  return () => runOrThrow('npm', words, { timeoutMillis: TIMEOUT_MILLIS }).then(() => true);
};

const built = steps.step('the build ends', script('build', '--unchecked'));

async function check() {
  await steps.step('the format is right', script('lint:format'));
  if (!(await built)) return;
  await steps.step('the types are right, and nothing to lint', script('check:code'));
}

const checked = check();
if (await built)
  await steps.step('the tests end', async () => {
    const print = text => process.stdout.write(text);
    steps.add(await runTestFiles(testFiles(), { beside: checked, print, timeoutMillis: TIMEOUT_MILLIS }));
  });
await checked;
steps.finish();
