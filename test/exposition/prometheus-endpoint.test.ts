import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text as textFrom } from 'node:stream/consumers';
import { expect } from 'chai';
import { MetricStoreError } from '../../lib/errors.js';
import { startPrometheusEndpoint } from '../../lib/exposition/prometheus-endpoint.js';
import type { PrometheusEndpoint, PrometheusOptions } from '../../lib/exposition/prometheus-endpoint.js';
import { createStore } from '../../lib/otel/metric-store.js';
import type { MetricStore } from '../../lib/otel/store-interface.js';
import { ROOT } from '../support/source-tree.js';
import { readOpenMetrics, readProtobuf, readText } from './read-formats.js';
import type { ReadBack } from './read-formats.js';

describe('startPrometheusEndpoint', () => {
  let store: MetricStore;
  const endpoints: PrometheusEndpoint[] = [];
  beforeEach(() => {
    store = createStore({ shared: false });
  });
  afterEach(async () => {
    await Promise.all(endpoints.splice(0).map(endpoint => endpoint.shutdown()));
    await store.shutdown();
  });

  const start = async (options: PrometheusOptions = {}): Promise<PrometheusEndpoint> => {
    const endpoint = await startPrometheusEndpoint({ store, port: 0, ...options });
    endpoints.push(endpoint);
    return endpoint;
  };
  const refusal = async (options: PrometheusOptions): Promise<MetricStoreError> => {
    const error: unknown = await start(options).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(MetricStoreError);
    return error as MetricStoreError;
  };

  it('should serve what was recorded before the scrape', async () => {
    const { url } = await start({ path: '/custom' });
    expect(url).to.match(/^http:\/\/localhost:\d+\/custom$/);
    const counter = store.getMeter('').createCounter('jobs');
    for (let expected = 1; expected <= 3; expected++) {
      counter.add(1);
      const response = await fetch(url);
      expect(response.headers.get('content-type')).to.equal('text/plain; version=0.0.4; charset=utf-8');
      expect(await response.text()).to.equal(`# TYPE jobs_total counter\njobs_total ${expected}\n`);
    }
  });

  it('should serve many scrapes at once, each with what was recorded before it', async () => {
    const { url } = await start({ scrapesMax: 20 });
    const counter = store.getMeter('').createCounter('jobs');
    const scrapes = Array.from({ length: 20 }, async (_, index) => {
      counter.add(1);
      return { recorded: index + 1, text: await (await fetch(url)).text() };
    });
    for (const { recorded, text } of await Promise.all(scrapes))
      expect(Number(/^jobs_total (\d+)$/m.exec(text)?.[1]), text)
        .to.be.at.least(recorded)
        .and.at.most(20);
  });

  it('should answer 500 only when there is nothing but errors', async () => {
    const { url } = await start();
    expect((await fetch(url)).status).to.equal(200);
    store
      .getMeter('test')
      .createObservableGauge('broken')
      .addCallback(() => {
        throw new Error('sensor is gone');
      });
    const nothing = await fetch(url);
    expect(nothing.status).to.equal(500);
    expect(await nothing.text()).to.contain('sensor is gone');
    store.getMeter('').createCounter('jobs').add(1);
    const partial = await fetch(url);
    expect(partial.status).to.equal(200);
    expect(await partial.text()).to.contain('jobs_total 1');
  });

  it('should answer while its scraper is still there, whatever hangs', async () => {
    // A scrape that waited for the callback would not be over before this test is.
    const patient = createStore({ shared: false, callbackTimeoutMillis: 2 ** 31 - 1 });
    const endpoint = await startPrometheusEndpoint({ store: patient, port: 0 });
    endpoints.push(endpoint);
    const meter = patient.getMeter('');
    meter.createCounter('jobs').add(1);
    meter.createObservableGauge('hangs').addCallback(() => new Promise<void>(() => undefined));
    const headers = { 'X-Prometheus-Scrape-Timeout-Seconds': '1' };
    const response = await fetch(endpoint.url, { headers });
    expect(await response.text()).to.contain('jobs_total 1');
    await patient.shutdown();
  });

  it('should answer in the format that a client likes best, one after the other', async () => {
    const { url } = await start();
    store.getMeter('').createCounter('http.requests').add(5, { 'http.route': '/a' });
    store
      .getMeter('')
      .createHistogram('took', { advice: { explicitBucketBoundaries: [1] } })
      .record(4);
    const protobuf =
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
    const plain = readText(await (await fetch(url)).text());
    const answers: [accept: string, contentType: RegExp, read: (bytes: Buffer) => ReadBack][] = [
      [
        'text/plain;version=0.0.4',
        /^text\/plain; version=0\.0\.4; charset=utf-8$/,
        bytes => readText(bytes.toString()),
      ],
      [protobuf, /^application\/vnd\.google\.protobuf; proto=.*; encoding=delimited$/, readProtobuf],
      [
        'application/openmetrics-text;version=1.0.0',
        /^application\/openmetrics-text; version=1\.0\.0; charset=utf-8$/,
        bytes => readOpenMetrics(bytes.toString()),
      ],
    ];
    for (const [accept, contentType, read] of [...answers, ...answers]) {
      const response = await fetch(url, { headers: { accept } });
      expect(response.headers.get('content-type')).to.match(contentType);
      expect(response.headers.get('vary')).to.equal('Accept, Accept-Encoding');
      const { samples } = read(Buffer.from(await response.arrayBuffer()));
      expect(samples).to.deep.equal(plain.samples);
      const head = await fetch(url, { method: 'HEAD', headers: { accept } });
      expect(head.headers.get('content-type')).to.match(contentType);
    }
    const utf8 = await fetch(url, { headers: { accept: 'text/plain;version=1.0.0;escaping=allow-utf-8' } });
    expect(utf8.headers.get('content-type')).to.equal(
      'text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
    );
    expect(await utf8.text()).to.contain('{"http.requests_total","http.route"="/a"} 5\n');
  });

  it('should offer the formats that its options say', async () => {
    store.getMeter('').createCounter('jobs').add(1);
    const protobuf =
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
    const both = `${protobuf}, application/openmetrics-text;q=0.9, text/plain;q=0.8`;
    const typeOf = async (options: PrometheusOptions): Promise<string> => {
      const { url } = await start(options);
      const response = await fetch(url, { headers: { accept: both } });
      const text = await response.text();
      return `${response.headers.get('content-type')?.split(';')[0]}${text.includes('jobs_created ') ? ' created' : ''}`;
    };
    expect(await typeOf({})).to.equal('application/vnd.google.protobuf');
    expect(await typeOf({ protobuf: false })).to.equal('text/plain');
    expect(await typeOf({ protobuf: false, openMetrics: true })).to.equal('application/openmetrics-text');
    expect(await typeOf({ protobuf: false, openMetrics: 'created' })).to.equal(
      'application/openmetrics-text created',
    );
  });

  it('should say which port is taken', async () => {
    const { url } = await start();
    const { port } = new URL(url);
    const error = await refusal({ port: Number(port) });
    expect(error.code).to.equal('ENDPOINT_FAILED');
    expect(error.message).to.contain('"localhost"').and.to.contain(`port ${port}`);
  });

  it('should refuse a port and a path that cannot be', async () => {
    for (const port of [-1, 65_536, 1.5, NaN]) {
      const error = await refusal({ port });
      expect(error.code).to.equal('INVALID_OPTION');
      expect(error.message).to.contain(`${port}`).and.to.contain('65535');
    }
    const error = await refusal({ path: 'metrics' });
    expect(error.code).to.equal('INVALID_OPTION');
    expect(error.message).to.contain('"metrics"');
  });

  it('should refuse limits out of bounds, and say them', async () => {
    const rows: [options: object, bound: string][] = [
      ...[0, 65, 1.5, NaN, null].map((scrapesMax): [object, string] => [{ scrapesMax }, '1 to 64']),
      ...[999, 600_001, '60000'].map((millis): [object, string] => [
        { answerTimeoutMillis: millis },
        '1000 to 600000',
      ]),
      ...[-1, 3_600_001].map((zeroStartMillis): [object, string] => [{ zeroStartMillis }, '0 to 3600000']),
      [{ allowedHosts: 'a.example' }, 'array'],
      [{ allowedHosts: ['http://a.example'] }, 'without a port'],
    ];
    for (const [options, bound] of rows) {
      const error = await refusal(options);
      expect(error.code).to.equal('INVALID_OPTION');
      expect(error.message).to.contain(Object.keys(options)[0]).and.to.contain(bound);
    }
    await start({
      scrapesMax: 64,
      answerTimeoutMillis: 600_000,
      zeroStartMillis: 3_600_000,
      allowedHosts: [],
    });
  });

  it('should refuse what is not a store', async () => {
    const error: unknown = await startPrometheusEndpoint({ store: {} as never, port: 0 }).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.have.property('code', 'NOT_A_STORE_HANDLE');
  });

  it('should shut down once and leave the store alone', async () => {
    const endpoint = await start();
    await Promise.all([endpoint.shutdown(), endpoint.shutdown()]);
    await endpoint.shutdown();
    const failed: unknown = await fetch(endpoint.url).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(TypeError);
    store.getMeter('').createCounter('jobs').add(1);
    const { url } = await start();
    expect(await (await fetch(url)).text()).to.contain('jobs_total 1');
  });

  it('should not keep a process alive, not even with an open connection', async () => {
    const lib = (path: string): string => JSON.stringify(new URL(`../../lib/${path}`, import.meta.url).href);
    const program = `
      import { get } from 'node:http';
      import { startPrometheusEndpoint } from ${lib('exposition/prometheus-endpoint.ts')};
      import { createStore } from ${lib('otel/metric-store.ts')};
      const { url } = await startPrometheusEndpoint({ store: createStore(), port: 0 });
      const status = await new Promise(resolve => get(url, response => {
        response.resume().on('end', () => resolve(response.statusCode));
      }));
      console.log(status);
    `;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 30_000,
    });
    const [output, [code]] = await Promise.all([
      textFrom(child.stdout),
      once(child, 'exit') as Promise<[number]>,
    ]);
    expect(output).to.equal('200\n');
    expect(code).to.equal(0);
  });
});
