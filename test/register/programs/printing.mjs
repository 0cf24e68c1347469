// Prints as JSON what the line of code that it is given answers.
import { execFileSync, fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { metrics } from '@opentelemetry/api';
import { inheritedStore } from '../../../dist/esm/store-entry.js';

/** What a process that has nothing preloaded sees of the environment. */
const PRINTS = 'process.stdout.write(JSON.stringify(process.env))';
const childOf = options =>
  JSON.parse(execFileSync(process.execPath, ['-e', PRINTS], { encoding: 'utf8', ...options }));

const answers = {
  provider: () => metrics.getMeterProvider().constructor.name,
  environments: async () => {
    const env = { ...process.env };
    const forked = fork(new URL('./environment.mjs', import.meta.url), { execArgv: [] });
    const [ofFork] = await new Promise(done => forked.once('message', (...values) => done(values)));
    const worker = new Worker('require("worker_threads").parentPort.postMessage({ ...process.env })', {
      eval: true,
      execArgv: [],
    });
    const ofWorker = await new Promise(done => worker.once('message', done));
    process.env.ADDED = 7;
    delete process.env.REMOVED;
    const all = {
      here: env,
      inherited: childOf({}),
      copied: childOf({ env: { ...process.env } }),
      ofFork,
      ofWorker,
    };
    return Object.fromEntries(
      Object.entries(all).map(([name, values]) => [
        name,
        Object.fromEntries(
          ['OTEL_METRICS_EXPORTER', 'ADDED', 'REMOVED'].map(key => [key, values[key] ?? null]),
        ),
      ]),
    );
  },
  bareWorker: () =>
    new Promise(done =>
      new Worker(new URL('./bare-worker.mjs', import.meta.url), { execArgv: [] }).once('message', done),
    ),
  listens: async () => {
    if (process.argv[3] === 'wanted') metrics.getMeter('app');
    const url = `http://127.0.0.1:${process.env.OTEL_EXPORTER_PROMETHEUS_PORT}/metrics`;
    let answer = 'nothing';
    // Longer than a thread takes to begin.
    for (let tries = 0; tries < 100 && answer === 'nothing'; tries++) {
      answer = await fetch(url).then(
        ({ status }) => status,
        () => 'nothing',
      );
      await new Promise(done => setTimeout(done, 10));
    }
    return answer;
  },
  sharesMain: () => {
    metrics.getMeter('app').createCounter('jobs').add(7);
    return inheritedStore()
      .cardinality()
      .metrics.map(({ name, series }) => [name, series])
      .filter(([name]) => name === 'jobs');
  },
};
process.stdout.write(`${JSON.stringify(await answers[process.argv[2]]())}\n`, () => process.exit());
