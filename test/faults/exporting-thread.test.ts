// Goal: a thread that ends while its failed deltas wait takes nothing along but its own export: what failed stands in
// shared memory, the store goes on, and the next reader of deltas begins clean.
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Histogram, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { createStore, DoubleBufferedMetricReader, type MetricStore } from '../../lib/index.js';
import { Plane } from '../../lib/memory/planes.js';
import { PLANE_COUNT } from '../../lib/memory/words.js';
import { coreOf } from '../../lib/store/store-core.js';

interface Refusal {
  readonly round: number;
  readonly recorded: number;
}

/** What one place of delta readers holds of sums, between two collections. */
function sealedSum(store: MetricStore, index: number): number {
  const plane = new Plane(coreOf(store).region, index);
  return [...plane.slots()].reduce((sum, slot) => sum + (plane.readSum(slot) ?? 0), 0);
}

/** The sum of `c`, and of `h` its sum and its count; checks that the histogram is whole. */
function seen({ scopeMetrics }: ResourceMetrics): [number, number, number] {
  let [own, sum, count] = [0, 0, 0];
  for (const { descriptor, dataPoints } of scopeMetrics.flatMap(({ metrics }) => metrics))
    for (const { value } of dataPoints as { value: number | Histogram }[]) {
      if (descriptor.name === 'c') own += Number(value);
      if (typeof value === 'number') continue;
      sum += value.sum ?? 0;
      count += value.count;
      expect(value.buckets.counts.reduce((total, n) => total + n, 0)).to.equal(value.count);
    }
  return [own, sum, count];
}

/** Ends the exporting thread when its export of that round is refused, or while it is under way. */
async function exportUntil(store: MetricStore, last: number, isInside: boolean): Promise<Refusal> {
  const hangsAt = isInside ? last : Infinity;
  const workerData = { handle: store.handle, hangsAt };
  const worker = new Worker(new URL('./workers/exporting.mjs', import.meta.url), { workerData });
  let refusal: Refusal;
  do [refusal] = (await once(worker, 'message')) as [Refusal];
  while (refusal.round < last);
  await worker.terminate();
  return refusal;
}

describe('a thread that exports deltas and ends while failed ones wait', () => {
  for (const isInside of [true, false])
    it(`leaves them in shared memory, ${isInside ? 'inside an export' : 'anywhere'}, and the store whole`, async () => {
      for (const last of [1, 2, 3, 7]) {
        const store = createStore({ maxBytes: 8 * 1024 * 1024 });
        const cumulative = new DoubleBufferedMetricReader({ store });
        const { recorded } = await exportUntil(store, last, isInside);
        // Elsewhere it may have been at moving them from one half of its place to the other.
        const held = Array.from({ length: PLANE_COUNT }, (_, index) => sealedSum(store, index));
        if (isInside) expect(Math.max(...held)).to.equal(recorded);
        const { resourceMetrics, errors } = await cumulative.collect();
        const [own, sum, count] = seen(resourceMetrics);
        expect([errors, own >= recorded, own - sum < 10]).to.deep.equal([[], true, true]);
        expect(count).to.be.within(1, own);
        const next = new DoubleBufferedMetricReader({ store, aggregationTemporalitySelector: () => 0 });
        await next.collect();
        store.getMeter('m').createCounter('c').add(3);
        const histogram = store
          .getMeter('m')
          .createHistogram('h', { advice: { explicitBucketBoundaries: [5] } });
        for (const value of [1, 9]) histogram.record(value);
        expect(seen((await next.collect()).resourceMetrics)).to.deep.equal([3, 10, 2]);
        await next.shutdown();
        await store.shutdown();
      }
    });

  it('late-answer: what is in doubt is in no place of the store, so that nobody sends it again', async () => {
    const store = createStore({ maxBytes: 8 * 1024 * 1024 });
    const exporter = { export: () => undefined, selectAggregationTemporality: () => 0 } as never;
    const reader = new DoubleBufferedMetricReader({ store, exporter, exportTimeoutMillis: 10 });
    const counter = store.getMeter('m').createCounter('c');
    counter.add(5);
    await reader.forceFlush();
    await pause(1);
    counter.add(2);
    const { resourceMetrics } = await reader.collect();
    expect(seen(resourceMetrics)[0]).to.equal(2);
    await reader.shutdown();
    await store.shutdown();
  });
});
