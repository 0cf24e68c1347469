// Goal: a collector thread serves and exports whatever the other threads are at, and what was recorded last is exported when
// the process ends. Method: real threads, child processes for ends of processes.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  createStore,
  DoubleBufferedMetricReader,
  isMetricStoreError,
  startCollectorThread,
  type CollectorThreadOptions,
  type MetricStore,
} from '../../lib/index.js';
import { ask } from '../exposition/http-client.js';
import { firstMessage } from './first-message.js';

const COUNTING = new URL('./exporters/counting.mjs', import.meta.url);

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  return isMetricStoreError(error) ? `${error.code}: ${error.message}` : String(error);
}

async function scrape(url: string | undefined): Promise<string> {
  const { body } = await ask(url ?? '');
  return body.toString();
}

const valueOf = (exposition: string, name: string): number =>
  Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'm').exec(exposition)?.[1]);

/** What the thread that spins had recorded at the last one; the others, which have recorded 1000 each, are exact in all of them. */
async function spunIn100Scrapes(url: string, others: readonly string[]): Promise<number> {
  let last = 0;
  for (let scrapes = 0; scrapes < 100; scrapes++) {
    const exposition = await scrape(url);
    expect(others.map(name => valueOf(exposition, `${name}_total`))).to.deep.equal(others.map(() => 1000));
    const spun = valueOf(exposition, 'spun_total');
    expect(spun).to.be.at.least(last);
    last = spun;
  }
  expect(last).to.be.greaterThan(0);
  return last;
}

