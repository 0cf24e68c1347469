// `npm test`: the build, the types and all tests, each as soon as what it needs is there, because one after the other they
// leave cores idle. One that fails keeps none of the others from running, but for the build. Format and lint, which take as
// long as a third of this, are `npm run lint`.
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

if (await built) {
  const checked = steps.step('the types are right', script('check'));
  await steps.step('the tests end', async () => {
    const print = text => process.stdout.write(text);
    steps.add(await runTestFiles(testFiles(), { beside: checked, print, timeoutMillis: TIMEOUT_MILLIS }));
  });
  await checked;
}
steps.finish();
