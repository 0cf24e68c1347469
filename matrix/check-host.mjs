// What has to hold in every supported host, whatever its version: one program, run once per SDK. It is plain JavaScript
// over the packed library, as a user's application is.
import { deepStrictEqual as expectEqual, ok as expectTrue, throws as expectThrow } from 'node:assert';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Never reached: the checks collect or flush by themselves. */
const NEVER_MILLIS = 3_600_000;

const LABELS = { phase: 'Succeeded', attempt: 2, retried: true };

/** Runs all checks against one host and prints a closing line. */
export async function checkHost(host) {
  const checks = {
    'is the host that was meant': checkVersions,
    'reads host and store instruments as one result': checkPull,
    'yields what the host yields for the same records': checkSameShape,
    'pushes to an exporter of the host, cumulative': h => checkPush(h, 'CUMULATIVE', [3, 7]),
    'pushes to an exporter of the host, delta': h => checkPush(h, 'DELTA', [3, 4]),
    "produces for the host's own reader": checkProducer,
    'takes the same Views on both sides': checkViews,
    'runs observables of both sides': checkObservables,
    'collects what a worker thread recorded': checkWorker,
    'registers once': checkRegistration,
    "serves as the API's global provider": checkGlobal,
  };
  let failed = 0;
  for (const [name, check] of Object.entries(checks))
    try {
      await check(host);
      console.log(`  ✔ ${name}`);
    } catch (error) {
      failed++;
      console.log(`  ✖ ${name}\n${error instanceof Error ? error.stack : String(error)}`);
    }
  console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** A store, a reader of it and a provider with that reader. */
function assemble(
  { sdk, library },
  { reader: readerOptions = {}, provider: providerOptions = {}, ...storeOptions } = {},
) {
  const store = library.createStore(storeOptions);
  const reader = new library.DoubleBufferedMetricReader({ store, ...readerOptions });
  const provider = new sdk.MeterProvider({ readers: [reader], ...providerOptions });
  return { store, reader, provider };
}

async function collect(reader) {
  const { resourceMetrics, errors } = await reader.collect();
  expectEqual(errors, []);
  return resourceMetrics;
}

/** All metrics by the name of their scope, then by their own name. */
function metricsOf({ scopeMetrics }) {
  return Object.fromEntries(
    scopeMetrics.map(({ scope, metrics }) => [
      scope.name,
      Object.fromEntries(metrics.map(metric => [metric.descriptor.name, metric])),
    ]),
  );
}

/** What two sides must agree on: all but the times, and `advice`, which is no part of the declared `MetricDescriptor`. */
function comparable({ descriptor, dataPoints, ...metric }) {
  const { name, description, unit, type, valueType } = descriptor;
  return {
    ...metric,
    descriptor: { name, description, unit, type, valueType },
    dataPoints: dataPoints.map(({ attributes, value }) => ({ attributes, value })),
  };
}

async function checkVersions({ folder }) {
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const library = createRequire(join(folder, 'node_modules/otel-argo-metrics/package.json'));
  for (const [name, version] of Object.entries(dependencies)) {
    // As the library itself resolves it, so that a stray copy further up cannot stand in.
    const [root] = library.resolve(name).split(/(?<=node_modules[\\/]@opentelemetry[\\/][^\\/]+)[\\/]/);
    expectTrue(root.startsWith(folder), `${name} comes from ${root}`);
    expectEqual(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version, version);
  }
}

async function checkPull(host) {
  const resource = host.resources.resourceFromAttributes({ 'service.name': 'matrix' });
  const { store, reader, provider } = assemble(host, { provider: { resource } });
  provider.getMeter('host').createCounter('jobs').add(1, LABELS);
  store.getMeter('store').createCounter('jobs').add(2, LABELS);
  const result = await collect(reader);
  const metrics = metricsOf(result);
  expectEqual(metrics.host.jobs.dataPoints[0].value, 1);
  expectEqual(metrics.store.jobs.dataPoints[0].value, 2);
  expectEqual(result.resource.attributes['service.name'], 'matrix');
  await provider.shutdown();
}

/** The host is the reference: enumerations, descriptors, histograms and attributes must come out as its own do. */
async function checkSameShape(host) {
  const { store, reader, provider } = assemble(host);
  const advice = { explicitBucketBoundaries: [1, 5, 10] };
  for (const side of [provider.getMeter('host'), store.getMeter('store')]) {
    const described = { description: 'what it counts', unit: '{job}' };
    side.createCounter('counter', described).add(3, LABELS);
    side.createUpDownCounter('up_down').add(-2.5, LABELS);
    const histogram = side.createHistogram('histogram', { unit: 's', advice });
    for (const value of [0.5, 1, 7, 100]) histogram.record(value, LABELS);
    side.createHistogram('default_histogram', { valueType: host.api.ValueType.INT }).record(42);
    side.createGauge('gauge').record(17, LABELS);
  }
  const { host: expected, store: actual } = metricsOf(await collect(reader));
  expectEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
  for (const name of Object.keys(expected))
    expectEqual(comparable(actual[name]), comparable(expected[name]), name);
  for (const { dataPoints } of Object.values(actual)) {
    const [{ startTime, endTime }] = dataPoints;
    expectTrue(startTime[0] > 1.6e9 && endTime[0] >= startTime[0], `${startTime} to ${endTime}`);
  }
  await provider.shutdown();
}

async function checkPush(host, temporality, expected) {
  const exporter = new host.sdk.InMemoryMetricExporter(host.sdk.AggregationTemporality[temporality]);
  const { store, provider } = assemble(host, { reader: { exporter, exportIntervalMillis: NEVER_MILLIS } });
  const counters = [provider.getMeter('host'), store.getMeter('store')].map(side =>
    side.createCounter('jobs'),
  );
  for (const records of [3, 4]) {
    for (const counter of counters) counter.add(records);
    await provider.forceFlush();
  }
  const exported = exporter.getMetrics().map(metricsOf);
  for (const side of ['host', 'store'])
    expectEqual(
      exported.map(metrics => metrics[side].jobs.dataPoints[0].value),
      expected,
      side,
    );
  await provider.shutdown();
}

async function checkProducer({ sdk, library }) {
  const store = library.createStore();
  const exporter = new sdk.InMemoryMetricExporter(sdk.AggregationTemporality.CUMULATIVE);
  const producer = store.metricProducer();
  const reader = new sdk.PeriodicExportingMetricReader({
    ...{ exporter, metricProducers: [producer] },
    ...{ exportIntervalMillis: NEVER_MILLIS, exportTimeoutMillis: 10_000 },
  });
  const provider = new sdk.MeterProvider({ readers: [reader] });
  provider.getMeter('host').createCounter('jobs').add(1);
  store.getMeter('store').createCounter('jobs').add(2);
  await provider.forceFlush();
  const metrics = metricsOf(exporter.getMetrics()[0]);
  expectEqual([metrics.host.jobs.dataPoints[0].value, metrics.store.jobs.dataPoints[0].value], [1, 2]);
  await provider.shutdown();
  await producer.shutdown();
  await store.shutdown();
}

async function checkViews(host) {
  const { library, sdk } = host;
  const views = [
    library.cardinalityLimitedView({ instrumentName: 'jobs', limit: 2 }),
    {
      instrumentName: 'seconds',
      name: 'duration',
      aggregation: { type: sdk.AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [1, 2] } },
    },
    { instrumentName: 'noise', aggregation: { type: sdk.AggregationType.DROP } },
  ];
  const { store, reader, provider } = assemble(host, { views, provider: { views } });
  for (const side of [provider.getMeter('host'), store.getMeter('store')]) {
    const jobs = side.createCounter('jobs');
    for (const phase of ['a', 'b', 'c', 'd', 'a']) jobs.add(1, { phase });
    side.createHistogram('seconds').record(1.5);
    side.createCounter('noise').add(1);
  }
  const metrics = metricsOf(await collect(reader));
  for (const side of ['host', 'store']) {
    const { jobs, duration, ...others } = metrics[side];
    expectEqual(Object.keys(others), [], side);
    expectEqual(
      jobs.dataPoints.map(({ attributes, value }) => `${JSON.stringify(attributes)} ${value}`).sort(),
      ['{"otel.metric.overflow":true} 2', '{"phase":"a"} 2', '{"phase":"b"} 1'],
      side,
    );
    expectEqual(duration.dataPoints[0].value.buckets, { boundaries: [1, 2], counts: [0, 1, 0] }, side);
  }
  await provider.shutdown();
}

