// Workers that inherit are real ones; test/register has those that preload a file.
import { once } from 'node:events';
import { setEnvironmentData, Worker } from 'node:worker_threads';
import { expect } from 'chai';
import {
  createStore,
  inheritedStore,
  isMetricStoreError,
  shareWithWorkers,
  type MetricStore,
} from '../../lib/index.js';

const KEY = 'otel-argo-metrics.store';
const ENTRY = new URL('../../dist/esm/store-entry.js', import.meta.url).href;
/** Records 7, and has a worker of its own do so. */
const RECORDS = `
  import(${JSON.stringify(ENTRY)}).then(({ inheritedStore }) => {
    const { parentPort, Worker, workerData } = require('node:worker_threads');
    inheritedStore()?.getMeter('m').createCounter('c').add(7);
    const code = workerData.code;
    if (workerData.depth > 0)
      new Worker(code, { eval: true, execArgv: [], workerData: { code, depth: workerData.depth - 1 } });
  });`;

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'nothing';
  } catch (error) {
    return isMetricStoreError(error) ? error.code : String(error);
  }
};

describe('inheritedStore', () => {
  let store: MetricStore;
  beforeEach(() => (store = createStore({ maxBytes: 2 ** 22 })));
  afterEach(async () => {
    setEnvironmentData(KEY, undefined);
    await store.shutdown();
  });

  it('should be that of the thread that shared one, for its workers and theirs', async () => {
    expect(inheritedStore()).to.equal(undefined);
    shareWithWorkers(store);
    const code = RECORDS;
    const worker = new Worker(code, { eval: true, execArgv: [], workerData: { code, depth: 1 } });
    await once(worker, 'exit');
    inheritedStore()?.getMeter('m').createCounter('c').add(7);
    const { metrics } = await store
      .metricProducer()
      .collect()
      .then(({ resourceMetrics }) => ({
        metrics: resourceMetrics.scopeMetrics.flatMap(scope => scope.metrics),
      }));
    expect(metrics.map(({ dataPoints: [point] }) => point?.value)).to.deep.equal([21]);
  });

  it('should be the one that was shared last', async () => {
    const other = createStore({ maxBytes: 2 ** 22 });
    shareWithWorkers(store);
    shareWithWorkers(other);
    inheritedStore()?.getMeter('m').createCounter('c').add(7);
    expect(store.cardinality().metrics).to.deep.equal([]);
    expect(other.cardinality().metrics.map(({ series }) => series)).to.deep.equal([1]);
    await other.shutdown();
  });

  it('should take the options of an attached store', () => {
    const views = [{ instrumentName: 'c', attributesProcessors: [{ process: () => ({}) }] }];
    const viewed = createStore({ maxBytes: 2 ** 22, views });
    shareWithWorkers(viewed);
    expect(codeOf(() => inheritedStore({ views }))).to.equal('nothing');
    expect(codeOf(() => inheritedStore({ view: [] } as never))).to.equal('INVALID_OPTION');
  });

  it('should refuse to share what cannot be shared', () => {
    expect(codeOf(() => shareWithWorkers({} as never))).to.equal('NOT_A_STORE_HANDLE');
    expect(codeOf(() => shareWithWorkers(createStore({ shared: false })))).to.equal('NOT_SHARED');
    expect(inheritedStore()).to.equal(undefined);
  });

  it('should refuse what was shared by something else', () => {
    setEnvironmentData(KEY, { tag: KEY, processId: process.pid, shape: '0.1' });
    expect(codeOf(() => inheritedStore())).to.equal('LAYOUT_MISMATCH');
    setEnvironmentData(KEY, 'text');
    expect(codeOf(() => inheritedStore())).to.equal('NOT_A_STORE_HANDLE');
  });
});
