import { expect } from 'chai';
import { keptCollector } from '../../lib/exposition/kept-collectors.js';
import { attachStore, createStore } from '../../lib/otel/metric-store.js';

describe('keptCollector', () => {
  const producer = { collect: () => Promise.reject(new Error('not asked')) };
  const options = { targetInfo: false };

  it('should find the collector of the same store and way, whichever object the store is', () => {
    const store = createStore();
    const first = keptCollector(store, options);
    expect(keptCollector(attachStore(store.handle), options)).to.equal(first);
    expect(keptCollector(createStore({ shared: false }), options)).to.not.equal(first);
  });

  it('should tell ways apart by all that matters', () => {
    const store = createStore({ shared: false });
    const provide = (): never => {
      throw new Error('not asked');
    };
    const ways = [
      options,
      { targetInfo: true },
      { ...options, zeroStartMillis: 1 },
      { ...options, only: () => true },
      { ...options, provide },
      { ...options, metricProducers: [producer] },
      { ...options, metricProducers: [producer, { ...producer }] },
    ];
    const collectors = ways.map(way => keptCollector(store, way));
    expect(new Set(collectors).size).to.equal(ways.length);
    expect(ways.map(way => keptCollector(store, way))).to.deep.equal(collectors);
  });

  it('should keep the latest ways only', () => {
    const store = createStore({ shared: false });
    const first = keptCollector(store, options);
    for (let zeroStartMillis = 1; zeroStartMillis <= 7; zeroStartMillis++)
      keptCollector(store, { ...options, zeroStartMillis });
    expect(keptCollector(store, options)).to.equal(first);
    for (let zeroStartMillis = 10; zeroStartMillis <= 18; zeroStartMillis++)
      keptCollector(store, { ...options, zeroStartMillis });
    expect(keptCollector(store, options)).to.not.equal(first);
  });
});
