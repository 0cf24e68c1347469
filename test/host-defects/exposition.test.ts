// Defects of the host's Prometheus exporter, and what happens here instead. See docs/host-defects.md.
import { once } from 'node:events';
import { connect } from 'node:net';
import { diag } from '@opentelemetry/api';
import { expect } from 'chai';
import {
  collectPrometheusText,
  createStore,
  startPrometheusEndpoint,
  type MetricStore,
  type PrometheusEndpoint,
  type StoreOptions,
} from '../../lib/index.js';
import { captureDiag } from '../support/collected.js';
import { parsePrometheusText } from '../support/prometheus-parser.js';

describe('host defects: exposition', () => {
  let store: MetricStore;
  const endpoints: PrometheusEndpoint[] = [];
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): void => void rejections.push(reason);
  before(() => process.on('unhandledRejection', onRejection));
  after(() => process.off('unhandledRejection', onRejection));
  afterEach(async () => {
    diag.disable();
    await Promise.all(endpoints.splice(0).map(endpoint => endpoint.shutdown()));
    await store.shutdown();
    expect(rejections).to.deep.equal([]);
  });
  const start = async (options: StoreOptions = {}): Promise<PrometheusEndpoint> => {
    store = createStore({ maxBytes: 64 * 1024 * 1024, ...options });
    const endpoint = await startPrometheusEndpoint({ store, port: 0 });
    endpoints.push(endpoint);
    return endpoint;
  };

  it('B28 no text is too long: it is made and sent in pieces, of which none grows with the number of series', async () => {
    const { url } = await start({ cardinalityLimit: 2000 });
    const histogram = store.getMeter('m').createHistogram('h');
    for (let id = 0; id < 2000; id++) histogram.record(1, { id, path: '/a/rather/long/path/to/make/text' });
    let longest = 0;
    let whole = '';
    for await (const chunk of collectPrometheusText({ store })) {
      longest = Math.max(longest, chunk.length);
      whole += chunk;
    }
    expect(whole.length).to.be.greaterThan(2_000_000);
    expect(longest).to.be.lessThan(70_000);
    expect(await (await fetch(url)).text()).to.equal(whole);
  });

  it('B28 a client that goes away in the middle ends its scrape and nothing else', async () => {
    const { url } = await start({ cardinalityLimit: 2000 });
    const histogram = store.getMeter('m').createHistogram('h');
    for (let id = 0; id < 2000; id++) histogram.record(1, { id });
    const socket = connect(Number(new URL(url).port), 'localhost');
    socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
    socket.destroy();
    await once(socket, 'close');
    expect((await fetch(url)).status).to.equal(200);
  });

  it('B28 what cannot be read fails no scrape', async () => {
    captureDiag();
    const resource = Object.defineProperty({}, 'attributes', {
      get: () => {
        throw new RangeError('Invalid string length');
      },
    });
    const { url } = await start({ resource: resource as never });
    const options = { description: 5, unit: {} } as never;
    store
      .getMeter('m')
      .createCounter('c', options)
      .add(1, { big: 1n } as never);
    for (let scrape = 0; scrape < 2; scrape++) {
      const response = await fetch(url);
      expect(response.status).to.equal(200);
      expect(parsePrometheusText(await response.text()).get('c_total')?.samples).to.have.length(1);
    }
  });
});
