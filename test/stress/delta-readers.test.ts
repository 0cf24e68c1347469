// Goal: delta readers that open, close and die in several threads, beside writers and a collector that never pauses, each
// see whole cuts and nothing of one another; a reader that stays sees everything exactly once.
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { createStore, DoubleBufferedMetricReader, type MetricStore } from '../../lib/index.js';

const WRITERS = 2;
const PASSING = 3;
/** `npm run test:stress` opens more. */
const READERS_MIN = Number(process.env['STRESS_READERS'] ?? 200);
const OPENED = 1;

interface Histogram {
  readonly count: number;
  readonly buckets: { readonly counts: number[] };
}

class Account {
  readonly #reader: DoubleBufferedMetricReader;
  readonly sums = { cause: 0, effect: 0, h: 0 };

  constructor(store: MetricStore) {
    const aggregationTemporalitySelector = (): AggregationTemporality => AggregationTemporality.DELTA;
    this.#reader = new DoubleBufferedMetricReader({ store, aggregationTemporalitySelector });
  }

  /** Of the writers' series: those of the readers that pass are checked by themselves. */
  async collect(): Promise<void> {
    const { resourceMetrics, errors } = await this.#reader.collect();
    expect(errors).to.deep.equal([]);
    for (const { descriptor, dataPoints } of resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics)) {
      const sets = dataPoints.map(({ attributes }) => JSON.stringify(attributes));
      expect(new Set(sets).size, descriptor.name).to.equal(sets.length);
      for (const { attributes, value } of dataPoints) {
        const { name } = descriptor as { name: keyof Account['sums'] };
        if (!('pair' in attributes)) continue;
        if (typeof value === 'object') {
          const { count, buckets } = value as Histogram;
          expect(
            buckets.counts.reduce((sum, each) => sum + each, 0),
            'torn',
          ).to.equal(count);
        }
        this.sums[name] += typeof value === 'number' ? value : (value as Histogram).count;
      }
    }
  }
}

describe('delta readers that come and go (torn-delta-on-open-or-close)', () => {
  const workers: Worker[] = [];
  // A test that failed must not leave threads that keep the process alive.
  afterEach(() => Promise.all(workers.splice(0).map(worker => worker.terminate())));

  it(`should each see whole cuts: ${READERS_MIN} of them`, async function () {
    this.timeout(60_000 + READERS_MIN * 1000);
    const store = createStore({
      maxBytes: 64 * 2 ** 20,
      // Places are had again from readers that ended: a machine that stands still for seconds must not cost one that lives its own.
      readerLeaseMillis: 60_000,
      stallDeadlineMillis: 60_000,
    });
    const notes = new BigInt64Array(new SharedArrayBuffer(64));
    const start = async (file: string, more: object = {}): Promise<Worker> => {
      const workerData = { handle: store.handle, notes, ...more };
      const worker = new Worker(new URL(`./workers/${file}.mjs`, import.meta.url), { workerData });
      workers.push(worker);
      await once(worker, 'message');
      return worker;
    };
    const account = new Account(store);
    await account.collect();
    const writers = await Promise.all(
      Array.from({ length: WRITERS }, (_, pair) => start('pairing-writer', { pair })),
    );
    await start('collector');
    let ids = 0;
    const passing = await Promise.all(
      Array.from({ length: PASSING }, () => start('passing-reader', { id: ids++ })),
    );
    let round = 0;
    while (Atomics.load(notes, OPENED) < BigInt(READERS_MIN)) {
      await account.collect();
      await setTimeout(1);
      // Now and then one of them is terminated, wherever it is.
      if (++round % 20 === 0) {
        const index = (round / 20) % PASSING;
        await passing[index]?.terminate();
        passing[index] = await start('passing-reader', { id: ids++ });
      }
    }
    const answers = [...passing, ...writers].map(async worker => {
      const [answer] = (await once(worker, 'message')) as [{ violations?: string[]; done?: number }];
      return answer;
    });
    Atomics.store(notes, 0, 1n);
    const all = await Promise.all(answers);
    expect(all.flatMap(({ violations = [] }) => violations)).to.deep.equal([]);
    const done = all.reduce((sum, answer) => sum + (answer.done ?? 0), 0);
    await account.collect();
    expect(done).to.be.greaterThan(0);
    expect(account.sums, 'nothing lost, nothing doubled').to.deep.equal({
      cause: done,
      effect: done,
      h: done,
    });
    await Promise.all(workers.splice(0).map(worker => worker.terminate()));
    await store.shutdown();
  });
});
