// The page of an endpoint over a store: what it shows, to whom, and how it is switched off. Its parts: test/exposition/page.
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import fc from 'fast-check';
import { startCollectorThread } from '../../lib/collector/start-collector-thread.js';
import { MetricStoreError } from '../../lib/errors.js';
import { startPrometheusEndpoint } from '../../lib/exposition/prometheus-endpoint.js';
import type { PrometheusEndpoint, PrometheusOptions } from '../../lib/exposition/prometheus-endpoint.js';
import { DoubleBufferedMetricReader } from '../../lib/otel/double-buffered-metric-reader.js';
import { createStore } from '../../lib/otel/metric-store.js';
import type { MetricStore } from '../../lib/otel/store-interface.js';
import type { CardinalityReport } from '../../lib/store/definition/cardinality-report.js';
import { ask } from './http-client.js';
import { HOSTILE } from '../../scripts/page-reports.mjs';

describe('the page of an endpoint', () => {
  let store: MetricStore;
  const endpoints: PrometheusEndpoint[] = [];
  beforeEach(() => {
    store = createStore({ maxBytes: 2 ** 25 });
  });
  afterEach(async () => {
    await Promise.all(endpoints.splice(0).map(endpoint => endpoint.shutdown()));
    await store.shutdown();
  });

  const start = async (options: PrometheusOptions = {}): Promise<string> => {
    const endpoint = await startPrometheusEndpoint({ store, port: 0, ...options });
    endpoints.push(endpoint);
    return new URL(endpoint.url).origin;
  };
  const reportOf = async (origin: string): Promise<CardinalityReport> =>
    JSON.parse((await ask(origin, { path: '/api/cardinality' })).body.toString()) as CardinalityReport;
  const statusesOf = (origin: string, method = 'GET'): Promise<(number | undefined)[]> =>
    Promise.all(
      ['/', '/page.css', '/page.js', '/api/cardinality'].map(
        async path => (await ask(origin, { path, method })).status,
      ),
    );

  it('should be there unless it is switched off, and its numbers with it', async () => {
    const origin = await start();
    expect(await statusesOf(origin)).to.deep.equal([200, 200, 200, 200]);
    expect(await statusesOf(origin, 'HEAD')).to.deep.equal([200, 200, 200, 200]);
    expect(await statusesOf(origin, 'POST')).to.deep.equal([405, 405, 405, 405]);
    const { body, headers } = await ask(origin, { path: '/' });
    expect(headers['content-type']).to.equal('text/html; charset=utf-8');
    expect(body.toString()).to.match(/^<!doctype html>/);
    const off = await start({ page: false });
    expect(await statusesOf(off)).to.deep.equal([404, 404, 404, 404]);
    expect((await ask(off, { path: '/metrics' })).status).to.equal(200);
  });

  it('should give way to metrics at the same path', async () => {
    store.getMeter('').createCounter('jobs').add(1);
    const origin = await start({ path: '/' });
    expect((await ask(origin, { path: '/' })).body.toString()).to.contain('jobs_total 1');
    expect(await statusesOf(origin)).to.deep.equal([200, 404, 404, 404]);
  });

  it('should refuse what is neither true nor false', async () => {
    for (const page of ['no', 0, null]) {
      const error: unknown = await start({ page: page as never }).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(MetricStoreError).with.property('code', 'INVALID_OPTION');
      expect((error as Error).message)
        .to.contain('page')
        .and.to.contain('boolean');
    }
  });

  it('should show which label makes the series of a metric', async () => {
    const origin = await start();
    const jobs = store.getMeter('controller').createCounter('jobs');
    for (let pod = 0; pod < 300; pod++) jobs.add(1, { pod: `p${pod}`, phase: pod % 2 === 0 ? 'ok' : 'bad' });
    const { version, series, metrics } = await reportOf(origin);
    expect([version, series]).to.deep.equal([1, 300]);
    const [found] = metrics;
    expect(found).to.include({ name: 'jobs', scope: 'controller', series: 300, limit: 2000, overflowed: 0 });
    expect(found?.labels[0]).to.include({ key: 'pod', distinct: 300, seriesWithout: 2 });
  });

  it('should hold whatever was recorded as JSON, and come as it was made', async () => {
    const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 300 }));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 8 }), async values => {
        const own = createStore({ maxBytes: 2 ** 24 });
        const counter = own.getMeter('<script>').createCounter('jobs');
        for (const value of values) counter.add(1, { value, [`k${value}`]: 'x' });
        const endpoint = await startPrometheusEndpoint({ store: own, port: 0 });
        const { metrics } = await reportOf(new URL(endpoint.url).origin);
        const { metrics: expected } = await own.cardinalityReport();
        expect(metrics).to.deep.equal(JSON.parse(JSON.stringify(expected)));
        await endpoint.shutdown();
        await own.shutdown();
      }),
      { numRuns: 20 },
    );
  });

  it('should be as guarded as the metrics are', async () => {
    const origin = await start();
    for (const path of ['/', '/page.js', '/api/cardinality', '/metrics']) {
      const rebound = await ask(origin, { path, headers: { host: 'a.example' } });
      expect(rebound.status, path).to.equal(403);
      expect(rebound.body.toString()).to.contain('allowedHosts');
    }
  });

  it('should show the store of a reader', async () => {
    const reader = new DoubleBufferedMetricReader({ store });
    const provider = new MeterProvider({ readers: [reader] });
    store.getMeter('').createCounter('jobs').add(1, { phase: 'ok' });
    const endpoint = await startPrometheusEndpoint({ reader, port: 0 });
    endpoints.push(endpoint);
    const { metrics } = await reportOf(new URL(endpoint.url).origin);
    expect(metrics.map(({ name, series }) => [name, series])).to.deep.equal([['jobs', 1]]);
    await provider.shutdown();
  });

  it('should be there in a collector thread, and switched off there too', async () => {
    store.getMeter('').createCounter('jobs').add(1, { phase: 'ok' });
    const collector = await startCollectorThread({ store, prometheus: { port: 0 } });
    const origin = new URL(collector.url ?? '').origin;
    expect(await statusesOf(origin)).to.deep.equal([200, 200, 200, 200]);
    expect((await reportOf(origin)).metrics.map(({ name }) => name)).to.deep.equal(['jobs']);
    await collector.shutdown();
    const off = await startCollectorThread({ store, prometheus: { port: 0, page: false } });
    expect(await statusesOf(new URL(off.url ?? '').origin)).to.deep.equal([404, 404, 404, 404]);
    await off.shutdown();
  });

  it('should take no place of a scrape when many look at it', async () => {
    const jobs = store.getMeter('').createCounter('jobs');
    for (let pod = 0; pod < 1000; pod++) jobs.add(1, { pod: `p${pod}` });
    const origin = await start({ scrapesMax: 1 });
    const looks = Array.from({ length: 20 }, () => reportOf(origin));
    expect((await ask(origin, { path: '/metrics' })).status).to.equal(200);
    for (const { metrics } of await Promise.all(looks)) expect(metrics[0]?.series).to.equal(1000);
  });
});
