// Goal: threads come and go without a trace. They record one after the other through four stripes; every
// second one is terminated while it records. What returned must be there, and nothing may stay occupied.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { createStore } from '../../lib/index.js';
import { checkedSums } from './workers/sums.mjs';

/** `npm run test:stress` lets a thousand pass; the normal tests twenty-five, because a thread takes 0.1 s to start. */
const THREADS = Number(process.env['STRESS_THREADS'] ?? 25);

describe('short-lived threads', () => {
  it('should lose nothing when many pass through four stripes and every second one is terminated', async function () {
    this.timeout(60_000 + THREADS * 1000);
    const store = createStore({ stripes: 4 });
    const notes = new BigInt64Array(new SharedArrayBuffer(64));
    let terminated = 0;
    for (let index = 0; index < THREADS; index++) {
      const endless = index % 2 === 1;
      const workerData = { handle: store.handle, notes, count: endless ? undefined : 100 };
      const worker = new Worker(new URL('./workers/brief-writer.mjs', import.meta.url), { workerData });
      const exit = once(worker, 'exit');
      await once(worker, 'message');
      if (endless) {
        terminated++;
        await worker.terminate();
      }
      await exit;
    }
    const { resourceMetrics, errors } = await store.metricProducer().collect();
    expect(errors).to.deep.equal([]);
    const sums = checkedSums(resourceMetrics);
    const at = (index: number): number => Number(Atomics.load(notes, index));
    expect(sums['brief']).to.be.within(at(1), at(0));
    expect(sums['brief.h']).to.be.within(at(3), at(2));
    expect(at(0) - at(1) + at(2) - at(3)).to.be.at.most(terminated);
    expect(at(1)).to.be.at.least(THREADS * 50);
    expect(store.statistics()).to.include({ series: 3, streams: 2, stuckStripes: 0, stalledCuts: 0 });
    await store.shutdown();
  });
});
