// Goal: each door shows the same, of a store and of a reader, to every client. Method: one table of doors, each asked over HTTP;
// the SDK's own MeterProvider beside the store.
import { diag } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { MetricProducer } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { MetricStoreError } from '../../lib/errors.js';
import { collectPrometheus } from '../../lib/exposition/collect-prometheus.js';
import { prometheusHandler } from '../../lib/exposition/prometheus-handler.js';
import { startPrometheusEndpoint } from '../../lib/exposition/prometheus-endpoint.js';
import type { PrometheusContentOptions } from '../../lib/exposition/prometheus-options.js';
import type { PrometheusSubject } from '../../lib/exposition/prometheus-subject.js';
import { DoubleBufferedMetricReader } from '../../lib/otel/double-buffered-metric-reader.js';
import { createStore } from '../../lib/otel/metric-store.js';
import type { MetricStore } from '../../lib/otel/store-interface.js';
import { parsePrometheusText } from '../support/prometheus-parser.js';
import { ask, serve, type RunningServer } from './http-client.js';

type Options = PrometheusSubject & PrometheusContentOptions;

/** A route as a framework without Node's objects has it. */
async function route(options: Options, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const acceptEncoding = request.headers['accept-encoding'];
  const { contentType, contentEncoding, chunks } = await collectPrometheus({ ...options, acceptEncoding });
  response.setHeader('Content-Type', contentType);
  if (contentEncoding !== undefined) response.setHeader('Content-Encoding', contentEncoding);
  if (request.method === 'HEAD') return void response.end();
  for await (const chunk of chunks) {
    if (response.destroyed) return;
    if (!response.write(chunk))
      await new Promise<void>(resolve => {
        const goOn = (): void => {
          response.off('drain', goOn).off('close', goOn);
          resolve();
        };
        response.once('drain', goOn).once('close', goOn);
      });
  }
  response.end();
}

const DOORS: Record<string, (options: Options) => Promise<RunningServer>> = {
  startPrometheusEndpoint: async options => {
    const endpoint = await startPrometheusEndpoint({ ...options, host: '127.0.0.1', port: 0 });
    return { url: endpoint.url, close: () => endpoint.shutdown() };
  },
  prometheusHandler: options => serve(prometheusHandler(options)),
  collectPrometheus: options => serve((request, response) => void route(options, request, response)),
};

