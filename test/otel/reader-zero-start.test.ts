// Goal: who takes differences of what a reader exports sees the first value of a series.
// Method: whole stores with a clock that the test drives; what arrives at exporters, and what a foreign reader gets.
import { AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics';
import type { HistogramMetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import fc from 'fast-check';
import { createStore, DoubleBufferedMetricReader } from '../../lib/index.js';
import type { DoubleBufferedMetricReaderOptions, MetricStore } from '../../lib/index.js';
import { ScriptedExporter } from '../support/scripted-exporter.js';

const { CUMULATIVE, DELTA } = AggregationTemporality;
const INTERVAL = 60_000;
const ZERO_START = 1.25 * INTERVAL;

/** By metric and label `k`: the value, or the count of a histogram. */
function valuesOf({ scopeMetrics }: ResourceMetrics): Record<string, number> {
  const metrics = scopeMetrics.flatMap(scope => scope.metrics) as HistogramMetricData[];
  return Object.fromEntries(
    metrics.flatMap(({ descriptor: { name }, dataPoints }) =>
      dataPoints.map(({ attributes: { k }, value }) => [
        k === undefined ? name : `${name} ${k as string}`,
        typeof value === 'number' ? value : value.count,
      ]),
    ),
  );
}

class Fixture {
  now = 1_000_000;
  readonly store: MetricStore;
  readonly reader: DoubleBufferedMetricReader;
  readonly #exporter = new ScriptedExporter();

  constructor(
    temporalityOf: (type: InstrumentType) => AggregationTemporality,
    options: Partial<DoubleBufferedMetricReaderOptions> = { zeroStartMillis: ZERO_START },
  ) {
    this.store = createStore({ maxBytes: 4 * 1024 * 1024, clock: { now: () => this.now } });
    this.reader = new DoubleBufferedMetricReader({
      store: this.store,
      exporter: this.#exporter,
      aggregationTemporalitySelector: temporalityOf,
      ...options,
    });
  }

  get exported(): Record<string, number>[] {
    return this.#exporter.exported.map(valuesOf);
  }

  /** What is exported after a time. Nothing: what was exported last is shown. */
  async exportAfter(millis = INTERVAL): Promise<Record<string, number>> {
    this.now += millis;
    await this.reader.forceFlush();
    return this.exported.at(-1) ?? {};
  }
}

describe('zeroStartMillis of DoubleBufferedMetricReader', () => {
  it('should export cumulative counters and histograms as 0 first, bound ones too, and nothing else', async () => {
    const fixture = new Fixture(() => CUMULATIVE);
    const meter = fixture.store.getMeter('m');
    const bound = meter.createCounter('bound').bind({});
    await fixture.exportAfter(10 * INTERVAL);
    bound.add(5);
    meter.createCounter('added').add(6);
    meter.createHistogram('h').record(3);
    meter.createUpDownCounter('up.down').add(-2);
    meter.createGauge('g').record(4);
    const others = { 'up.down': -2, g: 4 };
    expect(await fixture.exportAfter()).to.deep.equal({ bound: 0, added: 0, h: 0, ...others });
    expect(await fixture.exportAfter()).to.deep.equal({ bound: 0, added: 0, h: 0, ...others });
    expect(await fixture.exportAfter()).to.deep.equal({ bound: 5, added: 6, h: 1, ...others });
    await fixture.reader.shutdown();
  });

  it('should have no effect on deltas, of those kinds of instruments that have them', async () => {
    const fixture = new Fixture(type => (type === InstrumentType.COUNTER ? DELTA : CUMULATIVE));
    const counter = fixture.store.getMeter('m').createCounter('c');
    const histogram = fixture.store.getMeter('m').createHistogram('h');
    counter.add(5);
    histogram.record(1);
    expect(await fixture.exportAfter()).to.deep.equal({ c: 5, h: 0 });
    counter.add(2);
    expect(await fixture.exportAfter()).to.deep.equal({ c: 2, h: 0 });
    expect(await fixture.exportAfter()).to.deep.equal({ h: 1 });
    await fixture.reader.shutdown();
  });

  it('should be off unless it is asked for', async () => {
    const fixture = new Fixture(() => CUMULATIVE, {});
    fixture.store.getMeter('m').createCounter('c').add(5);
    expect(await fixture.exportAfter()).to.deep.equal({ c: 5 });
    await fixture.reader.shutdown();
  });

  it('should export at shutdown what was recorded, however young it is', async () => {
    const fixture = new Fixture(() => CUMULATIVE);
    const counter = fixture.store.getMeter('m').createCounter('c');
    counter.add(5, { k: 'a' });
    await fixture.exportAfter();
    counter.add(7, { k: 'b' });
    await fixture.reader.shutdown();
    expect(fixture.exported).to.deep.equal([{ 'c a': 0 }, { 'c a': 5, 'c b': 7 }]);
  });

  it('should begin each series with 0, never fall and end with what was recorded', async () => {
    const step = fc.record({
      k: fc.constantFrom('a', 'b', 'c'),
      amount: fc.integer({ min: 1, max: 9 }),
      exports: fc.integer({ min: 0, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async steps => {
        const fixture = new Fixture(() => CUMULATIVE);
        const counter = fixture.store.getMeter('m').createCounter('c');
        const recorded: Record<string, number> = {};
        for (const { k, amount, exports } of steps) {
          counter.add(amount, { k });
          recorded[`c ${k}`] = (recorded[`c ${k}`] ?? 0) + amount;
          for (let count = 0; count < exports; count++) await fixture.exportAfter();
        }
        const before = fixture.exported.length;
        await fixture.reader.shutdown();
        const { exported } = fixture;
        expect(exported.at(-1) ?? {}).to.deep.equal(recorded);
        for (const name of Object.keys(recorded)) {
          const values = exported.map(shown => shown[name]).filter(value => value !== undefined);
          if (exported.slice(0, before).some(shown => name in shown)) expect(values[0], name).to.equal(0);
          expect(values, name).to.deep.equal([...values].sort((a, b) => a - b));
        }
        await fixture.store.shutdown();
      }),
      { numRuns: 100 },
    );
  });
});

describe('zeroStartMillis of store.metricProducer()', () => {
  it('should show a foreign reader 0 first', async () => {
    let now = 1_000_000;
    const store = createStore({ maxBytes: 4 * 1024 * 1024, clock: { now: () => now } });
    const [young, plain] = [store.metricProducer({ zeroStartMillis: 1000 }), store.metricProducer()];
    store.getMeter('m').createCounter('c').add(5);
    const collect = async (): Promise<unknown[]> =>
      (await Promise.all([young, plain].map(producer => producer.collect()))).map(
        ({ resourceMetrics }) => valuesOf(resourceMetrics)['c'],
      );
    expect(await collect()).to.deep.equal([0, 5]);
    now += 1000;
    expect(await collect()).to.deep.equal([5, 5]);
    await store.shutdown();
  });

  it('should refuse what is no time', () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024 });
    for (const bad of [-1, 0.5, 3_600_001, '1'])
      expect(() => store.metricProducer({ zeroStartMillis: bad as number }))
        .to.throw('zeroStartMillis')
        .with.property('code', 'INVALID_OPTION');
  });
});
