// Goal: a flood of label values makes neither series nor memory, and no record is lost. Method: four threads bring label sets
// that nobody has brought before, are terminated and replaced meanwhile, and readers of both temporalities look at each
// collection.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Attributes } from '@opentelemetry/api';
import type { CollectionResult } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { cardinalityLimitedView, createStore, DoubleBufferedMetricReader } from '../../lib/index.js';

const THREADS = 4;
const LIMIT = 500;
const VALUES = 50;
/** Label sets of a round, after which a thread is terminated and another one begins. `npm run test:stress` brings more. */
const SETS = Number(process.env['STRESS_FLOOD'] ?? 5000);
/** After two long rounds the caches and heaps of all threads have their size: about 40,000 sets in. A short flood ends before. */
const IS_LONG = SETS >= 50_000;
const ROUNDS = IS_LONG ? 12 : 4;
/** Memory of a round is what the heaps of five threads have not given back yet, a fifth more or less each time. What grows is above all of it in the end. */
const GROWTH_MAX = 0.05;

const NAMES = ['jobs', 'times'];
const INSTRUMENTS = { title: 'instruments of the store', isArgo: false, names: NAMES };
const ARGO = {
  title: 'custom metrics of Argo',
  isArgo: true,
  names: NAMES.map(name => `argo_workflows_${name}`),
};
const FLOODS: readonly (typeof ARGO & { readonly how: string; readonly seriesTtlMillis?: number })[] = [
  { ...INSTRUMENTS, how: 'that stay' },
  { ...INSTRUMENTS, how: 'that expire at once', seriesTtlMillis: 1 },
  { ...ARGO, how: 'that stay' },
];

/** What a reader has counted of each metric. */
type Counted = Map<string, number>;

const countOf = (value: unknown): number =>
  typeof value === 'number' ? value : (value as { count: number }).count;

/** Looks at a collection whole, and says how much each of its metrics counts. @param seen all values so far */
function look({ resourceMetrics, errors }: CollectionResult, seen: Set<unknown>): Counted {
  expect(errors).to.deep.equal([]);
  const counted: Counted = new Map();
  for (const { descriptor, dataPoints } of resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics)) {
    const sets: Attributes[] = dataPoints.map(({ attributes }) => attributes);
    expect(new Set(sets.map(set => JSON.stringify(set))).size, 'a set stands there twice').to.equal(
      sets.length,
    );
    expect(sets.length, 'series').to.be.at.most(LIMIT + 1);
    const pods = new Set(sets.flatMap(({ pod }) => (pod === undefined ? [] : [pod])));
    for (const pod of pods) seen.add(pod);
    expect(pods.size, 'values').to.be.at.most(VALUES + 1);
    expect(counted.has(descriptor.name), 'a metric stands there twice').to.equal(false);
    counted.set(
      descriptor.name,
      dataPoints.reduce((sum, { value }) => sum + countOf(value), 0),
    );
  }
  return counted;
}

describe('a flood of label values', () => {
  const writers: Worker[] = [];
  // A test that failed must not leave threads that keep the process alive.
  afterEach(() => Promise.all(writers.splice(0).map(writer => writer.terminate())));

  for (const { title, how, names, isArgo, seriesTtlMillis } of FLOODS)
    it(`should pass ${ROUNDS * SETS} sets of ${title} ${how}`, async function () {
      this.timeout(60_000 + SETS);
      const store = createStore({
        views: names.map(instrumentName =>
          cardinalityLimitedView({ instrumentName, limit: LIMIT, labels: { pod: { maxValues: VALUES } } }),
        ),
        ...(seriesTtlMillis !== undefined && { seriesTtlMillis }),
      });
      const delta = new DoubleBufferedMetricReader({ store, aggregationTemporalitySelector: () => 0 });
      const cumulative = new DoubleBufferedMetricReader({ store });
      const seen = new Set<unknown>();
      const arrived: Counted = new Map();
      let total: Counted = new Map();
      const collect = async (): Promise<void> => {
        for (const [name, count] of look(await delta.collect(), seen))
          arrived.set(name, (arrived.get(name) ?? 0) + count);
        const before = total;
        total = look(await cumulative.collect(), seen);
        if (seriesTtlMillis === undefined)
          for (const [name, count] of before) expect(total.get(name), name).to.be.at.least(count);
        await new Promise(resolve => setImmediate(resolve));
      };
      const notes = new Int32Array(new SharedArrayBuffer(4096));
      let lives = 0;
      const begin = async (thread: number): Promise<void> => {
        const writer = new Worker(new URL('./workers/flood-writer.mjs', import.meta.url), {
          workerData: { handle: store.handle, notes, life: lives++, isArgo },
        });
        writers[thread] = writer;
        await once(writer, 'message');
      };
      const noted = (kind: number): number =>
        Array.from({ length: lives }, (_, life) => Atomics.load(notes, 2 * life + kind)).reduce(
          (a, b) => a + b,
        );
      await collect();
      for (let thread = 0; thread < THREADS; thread++) await begin(thread);
      const memory: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const from = noted(3);
        while (noted(3) - from < SETS) await collect();
        memory.push(process.memoryUsage.rss());
        await writers[round % THREADS]?.terminate();
        await begin(round % THREADS);
      }
      Atomics.store(notes, 0, 1);
      await Promise.all(writers.map(writer => once(writer, 'exit')));
      await collect();
      const [most, least] = [noted(2), noted(3)];
      expect(most - least, 'records of threads that were terminated').to.be.at.most(2 * ROUNDS);
      expect([...arrived.keys()].sort()).to.deep.equal([...names]);
      for (const [name, count] of arrived) {
        expect(count, name).to.be.within(least, most);
        if (seriesTtlMillis === undefined) expect(total.get(name), name).to.equal(count);
      }
      const held = Math.max(...memory.slice(1, ROUNDS / 2));
      if (IS_LONG)
        expect(Math.min(...memory.slice(ROUNDS / 2)), 'memory').to.be.at.most(held * (1 + GROWTH_MAX));
      if (seriesTtlMillis === undefined) expect(seen.size).to.be.at.most(names.length * (VALUES + 1));
      else
        expect(seen.size, 'values that had a place one after the other').to.be.greaterThan(
          names.length * (VALUES + 1),
        );
      expect(store.statistics().refused).to.deep.include({ slotsExhausted: 0, streams: 0, attributes: 0 });
      await store.shutdown();
    });
});
