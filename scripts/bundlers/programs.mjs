// The programs that run-bundlers.mjs bundles, transforms and runs: an application that uses every entry of the package, with a
// worker thread of its own and a collector thread. As ESM, as CommonJS, as a test of Jest and of Vitest, and in TypeScript.

/** Works in both kinds of module, given the exports of the entries. `WORKER` and `EXPORTER` in the environment are files. */
const USE = `
async function use({ all, library, argo }) {
  const { createStore, collectPrometheusText, startPrometheusEndpoint, startCollectorThread } = library;
  const { DoubleBufferedMetricReader } = library;
  const store = createStore();
  new MeterProvider({ readers: [new DoubleBufferedMetricReader({ store })] });
  store.getMeter('m').createCounter('c').add(1);
  await new Promise((resolve, reject) =>
    new Worker(process.env.WORKER, { workerData: store.handle }).once('exit', resolve).once('error', reject),
  );
  const custom = new argo.CustomMetrics({ store });
  const spec = { name: 'x', help: 'X', counter: { value: '{{=asFloat(n) * 2}}' } };
  custom.compile({ prometheus: [spec] }).emit({ variables: { n: '2' } }, { owner: 'o' });
  let text = '';
  for await (const chunk of collectPrometheusText({ store })) text += chunk;
  const { url, shutdown } = await startPrometheusEndpoint({ store, port: 0, host: '127.0.0.1' });
  const served = await scrape(url);
  await shutdown();
  const exported = new Int32Array(new SharedArrayBuffer(4));
  const options = { store, prometheus: { port: 0 }, exporterModule: process.env.EXPORTER, exporterOptions: { exported } };
  const collector = await startCollectorThread(options).catch(error => error);
  const collected = collector.url === undefined ? String(collector) : await scrape(collector.url);
  await collector.shutdown?.();
  const exporter = { export: (metrics, done) => done({ code: 0 }), forceFlush: async () => {}, shutdown: async () => {} };
  const reader = new DoubleBufferedMetricReader({ store, exporter });
  const { resourceMetrics } = await reader.collect();
  await reader.forceFlush();
  await reader.shutdown();
  await store.shutdown();
  const values = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics).map(({ dataPoints }) => dataPoints[0].value);
  return [
    /c_total\\{.*\\} 2/.test(text),
    text === served,
    text === collected ? exported[0] > 0 : /dist.esm.collector-thread.js as an entry/.test(collected) ? 'no thread' : collected,
    values.sort().join('+'),
    all.renderTemplate('{{=sprig.upper(a)}}', { a: 'ä' }).value,
    all.createStore === createStore && all.CustomMetrics === argo.CustomMetrics ? 'one instance' : 'copies',
  ].join(' ');
}

const scrape = url => new Promise((resolve, reject) => {
  http.get(url, response => {
    let body = '';
    response.on('data', part => (body += part)).on('end', () => resolve(body));
  }).on('error', reject);
});
`;
export const RESULT = 'true true true 2+4 Ä one instance';
/** Without the file of the collector thread: what is missing is said. */
export const MISSING_THREAD = RESULT.replace('true true true', 'true true no thread');

const IMPORTS = `import http from 'node:http';
import { Worker } from 'node:worker_threads';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import * as all from 'otel-argo-metrics';
import * as argo from 'otel-argo-metrics/argo';
import * as library from 'otel-argo-metrics/store';
${USE}`;

const REQUIRES = `const http = require('node:http');
const { Worker } = require('node:worker_threads');
const { MeterProvider } = require('@opentelemetry/sdk-metrics');
const all = require('otel-argo-metrics');
const argo = require('otel-argo-metrics/argo');
const library = require('otel-argo-metrics/store');
${USE}`;

/**
 * The package is loaded before the test begins, whose time is limited: a tool without a cache transforms it first, which
 * takes seconds of CPU.
 */
const TEST = `test('works', async () => expect(await use({ all, library, argo })).toBe('${RESULT}'), 60_000);\n`;

/** The same as the compilers of the users see it, names of each entry as values and as types. */
const TYPED = `import { CustomMetrics as Everywhere, createStore as create } from 'otel-argo-metrics';
import type { BufferedCounter } from 'otel-argo-metrics';
import { CustomMetrics, isMetricStoreError } from 'otel-argo-metrics/argo';
import type { CompiledMetrics, Diagnostic } from 'otel-argo-metrics/argo';
import { attachStore, createStore, DoubleBufferedMetricReader, startCollectorThread } from 'otel-argo-metrics/store';
import type { CollectorThread, CollectorThreadOptions, MetricStore, StoreHandle } from 'otel-argo-metrics/store';

const store: MetricStore = createStore({ cardinalityLimit: 10 });
const handle: StoreHandle = store.handle;
const jobs: BufferedCounter = attachStore(handle).getMeter('m').createCounter('jobs');
jobs.bind({ phase: 'Failed' }).add(1);
const custom: Everywhere = new CustomMetrics({ store: create() });
const compiled: CompiledMetrics = custom.compile({ prometheus: [] });
const found: readonly Diagnostic[] = compiled.diagnostics;
const options: CollectorThreadOptions = { store, exporterModule: 'x', restart: { failuresMax: 3 } };
startCollectorThread(options).catch((error: unknown) => console.log(error)).then((collector: CollectorThread | void) => collector);
console.log(found.length, isMetricStoreError(new Error()), new DoubleBufferedMetricReader({ store }));
`;

export const PROGRAMS = {
  'main.mjs': `${IMPORTS}use({ all, library, argo }).then(console.log);\n`,
  'main.cjs': `${REQUIRES}use({ all, library, argo }).then(console.log);\n`,
  'worker.mjs': `import { workerData } from 'node:worker_threads';
import { attachStore } from 'otel-argo-metrics/store';
attachStore(workerData).getMeter('m').createCounter('c').add(1);\n`,
  'worker.cjs': `const { workerData } = require('node:worker_threads');
require('otel-argo-metrics/store').attachStore(workerData).getMeter('m').createCounter('c').add(1);\n`,
  'exporter.mjs': `export default ({ exported }) => ({
  export: (metrics, done) => {
    exported[0] += metrics.scopeMetrics.length;
    done({ code: 0 });
  },
  forceFlush: async () => {},
  shutdown: async () => {},
});\n`,
  'case.test.js': `${REQUIRES}${TEST}`,
  'case.vitest.mjs': `import { expect, test } from 'vitest';\n${IMPORTS}${TEST}`,
  'typed.mts': TYPED,
  'typed.cts': TYPED,
  'typed.ts': TYPED,
  'babel.config.js': `module.exports = { presets: [['@babel/preset-env', { targets: { node: '20' } }]] };\n`,
};
