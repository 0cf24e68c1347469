// Goal: the README is fair to its neighbours. Method: each row of its table that can be looked at here is, on the versions
// that it names; of the others a reason is given.
import { AggregationTemporality, AggregationType, InMemoryMetricExporter } from '@opentelemetry/sdk-metrics';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import client from 'prom-client';
import {
  collectPrometheus,
  createStore,
  DoubleBufferedMetricReader,
  type MetricStore,
} from '../../lib/index.js';
import { metricsOf } from '../support/collected.js';
import { tableRows } from '../support/document-table.js';
import { readText } from '../support/source-tree.js';

const README = readText('README.md');
const rows = tableRows(README, /^(?!-)[a-zA-Z'` :(),]+$/).filter(([, ours = '']) =>
  /^(?:has|lacks|other)/.test(ours),
);

/** Rows that nothing here can look at. */
const REASONS: Readonly<Record<string, string>> = {
  'several worker threads as one':
    'test/stress; the others would have to be installed for another version of Node',
  'several processes': 'how they are added up is up to Prometheus',
  'Prometheus endpoint': 'docs/migration.md, whose rows are run',
  browsers: 'there is none here',
};

const stores: MetricStore[] = [];
function openStore(): MetricStore {
  const store = createStore({ maxBytes: 16 * 1024 * 1024 });
  stores.push(store);
  return store;
}

/** What two collections in a row show of one record, in each temporality: the number of metrics. */
async function metricsOfTwoExports(temporality: AggregationTemporality): Promise<number[]> {
  const exporter = new InMemoryMetricExporter(temporality);
  const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
  provider.getMeter('m').createCounter('c').add(1);
  await provider.forceFlush();
  await provider.forceFlush();
  const counts = exporter
    .getMetrics()
    .map(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics).length);
  await provider.shutdown();
  return counts;
}

const CHECKS: Readonly<Record<string, () => void | Promise<void>>> = {
  'limit on the series of a metric': async () => {
    const counter = new client.Counter({ name: 'c_total', help: 'c', labelNames: ['id'] });
    for (let id = 0; id < 5000; id++) counter.inc({ id });
    expect((await counter.get()).values).to.have.length(5000);
  },
  'idle series go away': async () => {
    expect(await metricsOfTwoExports(AggregationTemporality.CUMULATIVE)).to.deep.equal([1, 1]);
    expect((await metricsOfTwoExports(AggregationTemporality.DELTA))[1] ?? 0).to.equal(0);
  },
  'remove or reset one series': () => {
    const counter = new client.Counter({ name: 'c_total', help: 'c' });
    const ours = openStore().getMeter('m').createCounter('c');
    const sdk = new MeterProvider().getMeter('m').createCounter('c');
    for (const name of ['remove', 'reset']) expect(counter).to.have.property(name);
    for (const name of ['remove', 'clear']) expect(ours).to.have.property(name);
    for (const name of ['remove', 'reset', 'clear']) expect(sdk).to.not.have.property(name);
  },
  'OTLP and other exporters': async () => {
    const store = openStore();
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new DoubleBufferedMetricReader({ store, exporter });
    store.getMeter('m').createCounter('c').add(1);
    await reader.forceFlush();
    expect(exporter.getMetrics()).to.have.length(1);
    expect(client).to.have.property('Pushgateway');
  },
  OpenMetrics: async () => {
    expect(client.Registry).to.have.property('OPENMETRICS_CONTENT_TYPE');
    const accept = 'application/openmetrics-text;version=1.0.0';
    const { contentType } = await collectPrometheus({ store: openStore(), accept });
    expect(contentType).to.contain('application/openmetrics-text; version=1.0.0');
  },
  exemplars: () => {
    expect(
      new client.Histogram({ name: 'e', help: 'e', enableExemplars: true, registers: [] }),
    ).to.have.property('enableExemplars', true);
  },
  'summaries (quantiles in the client)': () => {
    expect(client).to.have.property('Summary');
  },
  'exponential histograms': async () => {
    const views = [
      { instrumentName: 'h', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const },
    ];
    expect(() => createStore({ views })).to.throw('INVALID_OPTION');
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const provider = new MeterProvider({ views, readers: [new PeriodicExportingMetricReader({ exporter })] });
    provider.getMeter('m').createHistogram('h').record(1);
    await provider.forceFlush();
    const [resourceMetrics] = exporter.getMetrics();
    expect(resourceMetrics && metricsOf({ resourceMetrics, errors: [] })).to.have.length(1);
    await provider.shutdown();
  },
  'process metrics': () => {
    expect(client).to.have.property('collectDefaultMetrics');
  },
  'bad values and labels': () => {
    const counter = new client.Counter({ name: 'c_total', help: 'c', labelNames: ['id'] });
    expect(() => counter.inc(-1)).to.throw();
    expect(() => counter.inc({ other: 1 } as never)).to.throw();
    const bad = { id: 1n } as never;
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
    expect(() => provider.getMeter('m').createCounter('c').add(1, bad)).to.throw();
    expect(() => openStore().getMeter('m').createCounter('c').add(1, bad)).to.not.throw();
  },
  "Argo's `metrics:` blocks": () => {
    for (const neighbour of [client, MeterProvider]) expect(neighbour).to.not.have.property('CustomMetrics');
  },
};

describe("the README's comparison", () => {
  beforeEach(() => client.register.clear());
  afterEach(async () => {
    client.register.clear();
    await Promise.all(stores.splice(0).map(store => store.shutdown()));
  });

  it('should compare with the versions that are installed', () => {
    for (const name of ['prom-client', '@opentelemetry/sdk-metrics']) {
      const { version } = JSON.parse(readText(`node_modules/${name}/package.json`)) as { version: string };
      expect(README).to.match(new RegExp(`${name}\`?\\s(?:is\\s)?${version.replaceAll('.', '\\.')}`));
    }
  });

  it('should have a check, or a reason for none, for each row and for nothing else', () => {
    const names = rows.map(([name]) => name);
    expect(names).to.have.members([...Object.keys(CHECKS), ...Object.keys(REASONS)]);
    for (const row of rows) expect(row, row[0]).to.have.length(4);
  });

  for (const [name, check] of Object.entries(CHECKS)) it(name, check);
});
