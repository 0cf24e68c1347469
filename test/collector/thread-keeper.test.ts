// Goal: whatever ends the collector thread, and however often, another one goes on: totals are exact, and of deltas nothing
// is delivered twice and nothing is lost but what an exporter had in its hands. Method: real threads, an exporter that counts
// in shared memory what it delivers, and ends its thread before it delivers, before it answers, or where nobody catches it.
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { diag } from '@opentelemetry/api';
import { expect } from 'chai';
import {
  createStore,
  DoubleBufferedMetricReader,
  startCollectorThread,
  type CollectorThread,
  type CollectorThreadOptions,
  type MetricStore,
} from '../../lib/index.js';
import { resolveCollectorOptions } from '../../lib/collector/collector-options.js';
import { ThreadKeeper } from '../../lib/collector/thread-keeper.js';
import { isMetricStoreError } from '../../lib/errors.js';
import { coreOf } from '../../lib/store/store-core.js';
import { ask } from '../exposition/http-client.js';
import { captureWarnings } from '../faults/warnings.js';
import { flush, tryToFlush, untilRestarts } from './flushing.js';

const COUNTING = new URL('./exporters/counting.mjs', import.meta.url);
const STUCK = new URL('./exporters/stuck.mjs', import.meta.url);
const RESTART = { delayMinMillis: 1, delayMaxMillis: 5 };

