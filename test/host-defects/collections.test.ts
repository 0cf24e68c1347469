// Defects of the host SDK that have to do with collecting, exporting and shutting down, and what happens here instead.
// See docs/host-defects.md.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AggregationTemporality, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import type { IMetricReader, MetricProducer } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { createStore, DoubleBufferedMetricReader, type MetricStore } from '../../lib/index.js';
import { millisOf, never, pointsOf, sumOf, turnOfEventLoop, valuesOf } from '../support/collected.js';
import { ScriptedExporter } from '../support/scripted-exporter.js';

const DELTA = AggregationTemporality.DELTA;

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

describe('host defects: collections', () => {
  let store: MetricStore;
  beforeEach(() => {
    store = createStore({ maxBytes: 16 * 1024 * 1024 });
  });
  afterEach(() => store.shutdown());

  it('B12 a reader that never collects, or was shut down, makes nothing pile up', async function () {
    this.timeout(60_000);
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const idle = store.metricProducer({ aggregationTemporalitySelector: () => DELTA });
    const ended = new DoubleBufferedMetricReader({ store, aggregationTemporalitySelector: () => DELTA });
    await ended.shutdown();
    const active = store.metricProducer();
    const counter = store.getMeter('m').createCounter('c');
    const sets = Array.from({ length: 2000 }, (_, id) => ({ id }));
    const heapAfter = async (rounds: number): Promise<number> => {
      for (let round = 0; round < rounds; round++) {
        for (const set of sets) counter.add(1, set);
        await active.collect();
      }
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const before = await heapAfter(10);
    // The SDK keeps 0.4 MB more after each of these rounds.
    const grown = (await heapAfter(40)) - before;
    expect(grown).to.be.lessThan(4 * 1024 * 1024);
    const all = await idle.collect();
    expect(pointsOf(all)).to.have.length(2000);
    expect(sumOf(all)).to.equal(50 * 2000);
  });

  it('B15 a producer that rejects takes no data along', async () => {
    let isBad = true;
    const producer: MetricProducer = {
      collect: async () => {
        if (isBad) throw new Error('producer down');
        return { resourceMetrics: { resource: {} as never, scopeMetrics: [] }, errors: [] };
      },
    };
    const reader = new DoubleBufferedMetricReader({
      store,
      metricProducers: [producer],
      aggregationTemporalitySelector: () => DELTA,
    });
    const host = new MeterProvider({ readers: [reader] }).getMeter('m').createCounter('host');
    const own = store.getMeter('m').createCounter('own');
    host.add(42);
    own.add(43);
    const first = await reader.collect();
    expect([sumOf(first, 'host'), sumOf(first, 'own')]).to.deep.equal([42, 43]);
    expect(first.errors.map(String)).to.deep.equal(['Error: producer down']);
    isBad = false;
    expect(pointsOf(await reader.collect())).to.deep.equal([]);
  });

  it('B20 a producer that hung once holds up neither later exports nor the shutdown', async () => {
    let isHanging = true;
    const producer: MetricProducer = {
      collect: () =>
        isHanging
          ? never()
          : Promise.resolve({ resourceMetrics: { resource: {} as never, scopeMetrics: [] }, errors: [] }),
    };
    const exporter = new ScriptedExporter();
    const reader = new DoubleBufferedMetricReader({
      store,
      exporter,
      exportTimeoutMillis: 20,
      metricProducers: [producer],
    });
    const provider = new MeterProvider({ readers: [reader] });
    const counter = store.getMeter('m').createCounter('c');
    counter.add(1);
    await provider.forceFlush();
    isHanging = false;
    counter.add(2);
    await provider.forceFlush();
    counter.add(4);
    await provider.shutdown();
    expect(exporter.sums()).to.deep.equal([{ c: 1 }, { c: 2 }, { c: 4 }]);
  });

  it('B20 an export that never answers stops no other, and its numbers come again unless they may have arrived', async () => {
    for (const [temporality, delivered] of [
      [AggregationTemporality.CUMULATIVE, [{ c: 1 }, { c: 3 }]],
      [DELTA, [{ c: 1 }, { c: 2 }]],
    ] as const) {
      const exporter = new ScriptedExporter((attempt, done) => {
        if (attempt > 1) done({ code: 0 });
      }, temporality);
      const own = createStore({ shared: false });
      const reader = new DoubleBufferedMetricReader({ store: own, exporter, exportTimeoutMillis: 20 });
      const counter = own.getMeter('m').createCounter('c');
      counter.add(1);
      await reader.forceFlush();
      counter.add(2);
      await reader.shutdown();
      expect(exporter.sums()).to.deep.equal(delivered);
      expect(own.statistics().deltaBatchesInDoubt).to.equal(temporality === DELTA ? 1 : 0);
    }
  });

  it('B21 shutting down twice at once does it once, and a failing exporter leaves nothing half open', async () => {
    const exporter = new ScriptedExporter();
    const reader = new DoubleBufferedMetricReader({ store, exporter });
    const provider = new MeterProvider({ readers: [reader] });
    await Promise.all([reader.shutdown(), provider.shutdown(), reader.shutdown()]);
    expect(exporter.shutdowns).to.equal(1);

    const failing = new ScriptedExporter();
    failing.shutdown = () => Promise.reject(new Error('boom'));
    const other = new DoubleBufferedMetricReader({ store, exporter: failing });
    expect(await other.shutdown().catch(String)).to.equal('Error: boom');
    expect(codeOf(await other.collect().catch((error: unknown) => error))).to.equal('READER_SHUT_DOWN');
  });

  it('B22 after its shutdown a store takes nothing more, and a last collection has what came before', async () => {
    const producer = store.metricProducer();
    const counter = store.getMeter('m').createCounter('c');
    const bound = counter.bind({ k: 'a' });
    bound.add(1);
    await store.shutdown();
    const before = store.statistics();
    for (let id = 0; id < 100; id++) counter.add(1, { id });
    bound.add(1);
    expect(store.statistics()).to.include({ series: before.series, labelBytes: before.labelBytes });
    expect(store.statistics().refused.ended).to.equal(101);
    store.getMeter('n').createCounter('later').add(1);
    expect(valuesOf(await producer.collect())).to.deep.equal({ '{"k":"a"}': 1 });
  });

  it('B22 after the shutdown of a reader, collect() rejects, and the store goes on for other readers', async () => {
    const reader = new DoubleBufferedMetricReader({ store });
    const other = new DoubleBufferedMetricReader({ store });
    await reader.shutdown();
    store.getMeter('m').createCounter('c').add(5);
    expect(codeOf(await reader.collect().catch((error: unknown) => error))).to.equal('READER_SHUT_DOWN');
    expect(sumOf(await other.collect())).to.equal(5);
  });

  it('B25 what is recorded while a collection waits for callbacks is in exactly one collection', async () => {
    const meter = store.getMeter('m');
    const counter = meter.createCounter('c');
    let added = 0;
    const add = (): void => {
      counter.add(1, { k: added++ % 5 });
    };
    meter.createObservableGauge('g').addCallback(async () => {
      for (let turn = 0; turn < 5; turn++) {
        await turnOfEventLoop();
        add();
      }
    });
    const producer = store.metricProducer({ aggregationTemporalitySelector: () => DELTA });
    let collected = 0;
    for (let round = 0; round < 20; round++) {
      const pending = producer.collect();
      add();
      collected += sumOf(await pending, 'c');
      add();
    }
    collected += sumOf(await producer.collect(), 'c');
    expect(collected).to.equal(added);
    expect(added).to.equal(20 * 7 + 5);
  });

  it('B26 two pulls at once of a delta reader get the same numbers, not a part each', async () => {
    const reader = new DoubleBufferedMetricReader({ store, aggregationTemporalitySelector: () => DELTA });
    store.getMeter('m').createCounter('c').add(7);
    const [a, b] = await Promise.all([reader.collect(), reader.collect()]);
    expect([sumOf(a), sumOf(b)]).to.deep.equal([7, 7]);
    expect(pointsOf(await reader.collect())).to.deep.equal([]);
  });

  it('B27 what a failed export of deltas had comes again with the next one', async () => {
    const exporter = new ScriptedExporter((attempt, done) => done({ code: attempt === 1 ? 1 : 0 }));
    const reader = new DoubleBufferedMetricReader({ store, exporter });
    const host = new MeterProvider({ readers: [reader] }).getMeter('m').createCounter('host');
    const own = store.getMeter('m').createCounter('own');
    for (const value of [5, 1]) {
      host.add(value);
      own.add(value);
      await reader.forceFlush().catch(() => undefined);
    }
    const delivered = exporter.sums().slice(1);
    expect(delivered.reduce((sum, { host: part = 0 }) => sum + part, 0)).to.equal(6);
    expect(delivered.reduce((sum, { own: part = 0 }) => sum + part, 0)).to.equal(6);
    await reader.shutdown();
  });

  it('B29 a delta reader does not move the start of a cumulative reader', async () => {
    let now = 1_700_000_000_000;
    await store.shutdown();
    store = createStore({ shared: false, clock: { now: () => now } });
    const delta = store.metricProducer({ aggregationTemporalitySelector: () => DELTA });
    const cumulative = store.metricProducer();
    const counter = store.getMeter('m').createCounter('c');
    for (let round = 0; round < 3; round++) {
      counter.add(1);
      now += 1000;
      await delta.collect();
    }
    const [point] = pointsOf(await cumulative.collect());
    expect(point?.value).to.equal(3);
    expect(point && millisOf(point.startTime)).to.equal(1_700_000_000_000);
    expect(point && millisOf(point.endTime)).to.equal(1_700_000_003_000);
  });

  it('B35 readers need no class of the SDK: ours is none, and a plain object can read the store', async () => {
    const reader = new DoubleBufferedMetricReader({ store });
    expect(reader).to.not.be.instanceOf(MetricReader);
    const own: IMetricReader = reader;
    const producer = store.metricProducer();
    let host: MetricProducer | undefined;
    const plain: IMetricReader = {
      setMetricProducer: given => void (host = given),
      selectAggregation: () => ({ type: 0 }),
      selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
      selectCardinalityLimit: () => 50,
      collect: async options => host?.collect(options) ?? producer.collect(options),
      shutdown: async () => undefined,
      forceFlush: async () => undefined,
    };
    const provider = new MeterProvider({ readers: [own, plain], sdkMetricsEnabled: true });
    provider.getMeter('m').createCounter('c').add(2);
    expect(sumOf(await own.collect(), 'c')).to.equal(2);
    expect(sumOf(await plain.collect(), 'c')).to.equal(2);
    store.getMeter('m').createCounter('own').add(3);
    expect(sumOf(await producer.collect(), 'own')).to.equal(3);
    await provider.shutdown();
  });
});
