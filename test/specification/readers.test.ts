// MetricReader, periodic export and start times, line by line. The lines and those that do not apply are in
// docs/specification.md.
import { AggregationTemporality, InstrumentType, MeterProvider } from '@opentelemetry/sdk-metrics';
import type { MetricProducer } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { createStore, DoubleBufferedMetricReader, type MetricStore } from '../../lib/index.js';
import {
  metricsOf,
  millisOf,
  namesOf,
  pointsOf,
  sumOf,
  turnOfEventLoop,
  valuesOf,
} from '../support/collected.js';
import { ScriptedExporter, type Done } from '../support/scripted-exporter.js';

const { CUMULATIVE, DELTA } = AggregationTemporality;
const START = 1_700_000_000_000;

let now: number;
let store: MetricStore;

const producerOf = (temporality: AggregationTemporality): ReturnType<MetricStore['metricProducer']> =>
  store.metricProducer({ aggregationTemporalitySelector: () => temporality });

/** Start and end of each point, in milliseconds since START. */
const timesOf = (result: Parameters<typeof pointsOf>[0], name?: string): [number, number][] =>
  pointsOf(result, name).map(({ startTime, endTime }) => [
    millisOf(startTime) - START,
    millisOf(endTime) - START,
  ]);

describe('specification: MetricReader', () => {
  beforeEach(() => {
    now = START;
    store = createStore({ maxBytes: 16 * 1024 * 1024, clock: { now: () => now } });
  });
  afterEach(() => store.shutdown());

  it('R-001 R-015 defaults: cumulative, a limit of 2000, an interval of 60 s and a timeout of 30 s', async () => {
    const intervals: unknown[] = [];
    const real = globalThis.setInterval;
    globalThis.setInterval = (callback: () => void, millis?: number) => {
      intervals.push(millis);
      return real(callback, millis);
    };
    const timeouts: unknown[] = [];
    const producer: MetricProducer = {
      collect: async options => {
        timeouts.push(options?.timeoutMillis);
        return { resourceMetrics: { resource: {} as never, scopeMetrics: [] }, errors: [] };
      },
    };
    const exporter = new ScriptedExporter();
    Object.assign(exporter, { selectAggregationTemporality: undefined });
    const reader = new DoubleBufferedMetricReader({ store, exporter, metricProducers: [producer] });
    globalThis.setInterval = real;
    for (const type of Object.values(InstrumentType)) {
      expect(reader.selectAggregationTemporality(type)).to.equal(CUMULATIVE);
      expect(reader.selectAggregation(type)).to.deep.equal({ type: 0 });
      expect(reader.selectCardinalityLimit(type)).to.equal(2000);
    }
    await reader.shutdown();
    expect(intervals).to.deep.equal([60_000]);
    // A producer is told a little less than the 30 s, so that its answer arrives in time; and of what is left of them.
    expect(timeouts).to.have.length(1);
    expect(timeouts[0]).to.be.within(20_000, 27_000);
  });

  it('R-002 points come in the temporality chosen for the kind of instrument', async () => {
    const reader = new DoubleBufferedMetricReader({
      store,
      aggregationTemporalitySelector: type => (type === InstrumentType.COUNTER ? DELTA : CUMULATIVE),
    });
    const meter = store.getMeter('m');
    for (let round = 1; round <= 2; round++) {
      meter.createCounter('c').add(1);
      meter.createUpDownCounter('u').add(1);
      const result = await reader.collect();
      expect(metricsOf(result).map(metric => metric.aggregationTemporality)).to.deep.equal([
        DELTA,
        CUMULATIVE,
      ]);
      expect([sumOf(result, 'c'), sumOf(result, 'u')]).to.deep.equal([1, round]);
    }
  });

  it('R-003 R-006 cumulative: what was recorded once is in every collection, gauges too', async () => {
    const producer = producerOf(CUMULATIVE);
    const meter = store.getMeter('m');
    meter.createCounter('c').add(3);
    meter.createGauge('g').record(4);
    meter.createHistogram('h').record(5);
    for (let round = 0; round < 3; round++) {
      const result = await producer.collect();
      expect([sumOf(result, 'c'), sumOf(result, 'g')]).to.deep.equal([3, 4]);
      expect(pointsOf(result, 'h')[0]?.value).to.have.property('count', 1);
    }
  });

  it('R-004 R-006 delta: only what was recorded since the last collection, gauges too', async () => {
    const producer = producerOf(DELTA);
    const meter = store.getMeter('m');
    const record = (k: string): void => {
      meter.createCounter('c').add(1, { k });
      meter.createGauge('g').record(4, { k });
      meter.createHistogram('h').record(5, { k });
    };
    for (const k of ['a', 'b']) record(k);
    expect(pointsOf(await producer.collect())).to.have.length(6);
    record('b');
    const second = await producer.collect();
    expect(pointsOf(second).map(({ attributes }) => attributes)).to.deep.equal([
      { k: 'b' },
      { k: 'b' },
      { k: 'b' },
    ]);
    expect(pointsOf(await producer.collect())).to.deep.equal([]);
  });

  for (const temporality of [CUMULATIVE, DELTA])
    it(`R-005 R-006 observables: only what was observed in this collection, ${AggregationTemporality[temporality]}`, async () => {
      const producer = producerOf(temporality);
      const meter = store.getMeter('m');
      let keys = ['a', 'b'];
      for (const instrument of [
        meter.createObservableCounter('c'),
        meter.createObservableUpDownCounter('u'),
        meter.createObservableGauge('g'),
      ])
        instrument.addCallback(result => keys.forEach(k => result.observe(2, { k })));
      expect(pointsOf(await producer.collect())).to.have.length(6);
      keys = ['b'];
      for (const { attributes } of pointsOf(await producer.collect()))
        expect(attributes).to.deep.equal({ k: 'b' });
      keys = [];
      expect(pointsOf(await producer.collect())).to.deep.equal([]);
    });

  it('R-007 R-008 T-002 cumulative: the start repeats, and the end is when the collection was asked for', async () => {
    const producer = producerOf(CUMULATIVE);
    const meter = store.getMeter('m');
    const counter = meter.createCounter('c');
    meter.createObservableCounter('o').addCallback(async result => {
      now += 5; // The time that callbacks take.
      await turnOfEventLoop();
      result.observe(1);
    });
    counter.add(1);
    for (const [index, at] of [0, 105, 210].entries()) {
      const result = await producer.collect();
      expect(timesOf(result), String(index)).to.deep.equal([
        [0, at],
        [0, at],
      ]);
      counter.add(1);
      now += 100;
    }
  });

  it('R-007 T-001 delta: each start is the last end, shared by all points of an instrument', async () => {
    const producer = producerOf(DELTA);
    const meter = store.getMeter('m');
    meter.createObservableCounter('o').addCallback(result => result.observe(now));
    const times: unknown[] = [];
    for (let round = 0; round < 3; round++) {
      now += 50;
      meter.createCounter('c').add(1, { k: 'a' });
      meter.createHistogram('h').record(1);
      now += 50;
      meter.createCounter('c').add(1, { k: 'b', round });
      times.push(timesOf(await producer.collect()));
    }
    const all = (start: number, end: number): unknown => Array.from({ length: 4 }, () => [start, end]);
    // The first interval of an instrument begins when it was created.
    expect(times[0]).to.deep.equal([
      [0, 100],
      [50, 100],
      [50, 100],
      [50, 100],
    ]);
    expect(times.slice(1)).to.deep.equal([all(100, 200), all(200, 300)]);
  });

  it('T-003 cumulative: a series starts with its first record', async () => {
    const counter = store.getMeter('m').createCounter('c');
    for (const k of ['a', 'b', 'a']) {
      now += 10;
      counter.add(1, { k });
    }
    now += 10;
    expect(timesOf(await producerOf(CUMULATIVE).collect())).to.deep.equal([
      [10, 40],
      [20, 40],
    ]);
  });

  it('T-003 cumulative: a series that is older than its first record starts with the collection before it', async () => {
    const limited = createStore({
      maxBytes: 4 * 1024 * 1024,
      cardinalityLimit: 1,
      clock: { now: () => now },
    });
    const producer = limited.metricProducer();
    const meter = limited.getMeter('m');
    const bound = meter.createHistogram('bound').bind({});
    const overflowing = meter.createCounter('overflowing');
    overflowing.add(1, { k: 'a' });
    for (let collections = 0; collections < 3; collections++) {
      now += 100;
      await producer.collect();
    }
    now += 50;
    bound.record(1);
    overflowing.add(1, { k: 'b' });
    now += 50;
    const first = await producer.collect();
    expect([timesOf(first, 'bound'), timesOf(first, 'overflowing')]).to.deep.equal([
      [[300, 400]],
      [
        [300, 400],
        [0, 400],
      ],
    ]);
    now += 100;
    bound.record(1);
    expect(timesOf(await producer.collect(), 'bound'), 'the same from then on').to.deep.equal([[300, 500]]);
    await limited.shutdown();
  });

  it('T-004 a series of an observable starts with the instrument, or with the collection before it was first seen', async () => {
    const producer = producerOf(CUMULATIVE);
    let keys = ['a'];
    store
      .getMeter('m')
      .createObservableCounter('o')
      .addCallback(result => keys.forEach(k => result.observe(1, { k })));
    const starts: unknown[] = [];
    for (const next of [['a'], ['a', 'b'], ['a', 'b'], ['b'], ['a', 'b']]) {
      keys = next;
      now += 100;
      starts.push(timesOf(await producer.collect()).map(([start]) => start));
    }
    expect(starts).to.deep.equal([[0], [0, 100], [0, 100], [100], [400, 100]]);
  });

  it('T-006 no two streams of one result have one identity', async () => {
    const meter = store.getMeter('m');
    for (const boundaries of [[1], [2], undefined])
      meter
        .createHistogram('h', boundaries && { advice: { explicitBucketBoundaries: boundaries } })
        .record(1);
    for (const name of ['c', 'C']) meter.createCounter(name, { description: name }).add(1);
    expect(namesOf(await producerOf(CUMULATIVE).collect())).to.deep.equal(['h', 'c']);
  });

  it('R-009 readers of one provider, and of one store, do not disturb each other', async () => {
    const selectors = [CUMULATIVE, DELTA, DELTA];
    const readers = selectors.map(
      temporality =>
        new DoubleBufferedMetricReader({ store, aggregationTemporalitySelector: () => temporality }),
    );
    const provider = new MeterProvider({ readers });
    const host = provider.getMeter('m').createCounter('host');
    const own = store.getMeter('m').createCounter('own');
    const sums = readers.map(() => [0, 0]);
    for (let round = 1; round <= 6; round++) {
      host.add(1);
      own.add(1);
      for (const [index, reader] of readers.entries()) {
        if (index === 2 && round % 3 !== 0) continue;
        const result = await reader.collect();
        const before = selectors[index] === DELTA ? (sums[index] ?? []) : [0, 0];
        sums[index] = ['host', 'own'].map((name, at) => (before[at] ?? 0) + sumOf(result, name));
      }
    }
    expect(sums).to.deep.equal([
      [6, 6],
      [6, 6],
      [6, 6],
    ]);
  });

  it('R-010 a reader belongs to one provider', () => {
    const reader = new DoubleBufferedMetricReader({ store });
    new MeterProvider({ readers: [reader] });
    expect(() => new MeterProvider({ readers: [reader] }))
      .to.throw()
      .with.property('code', 'ALREADY_REGISTERED');
  });

  it('R-011 R-012 collect calls every producer, and reports what it has with the reasons for what it has not', async () => {
    const metric = (name: string): object => ({
      descriptor: { name },
      dataPoints: [{ attributes: {}, value: 1 }],
    });
    const part = (name: string): MetricProducer => ({
      collect: async () => ({
        resourceMetrics: {
          resource: {} as never,
          scopeMetrics: [{ scope: { name }, metrics: [metric(name) as never] }],
        },
        errors: [`half of ${name} is missing`],
      }),
    });
    const metricProducers = [part('a'), { collect: () => Promise.reject(new Error('down')) }, part('b')];
    const reader = new DoubleBufferedMetricReader({ store, metricProducers });
    store.getMeter('m').createCounter('c').add(1);
    const result = await reader.collect();
    expect(namesOf(result)).to.have.members(['a', 'b', 'c']);
    expect(result.errors.map(String)).to.have.members([
      'half of a is missing',
      'half of b is missing',
      'Error: down',
    ]);
  });

  it('R-013 a reader shuts down once; collect fails from then on', async () => {
    const exporter = new ScriptedExporter();
    const reader = new DoubleBufferedMetricReader({ store, exporter });
    const first = reader.shutdown();
    const second = reader.shutdown();
    const failure: unknown = await reader.collect().catch((error: unknown) => error);
    expect(failure).to.have.property('code', 'READER_SHUT_DOWN');
    await Promise.all([first, second]);
    expect(exporter.shutdowns).to.equal(1);
  });

  it('R-016 exports never run at the same time', async () => {
    let running = 0;
    let most = 0;
    const exporter = new ScriptedExporter((_attempt, done: Done) => {
      most = Math.max(most, ++running);
      setImmediate(() => {
        running--;
        done({ code: 0 });
      });
    });
    const reader = new DoubleBufferedMetricReader({
      store,
      exporter,
      exportIntervalMillis: 1000,
      exportTimeoutMillis: 1000,
    });
    const counter = store.getMeter('m').createCounter('c');
    for (let round = 0; round < 10; round++) {
      counter.add(1);
      await Promise.allSettled([reader.forceFlush(), reader.forceFlush()]);
    }
    await reader.shutdown();
    expect(most).to.equal(1);
    expect(exporter.exported.length).to.be.greaterThan(9);
  });

  it('R-017 maxExportBatchSize: full batches, in order, and never two collections in one', async () => {
    const exporter = new ScriptedExporter(undefined, CUMULATIVE);
    const reader = new DoubleBufferedMetricReader({ store, exporter, maxExportBatchSize: 2 });
    const counter = store.getMeter('m').createCounter('c');
    for (let round = 0; round < 2; round++) {
      for (let k = 0; k < 5; k++) counter.add(10 ** k, { k });
      await reader.forceFlush();
    }
    expect(exporter.sums().map(({ c }) => c)).to.deep.equal([11, 1100, 10_000, 22, 2200, 20_000]);
    for (const bad of [0, -1, 1.5, NaN, Infinity, '2'])
      expect(() => new DoubleBufferedMetricReader({ store, exporter, maxExportBatchSize: bad as number }))
        .to.throw(/maxExportBatchSize must be a whole number from 1 to \d+, got /)
        .with.property('code', 'INVALID_OPTION');
    await reader.shutdown();
  });

  it('R-018 forceFlush collects, exports and flushes the exporter, also after a timeout', async () => {
    const exporter = new ScriptedExporter((attempt, done) => {
      if (attempt > 1) done({ code: 0 });
    }, CUMULATIVE);
    const reader = new DoubleBufferedMetricReader({ store, exporter, exportTimeoutMillis: 100 });
    store.getMeter('m').createCounter('c').add(1);
    await reader.forceFlush();
    expect(exporter.flushes).to.equal(1);
    await reader.forceFlush();
    expect(exporter.flushes).to.equal(2);
    expect(valuesOf({ resourceMetrics: exporter.exported[1] as never, errors: [] }, 'c')).to.deep.equal({
      '{}': 1,
    });
    await reader.shutdown();
  });
});
