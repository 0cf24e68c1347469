import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { collectPrometheusText } from '../../lib/exposition/collect-prometheus-text.js';
import { attachStore, createStore } from '../../lib/otel/metric-store.js';
import { coreOf } from '../../lib/store/store-core.js';

describe('createStore', () => {
  it('reports the series it has, and ends once', async () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024 });
    store.getMeter('m').createCounter('c').add(1, { k: 'a' });
    expect(store.statistics().series).to.equal(1);
    expect(store.cardinality().metrics.map(({ name, series }) => [name, series])).to.deep.equal([['c', 1]]);
    await Promise.all([store.shutdown(), store.shutdown()]);
  });

  it('attaches twice to the same state', () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024 });
    attachStore(store.handle).getMeter('m').createCounter('c').add(1);
    expect(store.cardinality().metrics).to.have.lengthOf(1);
  });

  it('goes on for everybody when an attached thread shuts it down, and ends for everybody with its creator', async () => {
    const store = createStore({ maxBytes: 4 * 1024 * 1024 });
    const counter = store.getMeter('m').createCounter('c');
    const total = async (): Promise<unknown> => {
      const { resourceMetrics } = await store.metricProducer().collect();
      return resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints[0]?.value;
    };
    const worker = new Worker(new URL('workers/leaving.mjs', import.meta.url), { workerData: store.handle });
    expect(await new Promise(resolve => worker.once('exit', resolve))).to.equal(0);
    counter.add(10);
    expect(await total()).to.equal(11);
    expect(store.statistics().refused.ended).to.equal(0);
    await store.shutdown();
    counter.add(100);
    expect(store.statistics().refused.ended).to.equal(1);
  });

  for (const shared of [true, false])
    it(`shows what was recorded also to who asks after its end: ${shared ? 'shared' : 'of one thread'}`, async () => {
      const store = createStore({ maxBytes: 4 * 1024 * 1024, shared });
      store.getMeter('m').createCounter('c').add(7);
      const core = coreOf(store);
      await store.shutdown();
      expect(coreOf(store)).to.equal(core);
      let text = '';
      for await (const chunk of collectPrometheusText({ store })) text += chunk;
      expect(text).to.match(/^c_total\{.*\} 7$/m);
    });

  it('refuses what is no handle', () => {
    expect(() => attachStore({} as never)).to.throw(/NOT_A_STORE_HANDLE/);
  });
});