for (const [name, open] of Object.entries(DOORS))
  describe(`${name}, as a door to Prometheus`, () => {
    const servers: RunningServer[] = [];
    let store: MetricStore;
    beforeEach(() => {
      store = createStore({ shared: false });
      store.getMeter('').createCounter('jobs').add(3, { phase: 'Failed' });
      store
        .getMeter('')
        .createHistogram('wait', { unit: 's', advice: { explicitBucketBoundaries: [1] } })
        .record(2);
    });
    afterEach(async () => {
      await Promise.all(servers.splice(0).map(server => server.close()));
      await store.shutdown();
    });

    const start = async (options: Options): Promise<string> => {
      const server = await open(options);
      servers.push(server);
      return server.url;
    };
    const textOf = async (url: string): Promise<string> => (await ask(url)).body.toString();

    const provided = (
      options: object = {},
    ): { reader: DoubleBufferedMetricReader; provider: MeterProvider } => {
      const reader = new DoubleBufferedMetricReader({ store, ...options });
      const resource = resourceFromAttributes({ 'service.name': 'shop' });
      const provider = new MeterProvider({ readers: [reader], resource });
      const meter = provider.getMeter('sdk', '1.2');
      meter.createCounter('requests', { description: 'Requests' }).add(5, { route: '/' });
      meter.createUpDownCounter('open', { unit: '{connection}' }).add(-2);
      meter.createObservableGauge('load', { unit: '1' }).addCallback(result => result.observe(0.5));
      const advice = { explicitBucketBoundaries: [10, 20] };
      for (const value of [5, 10, 15, 25])
        meter.createHistogram('size', { unit: 'By', advice }).record(value);
      return { reader, provider };
    };

    for (const subject of ['store', 'reader'])
      for (const encoding of ['identity', 'gzip'])
        for (const gzipLevel of [0, 1, 9])
          it(`should answer GET and HEAD of a ${subject} with ${encoding} accepted, at level ${gzipLevel}`, async () => {
            const what = subject === 'store' ? { store } : { reader: provided().reader };
            const url = await start({ ...what, gzipLevel });
            const headers = { 'accept-encoding': encoding };
            const [answer, head] = [await ask(url, { headers }), await ask(url, { headers, method: 'HEAD' })];
            const isGzip = encoding === 'gzip' && gzipLevel > 0;
            for (const { status, headers: got } of [answer, head])
              expect([status, got['content-encoding'], got['content-type']]).to.deep.equal([
                200,
                isGzip ? 'gzip' : undefined,
                'text/plain; version=0.0.4; charset=utf-8',
              ]);
            expect(head.body).to.have.length(0);
            const text = (isGzip ? gunzipSync(answer.body) : answer.body).toString();
            const families = parsePrometheusText(text);
            expect([...families.keys()]).to.deep.equal(
              subject === 'store'
                ? ['jobs_total', 'wait_seconds']
                : [
                    'jobs_total',
                    'load_ratio',
                    'open',
                    'requests_total',
                    'size_bytes',
                    'target_info',
                    'wait_seconds',
                  ],
            );
          });

    it("should show the SDK's own instruments by the rules of the store's, and its resource", async () => {
      const { reader, provider } = provided();
      const text = await textOf(await start({ reader }));
      const labels = 'otel_scope_name="sdk",otel_scope_version="1.2"';
      expect(text).to.contain(
        `# HELP requests_total Requests\n# TYPE requests_total counter\nrequests_total{${labels},route="/"} 5\n`,
      );
      expect(text)
        .to.contain(`# TYPE open gauge\nopen{${labels}} -2\n`)
        .and.to.contain(`load_ratio{${labels}} 0.5\n`);
      for (const [suffix, own, value] of [
        ['bucket', ',le="10"', 2],
        ['bucket', ',le="20"', 3],
        ['bucket', ',le="+Inf"', 4],
        ['sum', '', 55],
        ['count', '', 4],
      ] as const)
        expect(text).to.contain(`size_bytes_${suffix}{${labels}${own}} ${value}\n`);
      expect(text).to.match(/^target_info\{service_name="shop"\} 1$/m);
      await provider.shutdown();
    });

    it('should show what was recorded between two scrapes, as totals', async () => {
      const { reader, provider } = provided();
      const url = await start({ reader });
      const counter = provider.getMeter('sdk', '1.2').createCounter('requests', { description: 'Requests' });
      for (let total = 5; total < 8; total++) {
        const text = await textOf(url);
        expect(text).to.match(new RegExp(`^requests_total\\{.*\\} ${total}$`, 'm'));
        expect(text).to.match(new RegExp(`^jobs_total\\{.*\\} ${total - 2}$`, 'm'));
        counter.add(1, { route: '/' });
        store.getMeter('').createCounter('jobs').add(1, { phase: 'Failed' });
      }
      await provider.shutdown();
    });

    it('should make one family of one name, and keep the store first where two do not get along', async () => {
      const { reader, provider } = provided();
      store.getMeter('app').createCounter('shared').add(3, { phase: 'Failed' });
      const meter = provider.getMeter('app');
      meter.createCounter('shared').add(7, { phase: 'Failed' });
      meter.createCounter('shared').add(8, { phase: 'Running' });
      meter.createHistogram('shared.total').record(1);
      const families = parsePrometheusText(await textOf(await start({ reader })));
      const { type, samples = [] } = families.get('shared_total') ?? {};
      expect(type).to.equal('counter');
      expect(samples.map(({ labels, value }) => [labels['phase'], value])).to.deep.equal([
        ['Failed', 3],
        ['Running', 8],
      ]);
      await provider.shutdown();
    });

    it('should take no delta from an exporter, and show the store in totals', async () => {
      const said: string[] = [];
      const ignore = (): void => undefined;
      const logger = { error: ignore, info: ignore, debug: ignore, verbose: ignore };
      diag.setLogger({ ...logger, warn: (...parts: unknown[]) => said.push(parts.join(' ')) });
      const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA);
      const { reader, provider } = provided({ exporter, exportIntervalMillis: 3_600_000 });
      try {
        const url = await start({ reader });
        for (let scrape = 0; scrape < 3; scrape++)
          expect([...parsePrometheusText(await textOf(url)).keys()]).to.deep.equal([
            'jobs_total',
            'wait_seconds',
          ]);
        await provider.forceFlush();
        const exported = exporter
          .getMetrics()
          .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(one => one.metrics));
        const valueOf = (wanted: string): unknown =>
          exported.find(({ descriptor }) => descriptor.name === wanted)?.dataPoints[0]?.value;
        expect([valueOf('jobs'), valueOf('requests')]).to.deep.equal([3, 5]);
        // By now the resource is known.
        expect(await textOf(url)).to.match(/^target_info\{service_name="shop"\} 1$/m);
      } finally {
        diag.disable();
        await provider.shutdown();
      }
      expect(said.filter(text => text.includes('delta temporality'))).to.have.length(1);
    });

    it('should show further producers, and say once what is wrong with one', async () => {
      const said: string[] = [];
      const ignore = (): void => undefined;
      const logger = { error: ignore, info: ignore, debug: ignore, verbose: ignore };
      diag.setLogger({ ...logger, warn: (...parts: unknown[]) => said.push(parts.join(' ')) });
      const other = createStore({ shared: false });
      other.getMeter('').createCounter('elsewhere').add(4);
      const sdkReader = new PeriodicExportingMetricReader({
        exporter: new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE),
        exportIntervalMillis: 3_600_000,
      });
      const provider = new MeterProvider({ readers: [sdkReader] });
      provider.getMeter('app').createCounter('of.the.sdk').add(6);
      const broken: MetricProducer = { collect: () => Promise.reject(new Error('producer is down')) };
      try {
        const url = await start({ store, metricProducers: [broken, other.metricProducer(), sdkReader] });
        for (let scrape = 0; scrape < 3; scrape++) {
          const text = await textOf(url);
          expect(text).to.match(/^elsewhere_total 4$/m);
          expect(text).to.match(/^of_the_sdk_total\{otel_scope_name="app"\} 6$/m);
          expect(text).to.match(/^jobs_total\{phase="Failed"\} 3$/m);
        }
      } finally {
        diag.disable();
        await provider.shutdown();
      }
      expect(said.filter(text => text.includes('producer is down'))).to.have.length(1);
    });

    it('should outlive clients that go away, of a store and of a reader', async () => {
      const counter = store.getMeter('').createCounter('many');
      for (let index = 0; index < 1900; index++) counter.add(1, { i: `${index} ${'x'.repeat(1000)}` });
      for (const url of [await start({ store }), await start({ reader: provided().reader })]) {
        for (let round = 0; round < 5; round++) {
          const outgoing = get(url, { agent: false }).on('error', () => undefined);
          const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
          response.on('error', () => undefined);
          await once(response, 'data');
          response.destroy();
        }
        expect(parsePrometheusText(await textOf(url)).get('many_total')?.samples).to.have.length(1900);
      }
    });

    it('should refuse neither and both, a foreign reader, and the store as its own producer', async () => {
      const { reader } = provided();
      const foreign = new PeriodicExportingMetricReader({
        exporter: new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE),
      });
      const rows: object[] = [
        {},
        { store, reader },
        { reader: foreign },
        { reader: {} },
        { store, metricProducers: [reader] },
        { reader, metricProducers: [store.metricProducer()] },
        { store, metricProducers: {} },
      ];
      const refusing: Record<string, (options: never) => unknown> = {
        startPrometheusEndpoint,
        prometheusHandler,
        collectPrometheus,
      };
      for (const row of rows) {
        const failure: unknown = await Promise.resolve()
          .then(() => refusing[name]?.(row as never))
          .catch((error: unknown) => error);
        expect(failure, JSON.stringify(Object.keys(row))).to.be.instanceOf(MetricStoreError);
        expect(failure).to.have.property('code', 'INVALID_OPTION');
      }
      await foreign.shutdown();
    });
  });
