// Goal: with the official OTLP exporter and real sockets, nothing rejects that should not, nothing is said sixty times,
// and nothing is too large. Each program is a process of its own, as an application is.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';

interface Run {
  readonly code: number | null;
  readonly output: string;
}

const PRELUDE = `
  import { diag } from '@opentelemetry/api';
  import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
  import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
  import { createStore, DoubleBufferedMetricReader } from 'otel-argo-metrics';
  const [url] = process.argv.slice(1);
  const ours = [];
  const say = (...words) => { if (String(words[0]).startsWith('otel-argo-metrics')) ours.push(words.map(String).join(' ')); };
  diag.setLogger({ error: say, warn: say, info: say, debug() {}, verbose() {} }, { suppressOverrideMessage: true });
`;

/** Runs a program of the application; `onMessage` gets what it sends. */
async function run(
  program: string,
  url: string,
  onMessage = (_pid: number): void => undefined,
): Promise<Run> {
  const args = ['--input-type=module', '-e', PRELUDE + program, url];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => (output += data.toString()));
  child.on('message', () => onMessage(child.pid ?? 0));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: output.trim() };
}

interface Request {
  readonly bytes: number;
  readonly sum: number;
  readonly points: number;
}

/** An OTLP receiver that takes bodies up to a size and answers after `before`. */
class Receiver {
  readonly requests: Request[] = [];
  refused = 0;
  readonly #server: Server;

