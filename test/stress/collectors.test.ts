// Goal: a collector that dies in the middle of a drain loses nothing, tears nothing and wedges nothing: the next one goes
// on where it stopped. Method: collecting threads are terminated while a writer keeps thousands of series busy; whether one
// died while it drained, and not while it waited for writers, is seen in the phase words. Then this thread collects, and
// every histogram must be whole.
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { createStore } from '../../lib/index.js';
import * as words from '../../lib/memory/words.js';
import { coreOf } from '../../lib/store/store-core.js';
import { checkedSums } from './workers/sums.mjs';

/** `npm run test:stress` kills more. */
const DEATHS = Number(process.env['STRESS_COLLECTORS'] ?? 5);
/** So many that a drain takes longer than the wait for writers before it. */
const SERIES = 16_000;

const workers = new Set<Worker>();

async function start(name: string, workerData: object): Promise<Worker> {
  const worker = new Worker(new URL(`./workers/${name}.mjs`, import.meta.url), { workerData });
  workers.add(worker);
  await once(worker, 'message');
  return worker;
}

describe('collectors that are terminated', () => {
  // A test that failed must not leave threads that keep the process alive.
  after(() => Promise.all([...workers].map(worker => worker.terminate())));

  it('should be succeeded in the middle of a drain, with nothing lost and nothing torn', async function () {
    this.timeout(60_000 + DEATHS * 10_000);
    const store = createStore({ cardinalityLimit: SERIES, stallDeadlineMillis: 10_000 });
    const { i64 } = coreOf(store).region;
    const notes = new BigInt64Array(new SharedArrayBuffer(64));
    const writer = await start('wide-writer', { handle: store.handle, notes, series: SERIES });
    const reader = store.metricProducer();
    const phase = (at: number): bigint => Atomics.load(i64, at / 8);
    const isBeingDrained = (): boolean =>
      phase(words.QUIESCED) === phase(words.EPOCH) && phase(words.DRAINED) !== phase(words.EPOCH);
    let before = 0;
    for (let deaths = 0; deaths < DEATHS;) {
      const collector = await start('collector', { handle: store.handle });
      while (!isBeingDrained()) await nextTurn();
      await collector.terminate();
      workers.delete(collector);
      if (isBeingDrained()) deaths++;
      const { resourceMetrics, errors } = await reader.collect();
      expect(errors).to.deep.equal([]);
      const { h = 0 } = checkedSums(resourceMetrics);
      expect(h).to.be.at.least(before);
      before = h;
    }
    Atomics.store(notes, 0, 1n);
    await once(writer, 'message');
    const { resourceMetrics } = await reader.collect();
    const recorded = Number(Atomics.load(notes, 1));
    expect(checkedSums(resourceMetrics)).to.deep.equal({ h: recorded, c: recorded });
    expect(store.statistics()).to.include({ stuckStripes: 0, stalledCuts: 0 });
    await store.shutdown();
  });
});
