import { expect } from 'chai';
import { createStore } from '../../lib/index.js';
import { RegisteredProvider } from '../../lib/register/registered-provider.js';

describe('RegisteredProvider', () => {
  it('should give meters of the store, tell of each, and end the store even if the last export fails', async () => {
    const store = createStore({ maxBytes: 2 ** 22 });
    const told: string[] = [];
    const provider = new RegisteredProvider(store, {
      wanted: name => told.push(name),
      forceFlush: () => Promise.resolve(void told.push('flush')),
      shutdown: () => Promise.reject(new Error('no receiver')),
    });
    expect(provider.getMeter('a', '1')).to.equal(store.getMeter('a', '1'));
    const { getMeter } = { getMeter: provider.getMeter.bind(provider) };
    getMeter('b').createCounter('c').add(1);
    await provider.forceFlush();
    expect(told).to.deep.equal(['a', 'b', 'flush']);
    const error: unknown = await provider.shutdown().catch((reason: unknown) => reason);
    expect(String(error)).to.include('no receiver');
    provider.getMeter('b').createCounter('d').add(1);
    expect(store.cardinality().metrics.map(({ name, series }) => [name, series])).to.deep.equal([
      ['c', 1],
      ['d', 0],
    ]);
  });
});
