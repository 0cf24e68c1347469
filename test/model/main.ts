// Explores all scenarios with the shipped steps, which must hold, and all variants that are broken on purpose, which must
// be caught. In two processes. See docs/proof.md.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runJob, type Job, type JobResult } from './job.js';
import { SCENARIOS } from './scenarios.js';
import { compileKernels } from './shipped-sources.js';
import { VARIANTS } from './variants.js';

const PROCESSES = 2;
/** The last steps of a trace that are shown; all of it with `--trace`. */
const TRACE_LINES = 40;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function listJobs(only: readonly string[]): Promise<Job[]> {
  const scenarios = Object.keys(SCENARIOS).map((name): Job => ({ kind: 'scenario', name }));
  const variants = VARIANTS.filter(({ name }) => only.length === 0 || only.includes(name));
  const altered = variants.map(({ edits }) =>
    edits.filter(({ file }) => file.startsWith('lib/memory/kernel/')),
  );
  const kernels = await compileKernels(altered.filter(edits => edits.length > 0));
  const jobs = variants.map(({ name }, index): Job => {
    const kernel = altered[index]!.length > 0 ? kernels.shift() : undefined;
    return { kind: 'variant', name, ...(kernel === undefined ? {} : { kernel }) };
  });
  return [...scenarios.filter(({ name }) => only.length === 0 || only.includes(name)), ...jobs];
}

/** One line, and whether it is as it should be. */
function report({ job, states, transitions, seconds, violation, trace }: JobResult): boolean {
  const isGood = (violation === undefined) === (job.kind === 'scenario');
  const verdict = job.kind === 'scenario' ? (isGood ? 'holds ' : 'FAILS ') : isGood ? 'caught' : 'MISSED';
  const name = job.kind === 'scenario' ? SCENARIOS[job.name]!.name : job.name;
  say(`${verdict}  ${name}`);
  say(
    `        ${states} states, ${transitions} steps, ${seconds.toFixed(1)} s${violation === undefined ? '' : `: ${violation}`}`,
  );
  if (job.kind === 'scenario' && violation !== undefined)
    for (const line of process.argv.includes('--trace') ? trace : trace.slice(-TRACE_LINES))
      say(`          ${line}`);
  return isGood;
}

async function main(): Promise<void> {
  const jobs = await listJobs(process.argv.slice(2).filter(argument => !argument.startsWith('--')));
  const variants = jobs.filter(({ kind }) => kind === 'variant').length;
  const counts = { holds: 0, caught: 0, failed: 0 };
  await Promise.all(
    Array.from({ length: PROCESSES }, async () => {
      const child = fork(fileURLToPath(import.meta.url), { env: { ...process.env, MODEL_CHILD: '1' } });
      for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
        const answer = new Promise<JobResult>((resolve, reject) => {
          child.once('message', message => resolve(message as JobResult));
          child.once('exit', code => reject(new Error(`an exploring process ended with ${code}`)));
        });
        child.send(job);
        const isGood = report(await answer);
        counts[isGood ? (job.kind === 'scenario' ? 'holds' : 'caught') : 'failed']++;
        child.removeAllListeners('exit');
      }
      child.disconnect();
    }),
  );
  say(`${counts.holds} scenarios hold, ${counts.caught} of ${variants} variants are caught`);
  say(`${counts.holds + counts.caught} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

if (process.env['MODEL_CHILD'] === undefined) await main();
else {
  process.on('disconnect', () => process.exit());
  process.on('message', message => {
    void runJob(message as Job).then(result => process.send!(result));
  });
}
