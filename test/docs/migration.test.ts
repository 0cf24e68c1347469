// Goal: each row of docs/migration.md is true. Method: run both of its sides as printed, and compare what comes out of them
// with each other and with the row.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textFrom } from 'node:stream/consumers';
import * as api from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import * as sdk from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import client from 'prom-client';
import * as library from '../../lib/index.js';
import { captureDiag } from '../support/collected.js';
import { readText } from '../support/source-tree.js';

const DOCUMENT = readText('docs/migration.md');

/** Not among our packages: where somebody installed it, its column is checked as well. */
const EXPORTER: string = '@opentelemetry/exporter-prometheus';
const exporterPrometheus = (await import(EXPORTER).catch(() => undefined)) as
  | {
      PrometheusExporter: new (options: object) => sdk.MetricReader;
      PrometheusSerializer: new () => { serialize(metrics: sdk.ResourceMetrics): string };
    }
  | undefined;

/** The rows of the table under a heading: of each cell, the pieces of code. */
function rowsUnder(heading: string): string[][][] {
  const section = DOCUMENT.split(/^## /m).find(text => text.startsWith(heading)) ?? '';
  const lines = section.split('\n').filter(line => line.startsWith('| `'));
  return lines.map(line =>
    line
      .slice(2, -2)
      .split(' | ')
      .map(cell => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)),
  );
}

type Scope = Readonly<Record<string, unknown>>;
type AsyncFunction = (...values: unknown[]) => Promise<unknown>;
// There is no other way to get at it.
const AsyncFunction = (async () => undefined).constructor as new (...texts: string[]) => AsyncFunction;

/** Runs code in a scope, in a block of its own so that it may declare what the scope has too. */
function runCode(code: readonly string[], scope: Scope, last: string): Promise<unknown> {
  return new AsyncFunction(...Object.keys(scope), `{ ${[...code, last].join('\n')} }`)(
    ...Object.values(scope),
  );
}

async function textOf(store: library.MetricStore): Promise<string> {
  let text = '';
  for await (const chunk of library.collectPrometheusText({ store })) text += chunk;
  return text;
}

/** The samples of a text, as a row writes them: labels in order, without the meter's name and without a resource. */
function samplesOf(text: string): string[] {
  return text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#') && !line.startsWith('target_info'))
    .map(line => {
      const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      const kept = labels.split(',').filter(label => label !== '' && !label.startsWith('otel_scope_'));
      return `${name}${kept.length > 0 ? `{${kept.sort().join(',')}}` : ''} ${value}`;
    })
    .sort();
}

const withoutValues = (samples: readonly string[]): string[] =>
  samples.map(line => line.replace(/ \S+$/, ''));

/** What the row says is in what came out; `…` stands for any value. */
function expectSamples(samples: readonly string[], wanted: readonly string[], side: string): void {
  expect(wanted, side).to.not.be.empty;
  for (const sample of wanted)
    if (sample.endsWith(' …')) expect(withoutValues(samples), side).to.include(sample.slice(0, -2));
    else expect(samples, side).to.include(sample);
}

/** What was exported last: the name, the attributes and the value, or the buckets, of each point. */
function pointsOf(exporter: sdk.InMemoryMetricExporter): string[] {
  const last = exporter.getMetrics().at(-1);
  return (last?.scopeMetrics ?? [])
    .flatMap(({ metrics }) => metrics)
    .flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }) => {
        const labels = Object.entries(attributes).map(([key, label]) => `${key}=${String(label)}`);
        const shown = typeof value === 'number' ? value : (value as sdk.Histogram).buckets.counts.join(',');
        return `${descriptor.name}${labels.length > 0 ? `{${labels.join(',')}}` : ''} ${shown}`;
      }),
    )
    .sort();
}

