// Goal: whatever an exporter does, nothing of the store is lost, nothing hangs, and no process is kept alive.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { diag } from '@opentelemetry/api';
import {
  AggregationTemporality,
  MeterProvider,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { createStore, DoubleBufferedMetricReader, type MetricStore } from '../../lib/index.js';
import { captureWarnings } from './warnings.js';

type Done = Parameters<PushMetricExporter['export']>[1];

const newStore = (): MetricStore => createStore({ maxBytes: 4 * 1024 * 1024 });
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'fine',
    (error: unknown) => (error as { code?: string }).code ?? (error as Error).message,
  );
const hang = (): Promise<never> => new Promise(() => undefined);
const nothing: unknown = undefined;
const thrower = (): never => {
  throw nothing;
};
/** Hangs until `answer` is called: an export whose deadline ends after its test would say so in the middle of another one. */
const answeredLater = (): { exporter: PushMetricExporter; answer: () => void } => {
  let waiting: Done[] | undefined = [];
  const exporter = {
    export: (metrics: ResourceMetrics, done: Done) => void (waiting?.push(done) ?? succeed(metrics, done)),
  };
  const answer = (): void => {
    for (const done of waiting ?? []) done({ code: 0 });
    waiting = undefined;
  };
  return { exporter: exporter as unknown as PushMetricExporter, answer };
};
const succeed = (_metrics: ResourceMetrics, done: Done): void => done({ code: 0 });

function readerWith(
  exporter: object,
  store = newStore(),
  exportTimeoutMillis = 20,
): DoubleBufferedMetricReader {
  return new DoubleBufferedMetricReader({
    store,
    exporter: exporter as PushMetricExporter,
    exportTimeoutMillis,
  });
}

function sumOf({ scopeMetrics }: ResourceMetrics, name: string): number {
  const points = scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .filter(({ descriptor }) => descriptor.name === name)
    .flatMap(({ dataPoints }) => dataPoints as { value: unknown }[]);
  return points.reduce((sum, { value }) => sum + Number(value), 0);
}

describe('an exporter whose forceFlush or shutdown', () => {
  beforeEach(() => void captureWarnings());
  afterEach(() => diag.disable());

  const faults: [string, object, string, string][] = [
    ['are missing', {}, 'fine', 'fine'],
    // A hang is no rejection: who gives no time is not told about it but by `diag`.
    ['hang', { forceFlush: hang, shutdown: hang }, 'fine', 'fine'],
    ['throw undefined', { forceFlush: thrower, shutdown: thrower }, 'EXPORT_FAILED', 'EXPORT_FAILED'],
    [
      'reject',
      {
        forceFlush: () => Promise.reject(new Error('f')),
        shutdown: () => Promise.reject(new Error('s')),
      },
      'f',
      's',
    ],
  ];
  for (const [name, methods, flushed, ended] of faults)
    it(`${name}: both end, and say so`, async () => {
      const reader = readerWith({ export: succeed, ...methods });
      expect(await codeOf(reader.forceFlush())).to.equal(flushed);
      expect(await codeOf(reader.shutdown())).to.equal(ended);
      expect(await codeOf(reader.shutdown())).to.equal(ended);
      expect(await codeOf(reader.collect())).to.equal('READER_SHUT_DOWN');
    });

  it('are asked for although an export hangs (R-018)', async () => {
    const asked: string[] = [];
    const reader = readerWith({
      export: () => undefined,
      forceFlush: async () => void asked.push('forceFlush'),
      shutdown: async () => void asked.push('shutdown'),
    });
    expect(await codeOf(reader.forceFlush())).to.equal('fine');
    expect(await codeOf(reader.shutdown())).to.equal('fine');
    expect(asked).to.deep.equal(['forceFlush', 'shutdown']);
  });

  it("hang or not: the caller's time ends both, and the exporter is asked for all the same", async () => {
    const asked: string[] = [];
    const store = newStore();
    store.getMeter('m').createCounter('own').add(1);
    const options = { store, exportTimeoutMillis: 60_000, exportIntervalMillis: 60_000 };
    const { exporter: hanging, answer } = answeredLater();
    const exporter = {
      ...hanging,
      forceFlush: async () => void asked.push('forceFlush'),
      shutdown: async () => void asked.push('shutdown'),
    } as unknown as PushMetricExporter;
    const reader = new DoubleBufferedMetricReader({ ...options, exporter });
    expect(await codeOf(reader.forceFlush({ timeoutMillis: 30 }))).to.equal('EXPORT_TIMEOUT');
    expect(await codeOf(reader.shutdown({ timeoutMillis: 30 }))).to.equal('EXPORT_TIMEOUT');
    expect(asked).to.deep.equal(['forceFlush', 'shutdown']);
    answer();
  });

  it("late but within the caller's time: both resolve, and a message names the time that was given", async () => {
    const store = newStore();
    const asked: string[] = [];
    const options = { store, exportTimeoutMillis: 60_000, exportIntervalMillis: 60_000 };
    const exporter = {
      // Past two thirds of the time, far from its end.
      export: (_metrics: ResourceMetrics, done: Done) => void setTimeout(done, 2100, { code: 0 }),
      forceFlush: async () => void asked.push('forceFlush'),
      shutdown: async () => void asked.push('shutdown'),
    } as unknown as PushMetricExporter;
    const reader = new DoubleBufferedMetricReader({ ...options, exporter });
    store.getMeter('m').createCounter('own').add(1);
    expect(await codeOf(reader.forceFlush({ timeoutMillis: 3000 }))).to.equal('fine');
    expect(await codeOf(reader.shutdown({ timeoutMillis: 3000 }))).to.equal('fine');
    expect(asked).to.deep.equal(['forceFlush', 'shutdown']);
    const hanging = readerWith({ export: () => undefined, forceFlush: hang }, store);
    const message = await hanging.forceFlush({ timeoutMillis: 10 }).catch((error: Error) => error.message);
    expect(message).to.contain('forceFlush() did not finish within 10 ms');
    await hanging.shutdown();
  }).timeout(20_000);
});

