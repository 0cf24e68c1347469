// Packs the package as npm would publish it and uses it as a stranger would: installed with its real peers into an ESM
// and into a CommonJS project, outside of this checkout, type-checked by two compilers, then run. There it also runs what the
// README shows, as printed.
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkProgram, programsOf, writeFiles } from './documents.mjs';
import { ROOT, Steps, packInto, runOrThrow } from './steps.mjs';

const { version, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** The peers as our own tests use them, and the oldest compiler line whose users we test with. */
const STRANGERS_PACKAGES = [
  ...['@opentelemetry/api', '@opentelemetry/resources', '@opentelemetry/sdk-metrics', '@types/node'].map(
    name => `${name}@${devDependencies[name]}`,
  ),
  'typescript@5.9.3',
];

/** The same program for both kinds of module: TypeScript turns its imports into `require` calls in a .cts file. */
const PROGRAM = `
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { DataPoint, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { DoubleBufferedMetricReader, cardinalityLimitedView, createStore, isMetricStoreError } from 'otel-argo-metrics';
import type { BufferedCounter, MetricStore, StoreOptions } from 'otel-argo-metrics';

async function main(): Promise<void> {
  const options: StoreOptions = { views: [cardinalityLimitedView({ instrumentName: 'jobs', limit: 2 })] };
  const store: MetricStore = createStore(options);
  const reader = new DoubleBufferedMetricReader({ store });
  const provider = new MeterProvider({ readers: [reader] });
  const jobs: BufferedCounter = store.getMeter('stranger').createCounter('jobs');
  for (const phase of ['Failed', 'Succeeded', 'Succeeded', 'Pending']) jobs.add(1, { phase });
  jobs.bind({ phase: 'Failed' }).add(2);

  const { resourceMetrics, errors }: { resourceMetrics: ResourceMetrics; errors: unknown[] } = await reader.collect();
  const points = resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints as DataPoint<number>[];
  const lines = points.map(({ attributes, value }) => JSON.stringify(attributes) + ' ' + value);
  console.log([...lines.sort(), errors.length].join('\\n'));

  try {
    createStore({ maxBytes: -1 });
  } catch (error) {
    if (isMetricStoreError(error)) console.log(error.code);
  }
  await provider.shutdown();
}
main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
`;

const EXPECTED = [
  '{"otel.metric.overflow":true} 1',
  '{"phase":"Failed"} 3',
  '{"phase":"Succeeded"} 2',
  '0',
  'INVALID_OPTION',
].join('\n');

/** A CommonJS application whose dependencies use both forms must still see one store, also where it gets two instances. */
const BOTH_FORMS = `
const required = require('otel-argo-metrics');
import('otel-argo-metrics').then(async imported => {
  const store = required.createStore();
  imported.attachStore(store.handle).getMeter('m').createCounter('c').add(2);
  store.getMeter('m').createCounter('c').add(1);
  const { resourceMetrics } = await new imported.DoubleBufferedMetricReader({ store }).collect();
  const { value } = resourceMetrics.scopeMetrics[0].metrics[0].dataPoints[0];
  if (value !== 3) throw new Error('recorded 3, collected ' + value);
  console.log(required.createStore === imported.createStore ? 'one instance' : 'two instances, one store');
});
`;

function expectOutput(actual, expected) {
  if (actual.trim() !== expected) throw new Error(`expected\n${expected}\nprinted\n${actual.trim()}`);
}

function createProject(folder, type, extension) {
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: `stranger-${type}`, private: true, type }),
  );
  writeFileSync(join(folder, `main.${extension}`), PROGRAM);
  const compilerOptions = {
    ...{ module: 'nodenext', target: 'es2022', lib: ['es2023'], types: ['node'], strict: true },
    ...{ exactOptionalPropertyTypes: true, skipLibCheck: false, noEmitOnError: true },
  };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: [`main.${extension}`] }),
  );
}

async function checkProject(steps, tarball, { type, extension }) {
  const folder = join(temporary, type);
  const here = { cwd: folder };
  createProject(folder, type, extension);
  const installed = await steps.step(`${type}: npm installs the tarball and its peers`, () =>
    runOrThrow(
      'npm',
      ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball, ...STRANGERS_PACKAGES],
      here,
    ),
  );
  if (installed === undefined) return;
  const ours = join(ROOT, 'node_modules/typescript/bin/tsc');
  await steps.step(`${type}: TypeScript ${devDependencies.typescript} accepts the types`, () =>
    runOrThrow(process.execPath, [ours, '-p', '.', '--noEmit'], here),
  );
  await steps.step(`${type}: TypeScript 5.9.3 accepts the types and compiles`, () =>
    runOrThrow(process.execPath, [join(folder, 'node_modules/typescript/bin/tsc'), '-p', '.'], here),
  );
  await steps.step(`${type}: it accepts the types as the older module: node16, too`, () =>
    runOrThrow(
      process.execPath,
      [join(folder, 'node_modules/typescript/bin/tsc'), '-p', '.', '--noEmit', '--module', 'node16'],
      here,
    ),
  );
  await steps.step(`${type}: the program records and collects`, async () =>
    expectOutput(await runOrThrow(process.execPath, [`main.${extension.replace('t', 'j')}`], here), EXPECTED),
  );
  await steps.step(`${type}: require() and import give one instance`, async () => {
    writeFileSync(join(folder, 'both.cjs'), BOTH_FORMS);
    expectOutput(await runOrThrow(process.execPath, ['both.cjs'], here), 'one instance');
  });
  await steps.step(`${type}: where Node cannot require ESM, the two forms share a thread`, async () =>
    expectOutput(
      await runOrThrow(process.execPath, ['--no-experimental-require-module', 'both.cjs'], here),
      'two instances, one store',
    ),
  );
  await steps.step(`${type}: the command line is installed`, async () => {
    const command = join(folder, 'node_modules/.bin/otel-argo-metrics');
    const printed = await runOrThrow(command, ['--version'], here);
    if (!printed.includes(version)) throw new Error(`expected ${version}, printed ${printed}`);
  });
}

/** What a reader does who has nothing but the README. The watcher needs a cluster; a test gives it one. */
async function checkReadme(steps, folder) {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const programs = programsOf(readme).filter(({ name, kind }) => kind !== 'worker' && name !== 'watch.mjs');
  await steps.step('README: its files are put into an empty folder', () => writeFiles(readme, folder));
  for (const program of programs)
    await steps.step(`README: ${program.name} as printed`, () => checkProgram(folder, program));
}

// The real path: on some systems the temporary folder is a link, and the compilers print what it leads to.
const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'otel-argo-metrics-')));
const steps = new Steps();
try {
  const tarball = await steps.step('npm packs', () => packInto(temporary));
  if (tarball !== undefined) {
    console.log(`    ${readdirSync(temporary).join(' ')}`);
    await checkProject(steps, tarball, { type: 'module', extension: 'mts' });
    await checkProject(steps, tarball, { type: 'commonjs', extension: 'cts' });
    await checkReadme(steps, join(temporary, 'commonjs'));
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
steps.finish();
