// Goal: series that are removed while threads record into them lose nothing for readers of deltas, never fall within one
// start time for readers of totals, stand in no collection twice, and always have their place again. Method: threads that
// record into as many sets as the limit allows, one that removes, and readers that add up what they are shown.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { createStore, DoubleBufferedMetricReader, type MetricStore } from '../../lib/index.js';

const THREADS = 3;
const SETS = 4;
/** `npm run test:stress` removes more. */
const REMOVALS = Number(process.env['STRESS_REMOVALS'] ?? 300);

interface Shown {
  readonly name: string;
  readonly set: string;
  readonly start: string;
  readonly value: number;
}

async function shownBy(reader: DoubleBufferedMetricReader): Promise<Shown[]> {
  const { resourceMetrics, errors } = await reader.collect();
  expect(errors).to.deep.equal([]);
  const shown = resourceMetrics.scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .flatMap(({ descriptor: { name }, dataPoints }) =>
      dataPoints.map(({ attributes, startTime, value }) => {
        const set = `${name} ${JSON.stringify(attributes)}`;
        const start = startTime.join('.');
        if (typeof value === 'number') return { name, set, start, value };
        const { count, sum, buckets } = value as {
          count: number;
          sum?: number;
          buckets: { counts: number[] };
        };
        expect([sum, buckets.counts[1]], `torn: ${set}`).to.deep.equal([count, count]);
        return { name, set, start, value: count };
      }),
    );
  expect(new Set(shown.map(({ set }) => set)).size, 'a set stands there twice').to.equal(shown.length);
  return shown;
}

describe('removal beside writers', () => {
  const writers: Worker[] = [];
  let store: MetricStore | undefined;
  // A test that failed must not leave threads that keep the process alive.
  afterEach(async () => {
    await Promise.all(writers.splice(0).map(writer => writer.terminate()));
    await store?.shutdown();
  });

  it(`should lose, double and refuse nothing in ${REMOVALS} removals`, async function () {
    this.timeout(60_000 + REMOVALS * 200);
    store = createStore({ cardinalityLimit: SETS, maxSeries: 3 * SETS * 40 });
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const [delta, other, totals] = [0, 0, 1].map(
      temporality =>
        new DoubleBufferedMetricReader({
          store: store as MetricStore,
          aggregationTemporalitySelector: () => temporality,
        }),
    ) as [DoubleBufferedMetricReader, DoubleBufferedMetricReader, DoubleBufferedMetricReader];
    const sums = { delta: { counter: 0, histogram: 0 }, other: { counter: 0, histogram: 0 } };
    const lives = new Map<string, number>();
    let falls = 0;
    const take = async (name: 'delta' | 'other', reader: DoubleBufferedMetricReader): Promise<void> => {
      for (const { name: instrument, value } of await shownBy(reader))
        if (instrument !== 'gauge') sums[name][instrument as 'counter'] += value;
    };
    const look = async (): Promise<void> => {
      for (const { name, set, start, value } of await shownBy(totals)) {
        if (name === 'gauge') continue;
        const life = `${set} ${start}`;
        if (value < (lives.get(life) ?? 0)) falls++;
        lives.set(life, value);
      }
    };
    await Promise.all([take('delta', delta), take('other', other)]);
    for (let thread = 0; thread < THREADS; thread++) {
      const writer = new Worker(new URL('./workers/removed-writer.mjs', import.meta.url), {
        workerData: { handle: store.handle, sets: SETS, stop },
      });
      writers.push(writer);
      await once(writer, 'message');
    }
    const results = Promise.all(writers.map(writer => once(writer, 'message')));
    const meter = store.getMeter('removed');
    const instruments = [
      meter.createCounter('counter'),
      meter.createHistogram('histogram', { advice: { explicitBucketBoundaries: [0, 1, 2] } }),
      meter.createGauge('gauge'),
    ];
    let removed = 0;
    for (let round = 0; removed < REMOVALS; round++) {
      // Often two lives and more in one interval.
      for (let time = 0; time < 1 + (round % 3); time++)
        for (const instrument of instruments)
          if (instrument.remove({ set: (round + time) % SETS })) removed++;
      if (round % 50 === 49) removed += instruments.reduce((count, each) => count + each.clear(), 0);
      await take('delta', delta);
      if (round % 3 === 0) await look();
      if (round % 5 === 0) await take('other', other);
    }
    Atomics.store(stop, 0, 1);
    const recorded = (await results).reduce((sum, [count]) => sum + Number(count), 0);
    await look();
    for (const _ of [1, 2]) await Promise.all([take('delta', delta), take('other', other)]);
    expect(sums.delta, `${recorded} records, ${removed} removals`).to.deep.equal({
      counter: recorded,
      histogram: recorded,
    });
    expect(sums.other).to.deep.equal(sums.delta);
    expect(falls, 'totals that fell within one start time').to.equal(0);
    const { refused, reclaimedSeries } = store.statistics();
    expect(Object.fromEntries(Object.entries(refused).filter(([, count]) => count > 0))).to.deep.equal({});
    expect(reclaimedSeries).to.be.greaterThan(REMOVALS / 2);
    await Promise.all([delta, other, totals].map(reader => reader.shutdown()));
  });
});
