// Goal: whatever ends in the middle of an answer, its store, its reader, its provider, or another door of the same store, the
// answer comes whole, in every format, and doors that are opened again go on. Method: clients that stop after the first bytes of
// an answer, in a connection that
// holds nothing, and go on when the end was told.
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { once } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { MetricStoreError } from '../../lib/errors.js';
import { prometheusHandler, type PrometheusHandler } from '../../lib/exposition/prometheus-handler.js';
import { startPrometheusEndpoint } from '../../lib/exposition/prometheus-endpoint.js';
import { DoubleBufferedMetricReader } from '../../lib/otel/double-buffered-metric-reader.js';
import { createStore } from '../../lib/otel/metric-store.js';
import type { MetricStore } from '../../lib/otel/store-interface.js';
import { ask, serve } from './http-client.js';
import { readProtobuf, readText } from './read-formats.js';
import type { ReadBack } from './read-formats.js';

const PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
const SERIES = 600;
/** Noise, so that the answer is long with gzip too. */
const PAD = 1500;

const FORMATS: Record<string, [headers: Record<string, string>, read: (body: Buffer) => ReadBack]> = {
  text: [{}, body => readText(body.toString())],
  'text with gzip': [{ 'accept-encoding': 'gzip' }, body => readText(gunzipSync(body).toString())],
  protobuf: [{ accept: PROTOBUF }, readProtobuf],
};

let seed = 1;
const noise = (): number => 33 + ((seed = (seed * 48_271) % 2_147_483_647) % 93);
const PADS = Array.from({ length: SERIES }, () => String.fromCharCode(...Array.from({ length: PAD }, noise)));

interface Scene {
  readonly store: MetricStore;
  readonly reader: DoubleBufferedMetricReader;
  readonly provider: MeterProvider;
  /** Of a server with the handler that answers. */
  readonly url: string;
}

/** What may end, and how that is told. */
const ENDS: Record<string, (scene: Scene) => Promise<unknown>> = {
  'the store': ({ store }) => store.shutdown(),
  'the reader': ({ reader }) => reader.shutdown(),
  'the provider': ({ provider }) => provider.shutdown(),
  'what was collected, because more was counted and others ask': async ({ store, url }) => {
    const other = await startPrometheusEndpoint({ store, host: '127.0.0.1', port: 0 });
    for (let round = 0; round < 2; round++) {
      count(store);
      await Promise.all([ask(url), ask(other.url)]);
    }
    await other.shutdown();
  },
  'everything at once': ({ store, provider }) => Promise.all([store.shutdown(), provider.shutdown()]),
};

function count(store: MetricStore): void {
  const counter = store.getMeter('m').createCounter('c');
  for (let index = 0; index < SERIES; index++) counter.add(index, { index, pad: PADS[index] });
}

function openScene(): Omit<Scene, 'url'> {
  const store = createStore({ shared: false, cardinalityLimit: SERIES });
  count(store);
  const reader = new DoubleBufferedMetricReader({ store });
  const provider = new MeterProvider({ readers: [reader] });
  provider.getMeter('sdk').createCounter('sdk').add(1);
  return { store, reader, provider };
}

/** Takes one write, and the next ones when it is told to. */
class HeldConnection extends Writable {
  readonly parts: Buffer[] = [];
  readonly begun: Promise<void>;
  goOn: () => void = () => undefined;
  readonly #told = new Promise<void>(resolve => (this.goOn = resolve));
  #begin: () => void = () => undefined;

  constructor() {
    super({ highWaterMark: 1 });
    this.begun = new Promise(resolve => (this.#begin = resolve));
  }

  override _write(part: Uint8Array, _: string, done: () => void): void {
    this.parts.push(Buffer.from(part));
    this.#begin();
    void this.#told.then(done);
  }
}

/** The body of the answer to a client of HTTP/1.0, which knows no chunks; something ends after its first bytes. */
async function bodyAfter(
  handler: PrometheusHandler,
  headers: Record<string, string>,
  end: () => Promise<unknown>,
): Promise<Buffer> {
  const connection = new HeldConnection();
  const request = new IncomingMessage(connection as unknown as Socket);
  Object.assign(request, {
    method: 'GET',
    url: '/metrics',
    httpVersionMajor: 1,
    httpVersionMinor: 0,
    headers,
  });
  const response = new ServerResponse(request);
  response.assignSocket(connection as unknown as Socket);
  // As a server does.
  connection.on('drain', () => response.emit('drain')).on('error', () => undefined);
  handler(request, response);
  await connection.begun;
  await end();
  connection.goOn();
  await once(response, 'finish');
  const whole = Buffer.concat(connection.parts);
  return whole.subarray(whole.indexOf('\r\n\r\n') + 4);
}

describe('answers in the middle of which something ends', () => {
  for (const [what, end] of Object.entries(ENDS))
    for (const [format, [headers, read]] of Object.entries(FORMATS))
      it(`should come whole when that is ${what}: ${format}`, async () => {
        const scene = openScene();
        const { store, reader, provider } = scene;
        const handler = prometheusHandler({ reader });
        const server = await serve(handler);
        try {
          const { samples } = read(
            await bodyAfter(handler, headers, () => end({ ...scene, url: server.url })),
          );
          const counted = [...samples].filter(([key]) => key.startsWith('c_total '));
          expect(counted).to.have.length(SERIES);
          expect(counted.reduce((sum, [, value]) => sum + value, 0)).to.equal((SERIES * (SERIES - 1)) / 2);
        } finally {
          await Promise.all([server.close(), store.shutdown()]);
          await provider.shutdown().catch(() => undefined);
        }
      });

  it('should leave other doors of the store alone, each with options of its own', async () => {
    const { store } = openScene();
    const open = (port = 0, zeroStartMillis = 0): ReturnType<typeof startPrometheusEndpoint> =>
      startPrometheusEndpoint({ store, host: '127.0.0.1', port, zeroStartMillis });
    const sumOf = async (url: string): Promise<number> =>
      [...readText((await ask(url)).body.toString()).samples]
        .filter(([key]) => key.startsWith('c_total '))
        .reduce((sum, [, value]) => sum + value, 0);
    const whole = (SERIES * (SERIES - 1)) / 2;
    const [young, plain] = [await open(0, 3_600_000), await open()];
    const handler = await serve(prometheusHandler({ store }));
    const port = Number(new URL(young.url).port);
    expect(await Promise.all([young, plain, handler].map(({ url }) => sumOf(url)))).to.deep.equal([
      0,
      whole,
      whole,
    ]);
    const taken: unknown = await open(port).catch((error: unknown) => error);
    expect(taken).to.be.instanceOf(MetricStoreError).with.property('code', 'ENDPOINT_FAILED');
    // On the port that was just left, as often as somebody likes to.
    let last = young;
    for (let round = 0; round < 2; round++) {
      await last.shutdown();
      last = await open(port);
      expect(await Promise.all([last, plain, handler].map(({ url }) => sumOf(url)))).to.deep.equal([
        whole,
        whole,
        whole,
      ]);
    }
    await Promise.all([last.shutdown(), plain.shutdown(), handler.close()]);
    await store.shutdown();
  });
});
