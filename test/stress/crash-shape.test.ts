// https://github.com/argoproj/argo-workflows/issues/14076 and /16106: writers that emit ever new series, and first uses of
// a metric's name, while a scrape iterates. There it kills the controller; here every record must be conserved.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { createStore } from '../../lib/index.js';
import { checkedSums } from './workers/sums.mjs';

const THREADS = 8;
const ROUNDS = 4000;

describe('the shape that kills the Argo 3.6 controller', () => {
  it('should conserve every record of eight threads that emit new series while one scrapes', async function () {
    this.timeout(240_000);
    const store = createStore();
    const notes = new Int32Array(new SharedArrayBuffer(64));
    const start = (name: string, data: object): Worker =>
      new Worker(new URL(`./workers/${name}.mjs`, import.meta.url), {
        workerData: { handle: store.handle, ...data },
      });
    const scraper = start('scraper', { notes });
    await once(scraper, 'message');
    const emitters = Array.from({ length: THREADS }, (_, id) => start('emitter', { id, rounds: ROUNDS }));
    const reports = emitters.map(async emitter => {
      await once(emitter, 'message');
      const [report] = (await once(emitter, 'message')) as [{ problems: unknown[] }];
      return report.problems;
    });
    expect((await Promise.all(reports)).flat()).to.deep.equal([]);
    Atomics.store(notes, 0, 1);
    const [scraped] = (await once(scraper, 'message')) as [{ problems: string[]; scrapes: number }];
    expect(scraped.problems).to.deep.equal([]);
    expect(scraped.scrapes).to.be.greaterThan(2);
    const { resourceMetrics, errors } = await store.metricProducer().collect();
    expect(errors).to.deep.equal([]);
    const sums = Object.entries(checkedSums(resourceMetrics));
    const total = (prefix: string): number =>
      sums.filter(([name]) => name.startsWith(prefix)).reduce((sum, [, value]) => sum + value, 0);
    const emitted = THREADS * (ROUNDS + ROUNDS / 500);
    expect(total('argo_workflows_size')).to.equal(emitted);
    expect(total('argo_workflows_depth')).to.equal(emitted);
    expect(sums.length).to.equal(2 + THREADS * (ROUNDS / 500));
    await store.shutdown();
  });
});
