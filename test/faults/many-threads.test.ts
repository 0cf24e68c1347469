// Goal: there is no number of threads that a store runs out of. Stripes are places inside a record, not places for
// threads: more threads than stripes take turns, and one that dies, at whatever moment, leaves its stripe to the others.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { CollectionResult } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { createStore, type MetricStore } from '../../lib/index.js';

/** More than the most stripes that a store can have. */
const THREADS = 20;
const COUNT = 5000;

/** Starts threads that all wait at one gate. */
async function gather(store: MetricStore, counts: readonly (number | undefined)[]) {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const notes = new Int32Array(new SharedArrayBuffer(8));
  const workers = counts.map(
    (count, thread) =>
      new Worker(new URL('./workers/recording.mjs', import.meta.url), {
        workerData: { handle: store.handle, gate, notes, count, thread },
      }),
  );
  const exits = workers.map(worker => once(worker, 'exit'));
  await Promise.all(workers.map(worker => once(worker, 'message')));
  const open = (): void => {
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
  };
  return { workers, exits, notes, open };
}

/** Sums of counters, counts of histograms, and the number of points of gauges. */
function sumsOf({ resourceMetrics }: CollectionResult): Record<string, number> {
  return Object.fromEntries(
    resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .map(({ descriptor, dataPoints }) => {
        const values = (dataPoints as { value: number | { count: number } }[]).map(({ value }) => value);
        const numbers = values.map(value => (typeof value === 'number' ? value : value.count));
        return [
          descriptor.name,
          descriptor.name === 'g' ? values.length : numbers.reduce((a, b) => a + b, 0),
        ];
      }),
  );
}

describe('more threads than stripes', () => {
  for (const stripes of [1, 16])
    it(`should lose no record of ${THREADS} threads that begin at once, stripes: ${stripes}, while somebody collects`, async function () {
      this.timeout(120_000);
      const store = createStore({ stripes, maxBytes: 32 * 1024 * 1024 });
      const delta = store.metricProducer({ aggregationTemporalitySelector: () => 0 });
      const { exits, notes, open } = await gather(store, Array<number>(THREADS).fill(COUNT));
      const delivered = { c: 0, h: 0 };
      const collect = async (): Promise<void> => {
        const collection = await delta.collect();
        expect(collection.errors).to.deep.equal([]);
        const sums = sumsOf(collection);
        delivered.c += sums['c'] ?? 0;
        delivered.h += sums['h'] ?? 0;
      };
      open();
      let running = true;
      const over = Promise.all(exits).then(() => (running = false));
      while (running) {
        await collect();
        await new Promise(setImmediate);
      }
      await over;
      await collect();
      expect(notes[1]).to.equal(THREADS * COUNT);
      expect(delivered).to.deep.equal({ c: THREADS * COUNT, h: THREADS * COUNT });
      expect(sumsOf(await store.metricProducer().collect())).to.deep.equal({ ...delivered, g: THREADS });
      const { refused, stuckStripes, stalledCuts } = store.statistics();
      expect([stuckStripes, stalledCuts, refused.contended, refused.overflowedSeries]).to.deep.equal([
        0, 0, 0, 0,
      ]);
      await store.shutdown();
    });

  it('should leave all stripes free when waves of threads are terminated inside of their records', async function () {
    this.timeout(120_000);
    const store = createStore({ stripes: 2, maxBytes: 32 * 1024 * 1024 });
    let [begun, done, terminated] = [0, 0, 0];
    for (let wave = 0; wave < 3; wave++) {
      const counts = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? 100 : undefined));
      const { workers, exits, notes, open } = await gather(store, counts);
      open();
      // All of those that end by themselves have had their turn, and the others are in the middle of theirs.
      await Promise.all(exits.filter((_, index) => counts[index] !== undefined));
      await Promise.all(workers.map(worker => worker.terminate()));
      begun += notes[0] ?? 0;
      done += notes[1] ?? 0;
      terminated += counts.filter(count => count === undefined).length;
    }
    const collection = await store.metricProducer().collect();
    expect(collection.errors).to.deep.equal([]);
    expect(begun - done).to.be.within(0, terminated);
    expect(sumsOf(collection)['c']).to.be.within(done, begun);
    // And the two stripes are there for the next one.
    store.getMeter('threads').createCounter('c').add(1000);
    expect(sumsOf(await store.metricProducer().collect())['c']).to.be.within(done + 1000, begun + 1000);
    const { stuckStripes, stalledCuts } = store.statistics();
    expect([stuckStripes, stalledCuts]).to.deep.equal([0, 0]);
    await store.shutdown();
  });
});
