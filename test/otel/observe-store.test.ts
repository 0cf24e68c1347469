import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Attributes, Meter } from '@opentelemetry/api';
import { MeterProvider, type PushMetricExporter, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { collectPrometheusText } from '../../lib/exposition/collect-prometheus-text.js';
import { cardinalityLimitedView } from '../../lib/otel/cardinality-limited-view.js';
import { DoubleBufferedMetricReader } from '../../lib/otel/double-buffered-metric-reader.js';
import type { MetricStore } from '../../lib/otel/store-interface.js';
import { createStore } from '../../lib/otel/metric-store.js';
import { observeStore } from '../../lib/otel/observe-store.js';
import { ROOT } from '../support/source-tree.js';

const PREFIX = 'otel_argo_metrics.';

interface Own {
  readonly name: string;
  readonly unit: string;
  readonly points: readonly { readonly attributes: Attributes; readonly value: unknown }[];
}

function ownMetrics({ scopeMetrics }: ResourceMetrics): Own[] {
  return scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .filter(({ descriptor }) => descriptor.name.startsWith(PREFIX))
    .map(({ descriptor, dataPoints }) => ({
      name: descriptor.name.slice(PREFIX.length),
      unit: descriptor.unit,
      points: dataPoints,
    }));
}

function valueOf(metrics: readonly Own[], name: string, attributes: Attributes = {}): unknown {
  const found = metrics
    .find(metric => metric.name === name)
    ?.points.filter(({ attributes: own }) =>
      Object.entries(attributes).every(([key, value]) => own[key] === value),
    );
  expect(found, name).to.have.length(1);
  return found?.[0]?.value;
}

/** A store in which something of everything went wrong, with a reader whose exports fail. */
async function busyStore(): Promise<{ store: MetricStore; reader: DoubleBufferedMetricReader }> {
  const store = createStore({
    maxBytes: 4 * 1024 * 1024,
    views: [cardinalityLimitedView({ instrumentName: 'c', limit: 3 })],
  });
  const exporter = { export: (_metrics, done) => done({ code: 1 }) } as PushMetricExporter;
  const reader = new DoubleBufferedMetricReader({ store, exporter });
  const counter = store.getMeter('jobs').createCounter('c');
  for (let index = 0; index < 5; index++) counter.add(1, { index });
  counter.add(-1);
  counter.add(NaN);
  await reader.forceFlush().catch(() => undefined);
  return { store, reader };
}

const observe = async (metersOf: (store: MetricStore) => [Meter, DoubleBufferedMetricReader?]) => {
  const { store, reader } = await busyStore();
  const [meter, collector = reader] = metersOf(store);
  const observation = observeStore({ store, meter });
  const collect = async (): Promise<Own[]> => {
    const { resourceMetrics, errors } = await collector.collect();
    expect(errors).to.deep.equal([]);
    return ownMetrics(resourceMetrics);
  };
  return { store, observation, collect };
};

const hostMeter = (store: MetricStore): [Meter, DoubleBufferedMetricReader] => {
  const reader = new DoubleBufferedMetricReader({ store });
  return [new MeterProvider({ readers: [reader] }).getMeter('self'), reader];
};
const ownMeter = (store: MetricStore): [Meter] => [store.getMeter('self')];

describe('observeStore', () => {
  for (const [place, metersOf] of [
    ["a host's meter", hostMeter],
    ["the store's own meter", ownMeter],
  ] as const)
    it(`reports through ${place}, the same each time, until it is stopped`, async () => {
      const { store, observation, collect } = await observe(metersOf);
      await collect();
      const metrics = await collect();
      const stream = { 'otel_argo_metrics.stream.name': 'c', 'otel.scope.name': 'jobs' };
      expect(valueOf(metrics, 'store.series')).to.equal(3);
      expect(valueOf(metrics, 'store.series.limit')).to.equal(store.statistics().maxSeries);
      expect(valueOf(metrics, 'stream.series', stream)).to.equal(3);
      expect(valueOf(metrics, 'stream.series.limit', stream)).to.equal(3);
      expect(valueOf(metrics, 'stream.overflowed', stream)).to.equal(2);
      expect(valueOf(metrics, 'store.refused', { 'error.type': 'negative' })).to.equal(1);
      expect(valueOf(metrics, 'store.refused', { 'error.type': 'notANumber' })).to.equal(1);
      expect(valueOf(metrics, 'store.refused', { 'error.type': 'overflowedSeries' })).to.equal(2);
      expect(valueOf(metrics, 'store.exports.failed')).to.equal(1);
      expect(valueOf(metrics, 'store.labels.usage')).to.be.greaterThan(0);
      expect(valueOf(metrics, 'store.swaps')).to.be.at.least(2);
      expect(valueOf(metrics, 'store.drain.time')).to.be.greaterThan(0);
      expect(valueOf(metrics, 'store.swap.wait.time')).to.be.at.least(0);
      // Its own metrics neither become series of the store nor report themselves.
      expect(metrics.find(({ name }) => name === 'stream.series')?.points).to.have.length(1);
      expect(store.statistics().series).to.equal(3);
      observation.stop();
      observation.stop();
      if (metersOf === ownMeter) expect(await collect()).to.deep.equal([]);
      await store.shutdown();
    });

  it('has the names and units that the documentation lists, and no others', async () => {
    const { collect, store } = await observe(ownMeter);
    const reported = (await collect()).map(({ name, unit }) => `${PREFIX}${name} ${unit}`).sort();
    const text = readFileSync(join(ROOT, 'docs/self-observability.md'), 'utf8');
    const listed = [...text.matchAll(/^\| `(otel_argo_metrics\.[a-z._]+)` \|[^|]*\| `([^`]+)` \|/gm)];
    expect(listed.map(([, name, unit]) => `${name} ${unit}`).sort()).to.deep.equal(reported);
    await store.shutdown();
  });

  it('has the places of values under policies beside those of series', async () => {
    const labels = { pod: { maxValues: 2 }, zone: { maxValues: 5 } };
    const store = createStore({
      maxBytes: 4 * 1024 * 1024,
      views: [cardinalityLimitedView({ instrumentName: 'c', limit: 100, labels })],
    });
    observeStore({ store, meter: store.getMeter('self') });
    const counter = store.getMeter('jobs').createCounter('c');
    for (let index = 0; index < 6; index++) counter.add(1, { pod: index, zone: index % 3 });
    const metrics = ownMetrics((await store.metricProducer().collect()).resourceMetrics);
    expect(valueOf(metrics, 'store.policy_values')).to.equal(5);
    expect(valueOf(metrics, 'store.series')).to.equal(5);
    await store.shutdown();
  });

  it('has valid names for Prometheus', async () => {
    const { store } = await observe(ownMeter);
    let text = '';
    for await (const chunk of collectPrometheusText({ store })) text += chunk;
    expect(text).to.match(/^otel_argo_metrics_store_exports_failed_total\{.*otel_component_type=.*\} 1$/m);
    expect(text).to.match(/^otel_argo_metrics_store_labels_limit_bytes\{/m);
    await store.shutdown();
  });

  it('names a store the same each time, and as the user wants', async () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024 });
    const nameOf = async (name?: string): Promise<unknown> => {
      const observation = observeStore({ store, meter: store.getMeter('self'), ...(name && { name }) });
      const { resourceMetrics } = await store.metricProducer().collect();
      observation.stop();
      return ownMetrics(resourceMetrics)[0]?.points[0]?.attributes['otel.component.name'];
    };
    const own = await nameOf();
    expect(own).to.match(/^otel_argo_metrics\.store\/\d+$/);
    expect([await nameOf(), await nameOf('jobs')]).to.deep.equal([own, 'jobs']);
    await store.shutdown();
  });

  const limitsOf = async (store: MetricStore): Promise<unknown[]> => {
    const { resourceMetrics, errors } = await store.metricProducer().collect();
    expect(errors).to.deep.equal([]);
    const { points = [] } =
      ownMetrics(resourceMetrics).find(({ name }) => name === 'store.series.limit') ?? {};
    return points.map(({ attributes, value }) => [attributes['otel.component.name'], value]);
  };

  it('reports once through one meter, however often it is asked, until all have stopped', async () => {
    for (const host of [false, true]) {
      const store = createStore({ maxBytes: 4 * 1024 * 1024 });
      const reader = new DoubleBufferedMetricReader({ store });
      const provider = host ? new MeterProvider({ readers: [reader] }) : store;
      const observing = [1, 2].map(() => observeStore({ store, meter: provider.getMeter('self') }));
      const limits = async (): Promise<unknown[]> => {
        const metrics = ownMetrics((await reader.collect()).resourceMetrics);
        const { points = [] } = metrics.find(({ name }) => name === 'store.series.limit') ?? {};
        return points.map(({ value }) => value);
      };
      expect(await limits()).to.deep.equal([store.statistics().maxSeries]);
      observing[0]?.stop();
      observing[0]?.stop();
      expect(await limits()).to.deep.equal([store.statistics().maxSeries]);
      observing[1]?.stop();
      if (!host) expect(await limits()).to.deep.equal([]);
      await store.shutdown();
    }
  });

  it('gives a host one callback, for which the specification wants nothing observed twice, and a new one after the last stop', async () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024 });
    const reader = new DoubleBufferedMetricReader({ store });
    const meter = new MeterProvider({ readers: [reader] }).getMeter('self');
    const add = meter.addBatchObservableCallback.bind(meter);
    let callbacks = 0;
    meter.addBatchObservableCallback = (...args) => {
      callbacks++;
      add(...args);
    };
    const start = (name?: string): { stop(): void } => observeStore({ store, meter, ...(name && { name }) });
    const observing = [start(), start()];
    expect(callbacks).to.equal(1);
    const other = start('another name');
    expect(callbacks, 'not observed yet').to.equal(2);
    for (const observation of observing) observation.stop();
    const again = start();
    expect(callbacks, 'no longer observed').to.equal(3);
    const { scopeMetrics } = (await reader.collect()).resourceMetrics;
    const [limits] = scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .filter(({ descriptor }) => descriptor.name === `${PREFIX}store.series.limit`);
    expect(limits?.dataPoints).to.have.length(2);
    for (const observation of [other, again]) observation.stop();
    await store.shutdown();
  });

  it('reports once from several threads, which name their stores differently', async () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024 });
    const { maxSeries } = store.statistics();
    const observation = observeStore({ store, meter: store.getMeter('self') });
    const [[name]] = (await limitsOf(store)) as [[string]];
    const start = async (): Promise<Worker> => {
      const worker = new Worker(new URL('../faults/workers/self-observing.mjs', import.meta.url), {
        workerData: store.handle,
      });
      await once(worker, 'message');
      return worker;
    };
    const workers = [await start(), await start()];
    const others = workers.map(({ threadId }) => [`otel_argo_metrics.store/${threadId}.0`, maxSeries]);
    expect(await limitsOf(store)).to.have.deep.members([[name, maxSeries], ...others]);
    // Whoever is left goes on, under the same name.
    observation.stop();
    await workers[0]?.terminate();
    expect(await limitsOf(store)).to.have.deep.members([[name, maxSeries], others[1]]);
    await workers[1]?.terminate();
    await store.shutdown();
  });

  it('refuses what is no store, no meter and no name', async () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024 });
    const meter = store.getMeter('self');
    const code = (options: unknown, expected: string): void =>
      void expect(() => observeStore(options as never))
        .to.throw()
        .with.property('code', expected);
    code({ store: {}, meter }, 'NOT_A_STORE_HANDLE');
    code({ store }, 'INVALID_OPTION');
    code({ store, meter: {} }, 'INVALID_OPTION');
    code({ store, meter, name: '' }, 'INVALID_OPTION');
    await store.shutdown();
  });
});
