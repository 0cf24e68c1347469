import { expect } from 'chai';
import { attachStore, createStore } from '../../lib/otel/metric-store.js';

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

  it('refuses what is no handle', () => {
    expect(() => attachStore({} as never)).to.throw(/NOT_A_STORE_HANDLE/);
  });
});
