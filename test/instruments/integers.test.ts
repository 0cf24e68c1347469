// Goal: what an instrument of integers exports is an integer, and what the SDK makes of the same values.
import { diag, ValueType, type Meter } from '@opentelemetry/api';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { createStore, DoubleBufferedMetricReader, type BufferedMeter } from '../../lib/index.js';
import { captureWarnings } from '../faults/warnings.js';

const INT = { valueType: ValueType.INT };
const NAMES = ['createCounter', 'createUpDownCounter', 'createGauge', 'createHistogram'] as const;
/** Left out: negative values of histograms, which the SDK refuses and the store takes. */
const VALUES = [9.75, 2, 0.5, NaN, Infinity, -Infinity, '5', undefined, 1n, {}] as number[];
const NEGATIVE = [-0.5, -3.9];
const UNSAFE = [1e300, -1e300, 2 ** 53] as number[];

type Name = (typeof NAMES)[number];
type Bound = { add?(value: number): void; record?(value: number): void };

function recordInto(instrument: Bound, name: Name, values: readonly number[]): void {
  for (const value of values)
    if (name === 'createCounter' || name === 'createUpDownCounter') instrument.add?.(value);
    else instrument.record?.(value);
}

function record(meter: Meter, name: Name, values: readonly number[]): void {
  recordInto(meter[name](name, INT), name, values);
}

function recordBound(meter: BufferedMeter, name: Name, values: readonly number[]): void {
  recordInto(meter[name](name, INT).bind({}), name, values);
}

async function pointsOf(reader: DoubleBufferedMetricReader): Promise<unknown[]> {
  const { resourceMetrics } = await reader.collect();
  return resourceMetrics.scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints.map(({ value }) => value as unknown)]);
}

describe('an instrument of integers', () => {
  let said: string[];
  beforeEach(() => (said = captureWarnings()));
  afterEach(() => diag.disable());

  for (const recordAll of [record, recordBound])
    it(`exports what the SDK exports (${recordAll.name})`, async () => {
      const views = [
        { instrumentName: 'createCounter' },
        { instrumentName: 'createCounter', name: 'second' },
      ];
      const [store, other] = [createStore({ shared: false, views }), createStore({ shared: false })];
      const reader = new DoubleBufferedMetricReader({ store });
      const hostReader = new DoubleBufferedMetricReader({ store: other });
      const host = new MeterProvider({ readers: [hostReader], views }).getMeter('m');
      for (const name of NAMES) {
        const values = [...NEGATIVE, ...VALUES];
        recordAll(store.getMeter('m'), name, values);
        record(host, name, values);
      }
      expect(await pointsOf(reader)).to.deep.equal(await pointsOf(hostReader));
      expect(said.filter(text => text.includes('fractions are cut off'))).to.have.length(1);
      await Promise.all([store.shutdown(), other.shutdown()]);
    });

  for (const recordAll of [record, recordBound])
    it(`refuses what it cannot hold, and counts it (${recordAll.name})`, async () => {
      const store = createStore({ shared: false });
      for (const name of ['createUpDownCounter', 'createGauge', 'createHistogram'] as const)
        recordAll(store.getMeter('m'), name, [...UNSAFE, Infinity, NaN, 7]);
      const reader = new DoubleBufferedMetricReader({ store });
      expect(await pointsOf(reader)).to.have.deep.members([
        ['createUpDownCounter', [7]],
        ['createGauge', [7]],
        [
          'createHistogram',
          [
            {
              count: 1,
              sum: 7,
              min: 7,
              max: 7,
              buckets: {
                boundaries: [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000],
                counts: [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
              },
            },
          ],
        ],
      ]);
      expect(store.statistics().refused).to.include({
        unsafeInteger: 8,
        negative: 1,
        notFinite: 3,
        notANumber: 3,
      });
      await store.shutdown();
    });

  it('is whole also when it is added to, runs, or is observed', async () => {
    const clock = { now: () => 1_700_000_000_000 };
    const store = createStore({ shared: false, clock });
    const meter = store.getMeter('m');
    const added = meter.createGauge('added', INT);
    added.add(1.5);
    added.bind().add(1.5);
    meter.createGauge('running', INT).recordElapsed(clock.now() - 2500);
    meter.createObservableGauge('observed', INT).addCallback(result => {
      result.observe(9.75);
      result.observe(1e300, { too: 'large' });
      result.observe(Infinity, { too: 'larger' });
    });
    expect(await pointsOf(new DoubleBufferedMetricReader({ store }))).to.have.deep.members([
      ['added', [2]],
      ['running', [2]],
      ['observed', [9]],
    ]);
    expect(store.statistics().refused).to.include({ unsafeInteger: 1, notFinite: 1 });
    await store.shutdown();
  });
});