async function checkObservables(host) {
  const { store, reader, provider } = assemble(host);
  let calls = 0;
  for (const side of [provider.getMeter('host'), store.getMeter('store')]) {
    side.createObservableGauge('depth').addCallback(result => result.observe(++calls, LABELS));
    const total = side.createObservableCounter('total');
    side.addBatchObservableCallback(async result => result.observe(total, 5), [total]);
  }
  const metrics = metricsOf(await collect(reader));
  for (const side of ['host', 'store']) expectEqual(metrics[side].total.dataPoints[0].value, 5, side);
  expectEqual(
    [metrics.host.depth, metrics.store.depth].map(({ dataPoints }) => dataPoints[0].value).sort(),
    [1, 2],
  );
  expectEqual(comparable(metrics.store.total), comparable(metrics.host.total));
  await provider.shutdown();
}

async function checkWorker(host) {
  const { store, reader, provider } = assemble(host);
  store.getMeter('store').createCounter('jobs').add(1, LABELS);
  const code = `
    const { workerData } = require('node:worker_threads');
    const { attachStore } = require('otel-argo-metrics'); // As seen from the current folder, which is the host's.
    attachStore(workerData.handle).getMeter('store').createCounter('jobs').add(2, workerData.labels);
  `;
  const worker = new Worker(code, {
    eval: true,
    workerData: { handle: store.handle, labels: LABELS },
  });
  await new Promise((resolve, reject) => worker.on('error', reject).on('exit', resolve));
  const { dataPoints } = metricsOf(await collect(reader)).store.jobs;
  expectEqual(
    dataPoints.map(({ attributes, value }) => ({ attributes, value })),
    [{ attributes: LABELS, value: 3 }],
  );
  await provider.shutdown();
}

async function checkRegistration(host) {
  const { reader, provider } = assemble(host);
  expectThrow(
    () => new host.sdk.MeterProvider({ readers: [reader] }),
    error => error.code === 'ALREADY_REGISTERED',
  );
  await provider.shutdown();
  await provider.forceFlush().catch(() => undefined);
}

async function checkGlobal({ api, library }) {
  const store = library.createStore();
  const reader = new library.DoubleBufferedMetricReader({ store });
  expectTrue(api.metrics.setGlobalMeterProvider(store));
  api.metrics.getMeter('instrumentation').createCounter('requests').add(1, LABELS);
  expectEqual(metricsOf(await collect(reader)).instrumentation.requests.dataPoints[0].value, 1);
  api.metrics.disable();
  await reader.shutdown();
  await store.shutdown();
}