  constructor(maxBytes: number, before = (): Promise<void> => Promise.resolve()) {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        const isTooLarge = body.length > maxBytes;
        if (isTooLarge) this.refused++;
        else this.requests.push({ bytes: body.length, ...contentOf(body) });
        void before().then(() => {
          response.writeHead(isTooLarge ? 413 : 200, { 'content-type': 'application/json' }).end('{}');
        });
      });
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/metrics`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

function contentOf(body: Buffer): { sum: number; points: number } {
  const { resourceMetrics } = JSON.parse(body.toString()) as {
    resourceMetrics: {
      scopeMetrics: { metrics: { sum: { dataPoints: { asDouble?: number; asInt?: number }[] } }[] }[];
    }[];
  };
  const points = resourceMetrics.flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap(({ metrics }) => metrics.flatMap(({ sum }) => sum.dataPoints)),
  );
  const sum = points.reduce((total, { asDouble, asInt }) => total + Number(asDouble ?? asInt), 0);
  return { sum, points: points.length };
}

/** Of a server that is gone: nobody listens there. */
async function deadUrl(): Promise<string> {
  const receiver = new Receiver(0);
  const url = await receiver.listen();
  receiver.close();
  return url;
}

describe('the OTLP exporter', () => {
  it('shutdown-rejects: forceFlush() and shutdown() resolve when nobody listens, as with the reader of the SDK', async () => {
    const program = (reader: string, options = ''): string => `
      const store = createStore();
      const exporter = new OTLPMetricExporter({ url, timeoutMillis: 300 });
      const options = { exporter, exportIntervalMillis: 500, ${options} };
      const provider = new MeterProvider({ readers: [${reader}] });
      provider.getMeter('m').createCounter('host').add(1);
      store.getMeter('m').createCounter('c').add(1);
      await provider.forceFlush();
      console.log('flushed');
      await provider.shutdown();
      console.log('shut down');`;
    const expected = { code: 0, output: 'flushed\nshut down' };
    const url = await deadUrl();
    const own = 'new DoubleBufferedMetricReader({ store, ...options })';
    for (const options of ['', 'aggregationTemporalitySelector: () => 0', 'maxExportBatchSize: 1'])
      expect(await run(program(own, options), url), options).to.deep.equal(expected);
    const sdk = program('new PeriodicExportingMetricReader({ ...options, exportTimeoutMillis: 500 })');
    expect(await run(sdk, url)).to.deep.equal(expected);
  });

  it('shutdown-rejects: a receiver that never answers rejects nothing either, nor holds up the exit', async () => {
    const receiver = new Receiver(1e9, () => new Promise(() => undefined));
    const { code, output } = await run(
      `const store = createStore();
      const exporter = new OTLPMetricExporter({ url, timeoutMillis: 60_000 });
      const reader = new DoubleBufferedMetricReader({ store, exporter, exportIntervalMillis: 200 });
      store.getMeter('m').createCounter('c').add(1);
      await reader.forceFlush();
      await reader.shutdown();
      console.log('shut down', ours.join().match(/an export did not|forceFlush\\(\\) did not/g).length);
      process.exit();`,
      await receiver.listen(),
    );
    receiver.close();
    expect([code, output]).to.deep.equal([0, 'shut down 2']);
  });

  it('shutdown-rejects: sixty exports to nobody are one line, and one more when they arrive again', async () => {
    const receiver = new Receiver(1e9);
    const { code, output } = await run(
      `for (const temporality of [0, 1]) {
        const store = createStore();
        let exporter = new OTLPMetricExporter({ url: 'http://127.0.0.1:1/v1/metrics', timeoutMillis: 100 });
        const later = new OTLPMetricExporter({ url });
        const changing = { export: (metrics, done) => exporter.export(metrics, done), selectAggregationTemporality: () => temporality };
        const reader = new DoubleBufferedMetricReader({ store, exporter: changing });
        const host = new MeterProvider({ readers: [reader] }).getMeter('m').createCounter('host');
        const counter = store.getMeter('m').createCounter('c');
        for (let round = 0; round < 60; round++) {
          counter.add(1);
          host.add(1);
          await reader.forceFlush();
        }
        exporter = later;
        for (let round = 0; round < 5; round++) await reader.forceFlush();
        await reader.shutdown();
        console.log(store.statistics().refused.failedExports > 59, ours.length);
        ours.length = 0;
      }`,
      await receiver.listen(),
    );
    receiver.close();
    // Of the SDK's deltas 16 exports are kept, and that older ones are lost is a line of its own.
    expect([code, output]).to.deep.equal([0, 'true 3\ntrue 2']);
  });

  it('lambda-freeze: at most once when the process is frozen between request and answer', async () => {
    const received = async (delivery: string): Promise<number[]> => {
      let pid = 0;
      let frozen = false;
      const receiver = new Receiver(1e9, async () => {
        if (frozen) return;
        frozen = true;
        process.kill(pid, 'SIGSTOP');
        setTimeout(() => process.kill(pid, 'SIGCONT'), 1500);
      });
      const { code, output } = await run(
        `const store = createStore();
        const exporter = new OTLPMetricExporter({ url, temporalityPreference: 0, timeoutMillis: 400 });
        const reader = new DoubleBufferedMetricReader({ store, exporter, exportTimeoutMillis: 1000, ${delivery} });
        store.getMeter('m').createCounter('c').add(5);
        process.send('begin');
        await new Promise(resolve => setTimeout(resolve, 50));
        await reader.forceFlush();
        await reader.forceFlush();
        process.disconnect();
        await reader.shutdown();`,
        await receiver.listen(),
        id => (pid = id),
      );
      receiver.close();
      expect([code, output]).to.deep.equal([0, '']);
      return receiver.requests.map(({ sum }) => sum);
    };
    expect(await received("delivery: 'at-most-once'")).to.deep.equal([5]);
  });

  it('grpc-4mb: sixty thousand series fit a receiver that takes 4 MiB, in both temporalities', async () => {
    const receiver = new Receiver(4 * 1024 * 1024);
    const { code, output } = await run(
      `const store = createStore({ cardinalityLimit: 100_000 });
      const readers = [0, 1].map(temporalityPreference => {
        const exporter = new OTLPMetricExporter({ url, temporalityPreference });
        return new DoubleBufferedMetricReader({ store, exporter, maxExportBatchSize: 5000 });
      });
      const counter = store.getMeter('m').createCounter('c');
      for (let index = 0; index < 60_000; index++) counter.add(1, { id: 'series-' + index, path: '/some/path/' + index });
      await Promise.all(readers.map(reader => reader.forceFlush()));
      counter.add(1, { id: 'another' });
      await Promise.all(readers.map(reader => reader.shutdown()));
      console.log(store.statistics().refused.failedExports, ours.length);`,
      await receiver.listen(),
    );
    receiver.close();
    expect([code, output, receiver.refused]).to.deep.equal([0, '0 0', 0]);
    const points = receiver.requests.reduce((sum, request) => sum + request.points, 0);
    expect(points).to.equal(60_000 + 1 + 60_000 + 60_001);
    expect(receiver.requests).to.have.length(12 + 1 + 12 + 13);
    expect(Math.max(...receiver.requests.map(request => request.points))).to.equal(5000);
  });
});