describe('a reader that was shut down', () => {
  afterEach(() => diag.disable());

  it('warns about forceFlush(), refuses collect(), and shuts the exporter down once', async () => {
    const said = captureWarnings();
    let shutdowns = 0;
    const reader = readerWith({ export: succeed, shutdown: async () => void shutdowns++ });
    await Promise.all([reader.shutdown(), reader.shutdown()]);
    await reader.forceFlush();
    expect(said.filter(text => text.includes('forceFlush() after shutdown()'))).to.have.length(1);
    expect([shutdowns, await codeOf(reader.collect())]).to.deep.equal([1, 'READER_SHUT_DOWN']);
  });

  it('first gives an answer to who is collecting, in both temporalities', async () => {
    for (const temporality of [0, 1]) {
      const store = newStore();
      const options = { store, aggregationTemporalitySelector: () => temporality };
      const reader = new DoubleBufferedMetricReader(options);
      store.getMeter('m').createCounter('own').add(3);
      const collecting = reader.collect();
      const ending = reader.shutdown();
      const { resourceMetrics, errors } = await collecting;
      expect([sumOf(resourceMetrics, 'own'), errors]).to.deep.equal([3, []]);
      await ending;
    }
  });

  it('refuses a wait that is none, and stays open', async () => {
    const reader = readerWith({ export: succeed });
    for (const timeoutMillis of [0, NaN, Infinity, -1, '5' as unknown as number]) {
      expect(await codeOf(reader.collect({ timeoutMillis }))).to.equal('INVALID_OPTION');
      expect(await codeOf(reader.forceFlush({ timeoutMillis }))).to.equal('INVALID_OPTION');
      expect(await codeOf(reader.shutdown({ timeoutMillis }))).to.equal('INVALID_OPTION');
    }
    expect(await codeOf(reader.collect())).to.equal('fine');
    await reader.shutdown();
  });
});