describe('startCollectorThread', () => {
  let store: MetricStore;
  beforeEach(() => (store = createStore({ maxBytes: 2 ** 24 })));
  let spinning: Worker | undefined;
  afterEach(async () => {
    // It would hold the process for ever, however the test ends.
    await spinning?.terminate();
    spinning = undefined;
    await store.shutdown();
  });
  const start = (options: Omit<CollectorThreadOptions, 'store'>): ReturnType<typeof startCollectorThread> =>
    startCollectorThread({ store, ...options });

  it('should serve what all threads recorded, with the resource of the store, until it is shut down', async () => {
    const late = resourceFromAttributes({
      'service.name': 's',
      detected: new Promise<string>(resolve => setTimeout(() => resolve('late'), 20)),
    });
    store = createStore({ maxBytes: 2 ** 24, resource: late });
    const collector = await start({ prometheus: { port: 0 } });
    store.getMeter('m').createCounter('c').add(2, { k: 'a' });
    const exposition = await scrape(collector.url);
    expect(exposition).to.match(/^c_total\{k="a",.*\} 2$/m);
    expect(exposition).to.match(/^target_info\{detected="late",service_name="s"\} 1$/m);
    await collector.shutdown();
    await collector.shutdown();
    expect(await collector.closed).to.deep.equal({ cause: undefined });
    expect(await codeOf(ask(collector.url ?? ''))).to.include('ECONNREFUSED');
    expect(await codeOf(collector.forceFlush())).to.include('COLLECTOR_FAILED');
  });

  it('should export what a module makes of the options that it is given, by its temporality', async () => {
    for (const temporality of [0, 1]) {
      const counts = new SharedArrayBuffer(32);
      const exporterOptions = { counts, temporality };
      const collector = await start({ exporterModule: COUNTING, exporterOptions });
      expect(collector.url).to.equal(undefined);
      const counter = store.getMeter('m').createCounter(`c`);
      for (let round = 1; round <= 3; round++) {
        counter.add(5);
        await collector.forceFlush();
      }
      counter.add(1);
      await collector.shutdown();
      // Of the second one: what the first had counted too.
      expect([...new Int32Array(counts)].slice(0, 3)).to.deep.equal([temporality === 0 ? 16 : 32, 0, 4]);
    }
  });

  it('should collect a store whose Views have functions', async () => {
    const attributesProcessors = [{ process: () => ({ only: 'this' }) }];
    store = createStore({
      maxBytes: 2 ** 24,
      views: [{ instrumentName: 'c', attributesProcessors }],
    });
    const collector = await start({ prometheus: { port: 0 } });
    store.getMeter('m').createCounter('c').add(2, { k: 'a' });
    expect(await scrape(collector.url)).to.match(/^c_total\{only="this",.*\} 2$/m);
    await collector.shutdown();
  });

  it('should reject with what makes the first thread fail, and leave nothing running', async () => {
    const first = await start({ prometheus: { port: 0 } });
    const port = Number(new URL(first.url ?? '').port);
    expect(await codeOf(start({ prometheus: { port } }))).to.match(/^ENDPOINT_FAILED: Cannot listen/);
    await first.shutdown();
    const failing = (name: string): Promise<string> =>
      codeOf(start({ exporterModule: new URL(`./exporters/${name}`, import.meta.url) }));
    expect(await failing('missing.mjs')).to.match(/^COLLECTOR_FAILED: exporterModule .* cannot be loaded/);
    expect(await failing('throwing.mjs')).to.match(/^COLLECTOR_FAILED: .* failed: no credentials/);
    expect(await failing('no-exporter.cjs')).to.match(/^COLLECTOR_FAILED: .* a method export\(\)/);
    const alone = createStore({ shared: false, maxBytes: 2 ** 22 });
    expect(await codeOf(startCollectorThread({ store: alone, prometheus: { port: 0 } }))).to.match(
      /^NOT_SHARED/,
    );
    const delta = (): DoubleBufferedMetricReader =>
      new DoubleBufferedMetricReader({ store, aggregationTemporalitySelector: () => 0 });
    const readers = [delta(), delta(), delta(), delta()];
    const counts = new SharedArrayBuffer(32);
    expect(await codeOf(start({ exporterModule: COUNTING, exporterOptions: { counts } }))).to.match(
      /^TOO_MANY_DELTA_READERS/,
    );
    for (const reader of readers) await reader.shutdown();
  });

  it('should answer 100 scrapes in a row while the thread that started it spins, with what living and dead threads recorded', async () => {
    const workerData = { handle: store.handle };
    const dead = new Worker(new URL('./programs/recording.mjs', import.meta.url), {
      workerData: { ...workerData, ends: true },
    });
    await once(dead, 'exit');
    spinning = new Worker(new URL('./programs/spinning.mjs', import.meta.url), { workerData });
    const last = await spunIn100Scrapes(await firstMessage(spinning), ['dead']);
    await spinning.terminate();
    // Whatever it recorded until then is there for any other thread, without the collector thread.
    const { resourceMetrics } = await new DoubleBufferedMetricReader({ store }).collect();
    const values = resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
      metrics.map(({ descriptor, dataPoints: [point] }) => [descriptor.name, Number(point?.value)] as const),
    );
    expect(Object.fromEntries(values)['dead']).to.equal(1000);
    expect(Object.fromEntries(values)['spun']).to.be.at.least(last);
  });

  it('should answer 100 scrapes in a row while the main thread of its process spins for ever', async () => {
    const child = fork(new URL('./programs/spinning-main.mjs', import.meta.url), { execArgv: [] });
    try {
      const [url] = (await once(child, 'message')) as [string];
      await spunIn100Scrapes(url, ['dead', 'living']);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

interface End {
  readonly code: number | null;
  readonly printed: string;
  readonly said: string;
}

async function endOf(how: string, options: object): Promise<End> {
  const program = fileURLToPath(new URL('./programs/ending.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, how, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [printed, said, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, printed, said };
}

describe('a process that may not have the thread', () => {
  const program = fileURLToPath(new URL('./programs/restricted.mjs', import.meta.url));
  const permission = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission';

  for (const [what, flags, options, code] of [
    ['without the permission', [permission, '--allow-fs-read=*'], {}, 'ERR_ACCESS_DENIED'],
    ['without the memory', [], { resourceLimits: { maxOldGenerationSizeMb: 4 } }, 'ERR_WORKER_OUT_OF_MEMORY'],
  ] as const)
    it(`should be told with an error of the package, and its cause: ${what}`, async () => {
      const child = spawn(process.execPath, [...flags, program, JSON.stringify(options)], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const said = await text(child.stdout);
      expect(said).to.match(/^MetricStoreError COLLECTOR_FAILED: the thread cannot be started: /);
      expect(said).to.match(new RegExp(`; ${code}$`));
    });
});

describe('the end of a process with a collector thread', () => {
  const CODES = { exit: 3, throw: 1, natural: 0, blocked: 3 };

  for (const observes of [false, true])
    for (const [how, code] of Object.entries(CODES))
      it(`should export what was recorded last, and keep its code: ${how}${observes ? ', with an observable' : ''}`, async () => {
        const { printed, said, ...end } = await endOf(how, { exporter: 'printing.mjs', observes });
        expect([end.code, printed]).to.deep.equal([code, 'c 7\n'], said);
        expect(said.includes('otel-argo-metrics')).to.equal(false);
      });

  it('should not be held up by an endpoint alone', async () => {
    for (const [how, expected] of Object.entries(CODES)) {
      const { code, said } = await endOf(how, { prometheus: { port: 0 }, flushOnExitMillis: 60_000 });
      expect([code, said.includes('otel-argo-metrics')]).to.deep.equal([expected, false]);
    }
  });

  it('should say that an exporter that hangs, or fails, has not delivered', async () => {
    const hanging = { exporter: 'hanging.mjs', flushOnExitMillis: 100 };
    const late = await endOf('exit', hanging);
    expect(late.code).to.equal(3);
    expect(late.said).to.match(/the last export.* (did not finish within 100 ms|failed)/);
    const failing = { ...hanging, flushOnExitMillis: 60_000, exporterOptions: { fails: true } };
    const failed = await endOf('exit', failing);
    expect(failed.code).to.equal(3);
    expect(failed.said).to.match(/an export failed.*the receiver is down/);
  });

  it('should not wait for a thread that is dead, even if nobody was told yet', async () => {
    // It would take a minute.
    const options = { exporter: 'printing.mjs', flushOnExitMillis: 60_000, restart: false };
    for (const how of ['dead', 'dying']) {
      const { code, printed, said } = await endOf(how, options);
      expect([code, printed], said).to.deep.equal([3, '']);
    }
  });

  it('should lose what was not exported when it must not wait', async () => {
    const { code, printed } = await endOf('exit', { exporter: 'printing.mjs', flushOnExitMillis: 0 });
    expect([code, printed]).to.deep.equal([3, '']);
  });
});