describe('docs/migration.md', () => {
  const stores: library.MetricStore[] = [];
  const providers: sdk.MeterProvider[] = [];
  const pushed: string[] = [];
  let gateway: Server;
  let ours: Scope;

  const createStore: typeof library.createStore = options => {
    const store = library.createStore({ maxBytes: 16 * 1024 * 1024, ...options });
    stores.push(store);
    return store;
  };

  before(async () => {
    const take = async (request: IncomingMessage): Promise<void> => {
      pushed.push(`${request.method} ${request.url} ${samplesOf(await textFrom(request)).join(' ')}`);
    };
    gateway = createServer((request, response) => void take(request).then(() => response.end()));
    gateway.listen(0, 'localhost');
    await once(gateway, 'listening');
  });

  after(async () => {
    gateway.closeAllConnections();
    gateway.close();
    await once(gateway, 'close');
  });

  beforeEach(() => {
    client.register.clear();
    client.register.setDefaultLabels({});
    pushed.length = 0;
    const store = createStore();
    ours = { ...library, createStore, store, meter: store.getMeter('shop') };
  });

  afterEach(async () => {
    api.metrics.disable();
    api.diag.disable();
    await Promise.all(providers.splice(0).map(provider => provider.shutdown()));
    await Promise.all(stores.splice(0).map(store => store.shutdown()));
  });

  const gatewayUrl = (): string => `http://localhost:${(gateway.address() as AddressInfo).port}`;

  describe('From prom-client', () => {
    for (const [theirs = [], here = [], wanted = []] of rowsUnder('From prom-client'))
      it(here.join(' '), async () => {
        const scope = { gateway: gatewayUrl() };
        const text = await runCode(theirs, { client, ...scope }, 'return await client.register.metrics();');
        const ourText = await runCode(here, { ...ours, ...scope, textOf }, 'return await textOf(store);');
        const [left, right] = [samplesOf(String(text)), samplesOf(String(ourText))];
        expect(withoutValues(right)).to.deep.equal(withoutValues(left));
        expectSamples(left, wanted, 'prom-client');
        expectSamples(right, wanted, 'here');
        if (pushed.length > 0) expect(pushed[1]).to.equal(pushed[0]);
      });

    it('has the rows that matter, the Pushgateway among them', () => {
      const rows = rowsUnder('From prom-client');
      expect(rows.length).to.be.greaterThan(10);
      expect(rows.filter(([theirs = []]) => theirs.join().includes('Pushgateway'))).to.have.length(1);
      for (const row of rows) expect(row, row.join(' ')).to.have.length(3);
    });

    it('counts a negative increment instead of throwing, and calls reset clear', () => {
      captureDiag();
      const store = createStore();
      const counter = store.getMeter('shop').createCounter('orders');
      expect(() => new client.Counter({ name: 'orders_total', help: 'Orders' }).inc(-1)).to.throw('decrease');
      counter.add(-1);
      expect(store.statistics().refused.negative).to.equal(1);
      counter.add(1);
      expect(counter).to.not.have.property('reset');
      expect(counter.clear()).to.equal(1);
    });

    it('adds no suffix to a name that has it already', async () => {
      const store = createStore();
      store.getMeter('shop').createCounter('sent_bytes_total', { unit: 'By' }).add(1);
      expect(samplesOf(await textOf(store))).to.deep.equal(['sent_bytes_total 1']);
    });
  });

  describe("From the SDK's PeriodicExportingMetricReader", () => {
    class MeterProvider extends sdk.MeterProvider {
      constructor(options?: sdk.MeterProviderOptions) {
        super(options);
        providers.push(this);
      }
    }
    const resource = resourceFromAttributes({ 'service.name': 'shop' });
    const { AggregationType, PeriodicExportingMetricReader, createAllowListAttributesProcessor } = sdk;
    const theSdk = { AggregationType, MeterProvider, PeriodicExportingMetricReader, metrics: api.metrics };
    const flush = "await (typeof provider === 'undefined' ? store : provider).forceFlush();";

    for (const [theirs = [], here = [], wanted = []] of rowsUnder("From the SDK's Periodic"))
      it(here.join(' '), async () => {
        const exports = [];
        for (const [side, code] of [
          ['SDK', theirs],
          ['here', here],
        ] as const) {
          const exporter = new sdk.InMemoryMetricExporter(sdk.AggregationTemporality.CUMULATIVE);
          const scope = { ...ours, ...theSdk, createAllowListAttributesProcessor, exporter, resource };
          await runCode(code, scope, flush);
          expectSamples(pointsOf(exporter), wanted, side);
          exports.push(exporter);
          api.metrics.disable();
        }
        const [left, right] = exports.map(exporter => ({
          points: pointsOf(exporter),
          service: exporter.getMetrics().at(-1)?.resource.attributes['service.name'],
        }));
        expect(right?.points).to.deep.equal(left?.points);
        if (here.join().includes('resource'))
          expect([left?.service, right?.service]).to.deep.equal(['shop', 'shop']);
      });

    it('refuses a View of exponential histograms', () => {
      const view = {
        instrumentName: 'order',
        aggregation: { type: sdk.AggregationType.EXPONENTIAL_HISTOGRAM },
      };
      expect(() => createStore({ views: [view] as sdk.ViewOptions[] })).to.throw('INVALID_OPTION');
    });
  });

  describe('From @opentelemetry/exporter-prometheus', () => {
    const rows = rowsUnder('From @opentelemetry/exporter-prometheus');
    const familiesOf = (text: string): string[] =>
      [...text.matchAll(/^# TYPE (\S+)/gm)]
        .map(([, name = '']) => name)
        .filter(name => name !== 'target_info');

    for (const [[code = ''] = [], , [ourName = ''] = []] of rows)
      it(code, async () => {
        const text = await runCode([code], { ...ours, textOf }, 'return await textOf(store);');
        expect(familiesOf(String(text))).to.deep.equal([ourName]);
      });

    it('says of each row the name that the exporter gives', async function () {
      if (exporterPrometheus === undefined) return this.skip(); // Reason: the exporter is not installed.
      const { PrometheusExporter, PrometheusSerializer } = exporterPrometheus;
      for (const [[code = ''] = [], [theirName = ''] = []] of rows) {
        const exporter = new PrometheusExporter({ preventServerStart: true });
        const provider = new sdk.MeterProvider({ readers: [exporter] });
        providers.push(provider);
        await runCode([code], { meter: provider.getMeter('shop') }, '');
        const { resourceMetrics } = await exporter.collect();
        expect(familiesOf(new PrometheusSerializer().serialize(resourceMetrics)), code).to.deep.equal([
          theirName,
        ]);
      }
    });

    it('has more than five rows', () => {
      expect(rows.length).to.be.greaterThan(5);
    });
  });
});
