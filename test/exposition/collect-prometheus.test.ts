import { expect } from 'chai';
import { gunzipSync } from 'node:zlib';
import { MetricStoreError } from '../../lib/errors.js';
import { collectPrometheus, type PrometheusAnswer } from '../../lib/exposition/collect-prometheus.js';
import { createStore } from '../../lib/otel/metric-store.js';
import type { MetricStore } from '../../lib/otel/store-interface.js';
import { readProtobuf } from './read-formats.js';

async function bodyOf({ chunks }: PrometheusAnswer): Promise<Buffer> {
  const taken: Uint8Array[] = [];
  for await (const chunk of chunks) taken.push(chunk);
  return Buffer.concat(taken);
}

describe('collectPrometheus', () => {
  let store: MetricStore;
  beforeEach(() => {
    store = createStore({ shared: false });
  });
  afterEach(() => store.shutdown());

  it('should answer as headers say, whichever way they are absent', async () => {
    store.getMeter('').createCounter('jobs').add(2);
    const text = '# TYPE jobs_total counter\njobs_total 2\n';
    for (const acceptEncoding of [undefined, null, '', 'identity', 'gzip;q=0']) {
      const answer = await collectPrometheus({ store, accept: null, acceptEncoding });
      expect(answer).to.have.property('contentType', 'text/plain; version=0.0.4; charset=utf-8');
      expect(answer).to.not.have.property('contentEncoding');
      expect((await bodyOf(answer)).toString()).to.equal(text);
    }
    const zipped = await collectPrometheus({ store, acceptEncoding: 'br, gzip' });
    expect(zipped.contentEncoding).to.equal('gzip');
    expect(gunzipSync(await bodyOf(zipped)).toString()).to.equal(text);
  });

  it('should be in the format that the Accept asks for, of those that are offered', async () => {
    store.getMeter('').createCounter('http.jobs').add(2);
    const accept =
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
    const typeOf = async (options: Partial<Parameters<typeof collectPrometheus>[0]>): Promise<string> =>
      (await collectPrometheus({ store, ...options } as Parameters<typeof collectPrometheus>[0])).contentType;
    const answer = await collectPrometheus({ store, accept });
    expect(answer.contentType).to.match(/^application\/vnd\.google\.protobuf; /);
    expect(readProtobuf(await bodyOf(answer)).samples).to.deep.equal(new Map([['http_jobs_total []', 2]]));
    expect(await typeOf({ accept, protobuf: false })).to.match(/^text\/plain; version=0\.0\.4/);
    const both = 'application/openmetrics-text, text/plain;q=0.5';
    expect(await typeOf({ accept: both })).to.match(/^text\/plain/);
    expect(await typeOf({ accept: both, openMetrics: true })).to.match(
      /^application\/openmetrics-text; version=1\.0\.0/,
    );
    expect(await typeOf({ accept: 'text/plain;version=1.0.0;escaping=allow-utf-8' })).to.contain(
      'version=1.0.0',
    );
  });

  it('should make the body of a web Response', async () => {
    store.getMeter('').createCounter('jobs').add(2);
    const { chunks, contentType } = await collectPrometheus({ store });
    const streams = ReadableStream as unknown as { from(iterable: unknown): ReadableStream };
    const response = new Response(streams.from(chunks), { headers: { 'Content-Type': contentType } });
    expect(await response.text()).to.contain('jobs_total 2');
  });

  it('should share a collection among those who come together', async () => {
    let collections = 0;
    const counter = store.getMeter('').createObservableCounter('collections');
    counter.addCallback(result => result.observe(++collections));
    await Promise.all(Array.from({ length: 20 }, async () => bodyOf(await collectPrometheus({ store }))));
    expect(collections).to.equal(1);
  });

  it('should reject when there is nothing but errors, and wait for callbacks as long as it is told', async () => {
    store.getMeter('').createObservableGauge('hangs').addCallback(() => new Promise<void>(() => undefined)); // prettier-ignore
    const failure: unknown = await collectPrometheus({ store, timeoutMillis: 20 }).catch(
      (error: unknown) => error,
    );
    expect(failure).to.have.property('code', 'CALLBACK_TIMEOUT');
  });

  it('should refuse what cannot be', async () => {
    const rows: [object, string][] = [
      [{ accept: 7 }, 'accept'],
      [{ acceptEncoding: ['gzip'] }, 'acceptEncoding'],
      [{ timeoutMillis: 0 }, 'timeoutMillis'],
      [{ timeoutMillis: '1' }, 'timeoutMillis'],
      [{ answerTimeoutMillis: 1 }, 'answerTimeoutMillis'],
      [{ gzipLevel: -1 }, 'gzipLevel'],
      [{ scrapesMax: 1 }, 'scrapesMax'],
    ];
    for (const [options, named] of rows) {
      const failure: unknown = await collectPrometheus({ store, ...options }).catch(
        (error: unknown) => error,
      );
      expect(failure).to.be.instanceOf(MetricStoreError).with.property('code', 'INVALID_OPTION');
      expect(String(failure)).to.contain(named);
    }
  });
});
