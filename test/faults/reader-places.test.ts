// Goal: a thread that ended, in whatever way, keeps no place of a delta reader; one that is only busy keeps its own.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { createStore, DoubleBufferedMetricReader, type MetricStore } from '../../lib/index.js';

const url = new URL('./workers/delta-reading.mjs', import.meta.url);
const PLACES = 4;
/** A reader that asks whether others live may do so about this often while they are busy. */
const ATTEMPTS = 10;

describe('places of delta readers', () => {
  let store: MetricStore;
  let workers: Worker[] = [];
  beforeEach(() => (store = createStore({ maxBytes: 2 ** 22 })));
  afterEach(async () => {
    await Promise.all(workers.splice(0).map(worker => worker.terminate()));
    await store.shutdown();
  });

  async function fill(count = PLACES): Promise<void> {
    workers = Array.from({ length: count }, () => new Worker(url, { workerData: { handle: store.handle } }));
    await Promise.all(workers.map(worker => once(worker, 'message')));
  }

  async function tellAll(action: string): Promise<void> {
    await Promise.all(
      workers.map(worker => {
        const answer = once(worker, action === 'exit' ? 'exit' : 'message');
        worker.postMessage(action);
        return answer;
      }),
    );
  }

  const open = (): DoubleBufferedMetricReader =>
    new DoubleBufferedMetricReader({
      store,
      aggregationTemporalitySelector: () => AggregationTemporality.DELTA,
    });

  function expectFull(): void {
    expect(open).to.throw().with.property('code', 'TOO_MANY_DELTA_READERS');
  }

  /** A reader for each place, and each works. */
  async function expectRoom(): Promise<void> {
    const readers = Array.from({ length: PLACES }, open);
    store.getMeter('m').createCounter('c').add(3);
    for (const reader of readers) {
      const { resourceMetrics, errors } = await reader.collect();
      expect(errors).to.deep.equal([]);
      expect(resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints[0]?.value).to.equal(3);
    }
    expectFull();
    await Promise.all(readers.map(reader => reader.shutdown()));
  }

  it('should be free at once when their threads were terminated', async () => {
    await fill();
    await Promise.all(workers.map(worker => worker.terminate()));
    await expectRoom();
  });

  it('should be free at once when they were terminated while they were busy, and asked before', async () => {
    await fill();
    await tellAll('spin');
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) expectFull();
    await Promise.all(workers.map(worker => worker.terminate()));
    await expectRoom();
  });

  it('should be free when their threads have ended by themselves', async () => {
    await fill();
    await tellAll('exit');
    await expectRoom();
  });

  it('should be kept while their threads live, however often it is asked', async () => {
    await fill();
    for (let attempt = 0; attempt < 100; attempt++) {
      expectFull();
      if (attempt % ATTEMPTS === 0) await tellAll('live');
    }
    await workers.pop()?.terminate();
    const reader = open();
    expectFull();
    await reader.shutdown();
  });

  it('should be given on again and again', async function () {
    this.timeout(120_000);
    for (let round = 0; round < 5; round++) {
      await fill(2);
      await Promise.all(workers.splice(0).map(worker => worker.terminate()));
    }
    await expectRoom();
  });
});