describe('deltas across exports that fail, of the store and of the SDK', () => {
  afterEach(() => diag.disable());

  it('should arrive once each, whatever fails in between', async () => {
    captureWarnings();
    const arrived = { own: 0, host: 0 };
    let attempt = 0;
    const answers: ((done: Done) => unknown)[] = [
      done => done({ code: 1 }),
      done => void setTimeout(() => done({ code: 1 }), 40), // Fails after the deadline.
      thrower,
      () => Promise.reject(new Error('async')),
    ];
    const exporter = {
      selectAggregationTemporality: () => 0,
      export: (metrics: ResourceMetrics, done: Done): unknown => {
        const answer = ++attempt % 3 === 0 ? undefined : answers[attempt % answers.length];
        if (answer !== undefined) return answer(done);
        arrived.own += sumOf(metrics, 'own');
        arrived.host += sumOf(metrics, 'host');
        return done({ code: 0 });
      },
    };
    const store = newStore();
    const reader = readerWith(exporter, store);
    const host = new MeterProvider({ readers: [reader] }).getMeter('m').createCounter('host');
    const own = store.getMeter('m').createCounter('own');
    for (let round = 0; round < 9; round++) {
      host.add(1);
      own.add(1);
      if (round % 4 === 0) await reader.collect();
      await reader.forceFlush();
    }
    for (let drain = 0; drain < 20; drain++) {
      await reader.forceFlush();
      await new Promise(resolve => setTimeout(resolve, 25)); // Who failed late has said so.
    }
    expect(arrived).to.deep.equal({ own: 9, host: 9 });
    expect(store.statistics().refused.failedExports).to.be.greaterThan(5);
    await store.shutdown();
  });

  it('a collection does not wait for a hanging export unless there are deltas', async () => {
    const store = newStore();
    const { exporter, answer } = answeredLater();
    const reader = new DoubleBufferedMetricReader({ store, exporter });
    store.getMeter('m').createCounter('own').add(3);
    const flush = codeOf(reader.forceFlush({ timeoutMillis: 1000 }));
    await new Promise(setImmediate);
    expect(sumOf((await reader.collect()).resourceMetrics, 'own')).to.equal(3);
    expect(await flush).to.equal('EXPORT_TIMEOUT');
    answer();
    await store.shutdown();
  });
});

describe('a process with an exporter, a producer and a callback that hang', () => {
  const entry = new URL('../../dist/esm/index.js', import.meta.url).href;
  const run = async (last: string): Promise<[unknown, string]> => {
    const program = `import { createStore, DoubleBufferedMetricReader } from '${entry}';
      const never = () => new Promise(() => undefined);
      const store = createStore({ maxBytes: 4 * 1024 * 1024 });
      store.getMeter('m').createObservableGauge('g').addCallback(never);
      store.getMeter('m').createCounter('c').add(1);
      let exports = 0;
      const exporter = { export: () => { exports++; }, forceFlush: never, shutdown: never };
      const reader = new DoubleBufferedMetricReader({ store, exporter, metricProducers: [{ collect: never }],
        exportIntervalMillis: 600, exportTimeoutMillis: 600 });
      process.on('exit', () => console.log('exports ' + exports));
      ${last}`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return [code, output.trim()];
  };

  it('should end by itself, in the middle of an export', async () => {
    // Ends this wait when the export has begun; nothing else is alive then.
    const [code, output] = await run(
      'const alive = setInterval(() => { if (exports > 0) clearInterval(alive); }, 10);',
    );
    expect([code, output]).to.deep.equal([0, 'exports 1']);
  });

  it('should stay until who awaits a shutdown has its answer', async () => {
    const [code, output] = await run('await reader.shutdown(); console.log("resolved");');
    expect([code, output]).to.deep.equal([0, 'resolved\nexports 1']);
  });
});

describe('an exporter that fails now and then', () => {
  beforeEach(() => void captureWarnings());
  afterEach(() => diag.disable());

  for (const period of [2, 3, 4])
    for (const first of [0, 1])
      it(`should be given all of the store's and the provider's: 1 of ${period} fails, from ${first} on`, async () => {
        let exports = first;
        const got = { own: 0, host: 0 };
        const exporter = {
          selectAggregationTemporality: () => AggregationTemporality.DELTA,
          forceFlush: () => Promise.resolve(),
          shutdown: () => Promise.resolve(),
          export: (metrics: ResourceMetrics, done: Done): void => {
            if (exports++ % period === 0) return done({ code: 1, error: new Error('busy') });
            got.own += sumOf(metrics, 'own');
            got.host += sumOf(metrics, 'host');
            done({ code: 0 });
          },
        };
        const store = newStore();
        // It fails, but is never late, on however busy a machine.
        const reader = readerWith(exporter, store, 30_000);
        const provider = new MeterProvider({ readers: [reader] });
        const own = store.getMeter('m').createCounter('own');
        const host = provider.getMeter('m').createCounter('host');
        const behind = { own: 0, host: 0 };
        for (let round = 1; round <= 20; round++) {
          own.add(1);
          host.add(1);
          await reader.forceFlush();
          behind.own = Math.max(behind.own, round - got.own);
          behind.host = Math.max(behind.host, round - got.host);
        }
        // Of neither more than a few rounds are ever under way.
        expect(Math.max(behind.own, behind.host)).to.be.at.most(5);
        await provider.shutdown();
        expect(got).to.deep.equal({ own: 20, host: 20 });
        await store.shutdown();
      });
});