describe('a collector thread that ends', () => {
  let store: MetricStore;
  let said: string[];
  const workers: Worker[] = [];
  const remember = (worker: Worker): void => void workers.push(worker);

  beforeEach(() => {
    store = createStore({ maxBytes: 2 ** 24 });
    workers.length = 0;
    said = captureWarnings();
    process.on('worker', remember);
  });
  afterEach(async () => {
    process.off('worker', remember);
    diag.disable();
    await store.shutdown();
  });

  const counting = (modes: string[], temporality = 0) => {
    const counts = new SharedArrayBuffer(32);
    const words = new Int32Array(counts);
    const options = { exporterModule: COUNTING, exporterOptions: { counts, modes, temporality } };
    return { options: { ...options, restart: RESTART }, delivered: () => words[0] ?? 0, words };
  };

  const start = (options: Omit<CollectorThreadOptions, 'store'>): Promise<CollectorThread> =>
    startCollectorThread({ store, ...options });

  async function totalIn(reader: DoubleBufferedMetricReader): Promise<number> {
    const { resourceMetrics } = await reader.collect();
    const [metric] = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
    return Number(metric?.dataPoints[0]?.value);
  }

  for (const [mode, loses] of [
    ['exit', true],
    ['throw', true],
    ['answerless', false],
  ] as const)
    it(`should be followed by one that delivers all but what was in doubt: ${mode}, with failures in between`, async () => {
      const { options, delivered, words } = counting(['ok', 'fail', 'fail', mode, 'fail']);
      const collector = await start(options);
      const counter = store.getMeter('m').createCounter('c');
      let [recorded, lost] = [0, 0];
      for (let step = 1; collector.restarts < 5; step++) {
        counter.add(step);
        recorded += step;
        const { restarts } = collector;
        if ((await tryToFlush(collector)) === 'flushed') continue;
        // What it had in its hands when it ended.
        if (loses) lost += words[1] ?? 0;
        await untilRestarts(collector, restarts + 1);
      }
      await flush(collector);
      await collector.shutdown();
      expect([delivered() + lost, store.statistics().deltaBatchesInDoubt]).to.deep.equal([recorded, 5]);
      expect(lost > 0).to.equal(loses);
      expect(said.filter(text => text.includes('whose fate nobody knows'))).to.have.length(5);
      expect(await totalIn(new DoubleBufferedMetricReader({ store }))).to.equal(recorded);
    });

  it('should be followed by one when it had no memory left', async () => {
    const { options, delivered } = counting(['memory', ...Array<string>(9).fill('ok')], 1);
    const collector = await start({ ...options, resourceLimits: { maxOldGenerationSizeMb: 32 } });
    store.getMeter('m').createCounter('c').add(7);
    await collector.forceFlush().catch(() => undefined);
    await flush(collector);
    expect([delivered(), collector.restarts]).to.deep.equal([7, 1]);
    expect(said.join()).to.include('ERR_WORKER_OUT_OF_MEMORY').and.include('memory');
    await collector.shutdown();
  });

  it('should be followed by one when the module fails at first, or the port is taken, once that is over', async () => {
    const { options, words } = counting(['exit', ...Array<string>(9).fill('ok')], 1);
    const exporterOptions = { ...options.exporterOptions, failsToLoad: 3 };
    const collector = await start({
      ...options,
      exporterOptions,
      prometheus: { port: 0, host: '127.0.0.1' },
    });
    const port = Number(new URL(collector.url ?? '').port);
    store.getMeter('m').createCounter('c').add(7);
    await collector.forceFlush().catch(() => undefined);
    await flush(collector);
    expect(collector.restarts).to.equal(4);
    expect(words[0]).to.equal(7);
    await workers[workers.length - 1]?.terminate();
    const { createServer } = await import('node:http');
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    await untilRestarts(collector, 7);
    // Whatever ended the thread before: this is another cause.
    expect(said.filter(text => text.includes('Cannot listen'))).to.have.length(1);
    other.close();
    await flush(collector);
    expect((await ask(collector.url ?? '')).status).to.equal(200);
    await collector.shutdown();
  });

  /** With little patience, so that who never comes is known soon. */
  const keeperOf = (options: Omit<CollectorThreadOptions, 'store'>, patienceMillis: number): ThreadKeeper =>
    new ThreadKeeper(coreOf(store), resolveCollectorOptions({ store, ...options }), {}, patienceMillis);
  const codeOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'none',
      (error: unknown) => (isMetricStoreError(error) ? `${error.code}: ${error.message}` : error),
    );

  for (const where of ['promise', 'module'])
    it(`should not be waited for when it is never ready: an exporter that is stuck in its ${where}`, async () => {
      const keeper = keeperOf({ exporterModule: STUCK, exporterOptions: { where } }, 100);
      expect(await codeOf(keeper.start())).to.match(
        /^COLLECTOR_FAILED: the thread was not ready within 100 ms/,
      );
      expect((await keeper.closed).cause).to.have.property('code', 'COLLECTOR_FAILED');
      expect(workers[0]?.threadId).to.equal(-1);
    });

  it('should reject flush and shutdown, and end, when an exporter never gives the thread back', async () => {
    const times = { exportIntervalMillis: 60_000, exportTimeoutMillis: 25 };
    const keeper = keeperOf({ exporterModule: STUCK, exporterOptions: {}, ...times }, 3000);
    await keeper.start();
    store.getMeter('m').createCounter('c').add(7);
    const rejected = /^EXPORT_TIMEOUT: the (flush|shutdown) of the collector thread did not finish/;
    const ended = once(workers[0]!, 'exit');
    const flushed = codeOf(keeper.call('flush'));
    expect(await codeOf(keeper.shutdown())).to.match(rejected);
    expect(await flushed).to.match(rejected);
    await ended;
  });

  it('should be followed by one on the port that was asked for, also on one that addresses leave out', async function () {
    const { createServer } = await import('node:net');
    const server = createServer().listen(80, '127.0.0.1');
    const isAllowed = await Promise.race([
      once(server, 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ]);
    server.close();
    if (!isAllowed) this.skip();
    const collector = await start({ prometheus: { port: 80, host: '127.0.0.1' }, restart: RESTART });
    await workers[0]?.terminate();
    await untilRestarts(collector, 1);
    await flush(collector);
    expect(collector.url).to.equal('http://127.0.0.1:80/metrics');
    await collector.shutdown();
  });

  it('should end for good, with its cause, when it must not be started again or fails too often', async () => {
    for (const [restart, restarts] of [
      [false, 0],
      [{ ...RESTART, failuresMax: 3 }, 3],
    ] as const) {
      store = createStore({ maxBytes: 2 ** 24 });
      const { options } = counting(['exit']);
      const exporterOptions = { ...options.exporterOptions, failsToLoad: Infinity };
      const collector = await start({ ...options, exporterOptions, restart });
      store.getMeter('m').createCounter('c').add(7);
      await collector.forceFlush().catch(() => undefined);
      const { cause } = await collector.closed;
      expect(String(cause)).to.include(restarts === 0 ? 'ended with code 7' : 'not this time');
      expect([collector.restarts, said.at(-1)?.includes('is not started again')]).to.deep.equal([
        restarts,
        true,
      ]);
      await collector.shutdown();
      // Its place of deltas is free.
      const reader = (): DoubleBufferedMetricReader =>
        new DoubleBufferedMetricReader({ store, aggregationTemporalitySelector: () => 0 });
      for (const free of [reader(), reader(), reader(), reader()]) await free.shutdown();
    }
  });

  it('should leave the store to any other thread meanwhile', async () => {
    const collector = await start({
      ...counting([]).options,
      prometheus: { port: 0 },
      restart: { delayMinMillis: 60_000 },
    });
    const counter = store.getMeter('m').createCounter('c');
    for (let round = 1; round <= 3; round++) {
      counter.add(1);
      if (round === 2) await workers[0]?.terminate();
      expect(await totalIn(new DoubleBufferedMetricReader({ store }))).to.equal(round);
    }
    await collector.shutdown();
    expect(await collector.closed).to.deep.equal({ cause: undefined });
  });
});
