// Defects of the host SDK that have to do with callbacks, and what happens here instead. See docs/host-defects.md.
import type { ObservableCallback } from '@opentelemetry/api';
import { AggregationTemporality, MeterProvider } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import {
  createStore,
  DoubleBufferedMetricReader,
  startPrometheusEndpoint,
  type MetricStore,
} from '../../lib/index.js';
import {
  millisOf,
  namesOf,
  never,
  pointsOf,
  sumOf,
  turnOfEventLoop,
  valuesOf,
} from '../support/collected.js';

const DELTA = AggregationTemporality.DELTA;

describe('host defects: observables', () => {
  let store: MetricStore;
  beforeEach(() => {
    store = createStore({ maxBytes: 16 * 1024 * 1024 });
  });
  afterEach(() => store.shutdown());

  it('B05 what is no longer observed is no longer exported', async () => {
    const producer = store.metricProducer();
    const gauge = store.getMeter('m').createObservableGauge('g');
    let round = 0;
    const callback: ObservableCallback = result => result.observe(round, { pod: `p${round}` });
    gauge.addCallback(callback);
    for (round = 1; round <= 4; round++)
      expect(valuesOf(await producer.collect())).to.deep.equal({ [`{"pod":"p${round}"}`]: round });
    gauge.removeCallback(callback);
    expect(pointsOf(await producer.collect())).to.deep.equal([]);
  });

  it('B10 collections of one reader at the same time make no false reset and count nothing twice', async () => {
    for (const temporality of [AggregationTemporality.CUMULATIVE, DELTA]) {
      const reader = new DoubleBufferedMetricReader({
        store,
        aggregationTemporalitySelector: () => temporality,
      });
      const counter = store.getMeter('m').createObservableCounter(`oc${temporality}`);
      let value = 100;
      let runs = 0;
      const callback: ObservableCallback = async result => {
        const mine = value;
        value += 10;
        // The earlier a run began, the later it would finish.
        for (let turn = 5 - runs++; turn > 0; turn--) await turnOfEventLoop();
        result.observe(mine);
      };
      counter.addCallback(callback);
      const first = await reader.collect();
      const together = await Promise.all([reader.collect(), reader.collect()]);
      const last = await reader.collect();
      counter.removeCallback(callback);
      expect(together[0], 'both asked before a round began, so they share it').to.equal(together[1]);
      const rounds = [first, together[0], last];
      expect(runs).to.equal(3);
      expect(rounds.map(result => sumOf(result))).to.deep.equal(
        temporality === DELTA ? [100, 10, 10] : [100, 110, 120],
      );
    }
  });

  it('B11 observations made for one reader do not reach another one', async () => {
    const readers = [1, 2].map(() => store.metricProducer({ aggregationTemporalitySelector: () => DELTA }));
    let value = 100;
    store
      .getMeter('m')
      .createObservableCounter('oc')
      .addCallback(async result => {
        const mine = value;
        value += 10;
        for (let turn = value % 3; turn > 0; turn--) await turnOfEventLoop();
        result.observe(mine);
      });
    const sums = [0, 0];
    for (let round = 0; round < 5; round++) {
      const results = await Promise.all(readers.map(reader => reader.collect()));
      for (const [index, result] of results.entries()) {
        expect(pointsOf(result), 'one callback, one point').to.have.length(1);
        sums[index] = (sums[index] ?? 0) + sumOf(result);
      }
    }
    expect(sums, 'the last value that each of them saw').to.deep.equal([180, 190]);
  });

  it('B14 a callback that rejects with nothing takes no data along', async () => {
    const nothing: unknown = undefined;
    const reader = new DoubleBufferedMetricReader({ store, aggregationTemporalitySelector: () => DELTA });
    const host = new MeterProvider({ readers: [reader] }).getMeter('m');
    const own = store.getMeter('m');
    for (const [meter, name] of [
      [host, 'host'],
      [own, 'own'],
    ] as const) {
      meter.createObservableGauge(`${name}.bad`).addCallback(async () => {
        throw nothing;
      });
      meter.createCounter(name).add(42);
    }
    const result = await reader.collect();
    expect(sumOf(result, 'host')).to.equal(42);
    expect(sumOf(result, 'own')).to.equal(42);
    expect(result.errors).to.have.length(2);
    for (const error of result.errors) expect(error).to.be.instanceOf(Error);
  });

  it('B16 a callback that removes itself while it runs leaves the others their turn', async () => {
    const meter = store.getMeter('m');
    const producer = store.metricProducer();
    const gauges = ['A', 'B', 'C'].map(name => meter.createObservableGauge(name));
    const once: ObservableCallback = result => {
      result.observe(1);
      gauges[0]?.removeCallback(once);
    };
    gauges[0]?.addCallback(once);
    for (const gauge of gauges.slice(1)) gauge.addCallback(result => result.observe(1));
    expect(namesOf(await producer.collect())).to.deep.equal(['A', 'B', 'C']);
    expect(namesOf(await producer.collect())).to.deep.equal(['B', 'C']);
  });

  it('B17 a callback may create instruments: what it records is in this collection, what it registers in the next', async () => {
    await store.shutdown();
    let now = 1_700_000_000_000;
    store = createStore({ shared: false, clock: { now: () => now++ } });
    const meter = store.getMeter('m');
    const producer = store.metricProducer();
    let made = false;
    meter.createObservableGauge('A').addCallback(result => {
      result.observe(1);
      if (made) return;
      made = true;
      meter.createObservableGauge('new').addCallback(later => later.observe(9));
      meter.createCounter('newc').add(3);
    });
    const first = await producer.collect();
    expect(namesOf(first)).to.have.members(['A', 'newc']);
    for (const { startTime, endTime } of pointsOf(first))
      expect(millisOf(startTime), 'no point begins after its end').to.be.at.most(millisOf(endTime));
    expect(namesOf(await producer.collect())).to.have.members(['A', 'new', 'newc']);
  });

  it('B18 a callback that fails or is late exports nothing, not its old value as a new one', async () => {
    const producer = store.metricProducer();
    let round = 0;
    let release = (): void => undefined;
    const late = new Promise<void>(resolve => (release = resolve));
    store
      .getMeter('m')
      .createObservableGauge('g')
      .addCallback(async result => {
        if (round === 2) throw new Error('x');
        if (round === 3) await late;
        result.observe(round);
      });
    const seen: unknown[] = [];
    for (round = 1; round <= 4; round++) {
      const result = await producer.collect({ timeoutMillis: 20 });
      seen.push([
        valuesOf(result),
        result.errors.map(error => (error as { code?: string }).code ?? 'thrown'),
      ]);
      // One that hangs is not asked again until it has answered; what it says then belongs to no round.
      if (round === 3) release();
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(seen).to.deep.equal([
      [{ '{}': 1 }, []],
      [{}, ['thrown']],
      [{}, ['CALLBACK_TIMEOUT']],
      [{ '{}': 4 }, []],
    ]);
  });

  it('B19 a callback that hangs holds up neither a collection nor a scrape for longer than the timeout', async () => {
    await store.shutdown();
    store = createStore({ shared: false, callbackTimeoutMillis: 50 });
    const meter = store.getMeter('');
    meter.createCounter('c').add(1);
    meter.createObservableGauge('g').addCallback(() => never<void>());
    const result = await new DoubleBufferedMetricReader({ store }).collect({ timeoutMillis: 10 });
    expect(result.errors.map(error => (error as { code: string }).code)).to.deep.equal(['CALLBACK_TIMEOUT']);
    expect(sumOf(result, 'c')).to.equal(1);
    const endpoint = await startPrometheusEndpoint({ store, port: 0 });
    for (let scrape = 0; scrape < 2; scrape++)
      expect(await (await fetch(endpoint.url)).text()).to.contain('c_total 1\n');
    await endpoint.shutdown();
  });

  it('B31 two callbacks that observe the same set are added up, in whatever order they were registered', async () => {
    for (const values of [
      [100, 40],
      [40, 100],
    ]) {
      const counter = store.getMeter('m').createObservableCounter(`oc${values[0]}`);
      for (const value of values) counter.addCallback(result => result.observe(value));
    }
    const producer = store.metricProducer();
    for (let round = 0; round < 3; round++) {
      const result = await producer.collect();
      expect(valuesOf(result, 'oc100')).to.deep.equal({ '{}': 140 });
      expect(valuesOf(result, 'oc40')).to.deep.equal({ '{}': 140 });
    }
  });
});
