// Goal: a record that races the reclaim of its series is never lost. Method: a time to live so short that every collection
// retires or frees what was not touched since the last one, writers that come back to their series all the time, and
// readers that add up what they are shown.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { createStore, DoubleBufferedMetricReader } from '../../lib/index.js';

const THREADS = 4;
const SETS = 200;
/** `npm run test:stress` reclaims more. */
const RECLAIMED_MIN = Number(process.env['STRESS_RECLAIMED'] ?? 5000);

type Result = Awaited<ReturnType<DoubleBufferedMetricReader['collect']>>;

/** Every point as a key of its series and life, and its count. Throws when a histogram is torn. */
function pointsOf({ resourceMetrics, errors }: Result): [string, number][] {
  expect(errors).to.deep.equal([]);
  return resourceMetrics.scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, startTime, value }): [string, number] => {
        const key = `${descriptor.name} ${JSON.stringify(attributes)} ${startTime.join('.')}`;
        if (typeof value === 'number') return [key, value];
        const { count, sum, buckets } = value as {
          count: number;
          sum: number;
          buckets: { counts: number[] };
        };
        if (count !== sum || buckets.counts[1] !== sum) throw new Error(`torn: ${key} ${count} ${sum}`);
        return [key, count];
      }),
    );
}

/** What a reader is shown, added up. */
type Account = (points: readonly [string, number][]) => number;

/** Deltas simply add up. */
function deltas(): Account {
  let sum = 0;
  return points => (sum += points.reduce((total, [, value]) => total + value, 0));
}

/** The last value of each life: what is not shown any more may come back with its total, or with another start time. */
function lives(): Account {
  const last = new Map<string, number>();
  return points => {
    for (const [key, value] of points) last.set(key, value);
    return [...last.values()].reduce((total, value) => total + value, 0);
  };
}

describe('reclaim beside writers', () => {
  const writers: Worker[] = [];
  // A test that failed must not leave threads that keep the process alive.
  afterEach(() => Promise.all(writers.splice(0).map(writer => writer.terminate())));

  const cases = [
    { name: 'of two delta readers', temporality: 0, readers: 2, account: deltas },
    { name: 'of a cumulative reader', temporality: 1, readers: 1, account: lives },
  ];
  for (const { name, temporality, readers, account } of cases)
    it(`should lose no record that races it, in the view ${name}`, async function () {
      this.timeout(240_000);
      const store = createStore({ seriesTtlMillis: 1, cardinalityLimit: SETS });
      const notes = new Int32Array(new SharedArrayBuffer(64));
      for (let id = 0; id < THREADS; id++) {
        const workerData = { handle: store.handle, notes, id: id * 7919, sets: SETS };
        const worker = new Worker(new URL('./workers/idler.mjs', import.meta.url), { workerData });
        writers.push(worker);
        await once(worker, 'message');
      }
      const views = Array.from({ length: readers }, () => ({
        reader: new DoubleBufferedMetricReader({ store, aggregationTemporalitySelector: () => temporality }),
        add: account(),
        seen: 0,
      }));
      const look = async (): Promise<void> => {
        for (const view of views) view.seen = view.add(pointsOf(await view.reader.collect()));
      };
      while (store.statistics().reclaimedSeries < RECLAIMED_MIN) await look();
      Atomics.store(notes, 0, 1);
      const counts = writers.map(async writer => ((await once(writer, 'message')) as [number])[0]);
      const recorded = (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
      await look();
      for (const { seen } of views) expect(seen).to.equal(recorded);
      expect(store.statistics()).to.include({ stuckStripes: 0, stalledCuts: 0 });
      await store.shutdown();
    });
});
