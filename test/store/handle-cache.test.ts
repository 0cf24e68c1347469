import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { CacheGenerations, HandleCache } from '../../lib/store/handle-cache.js';
import { SeriesHandle } from '../../lib/store/series-handle.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function handle(slot: number): SeriesHandle {
  return new SeriesHandle({ slot, live: 1 }, '', place => place);
}

describe('HandleCache', () => {
  it('should find a series by values and their types, in the order that the caller uses', () => {
    const cache = new HandleCache(new CacheGenerations(100));
    const sets: object[] = [
      {},
      { a: 1 },
      { a: '1' },
      { a: true },
      { a: NaN },
      { a: undefined },
      { a: null },
      { a: 1, b: 1 },
      { b: 1 },
      { c: 1, a: 1 },
      JSON.parse('{"__proto__":1}') as object,
    ];
    sets.forEach((set, slot) => cache.set(set, handle(slot)));
    expect(sets.map(set => cache.get({ ...set })?.slot)).to.deep.equal(sets.map((_, slot) => slot));
    expect(cache.get({ b: 1, a: 1 }), 'another order').to.equal(undefined);
    expect(cache.get({ c: 1 }), 'the beginning of a path').to.equal(undefined);
    expect(cache.get({ a: -1 })).to.equal(undefined);
  });

  it('should not remember by identity, nor by a path without end', () => {
    const cache = new HandleCache(new CacheGenerations(100));
    const long = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`k${index}`, 1]));
    for (const set of [{ list: [1] }, { a: 1, big: 1n }, { f: () => 0 }, long]) {
      cache.set(set, handle(0));
      expect(cache.get(set)).to.equal(undefined);
    }
  });

  it('should keep what is used, and forget what was not used for a generation', () => {
    const cache = new HandleCache(new CacheGenerations(10));
    const find = (set: object): number | undefined => (cache.get(set) ?? cache.recall(set))?.slot;
    cache.set({ used: 1 }, handle(1));
    cache.set({ unused: 1 }, handle(2));
    for (let n = 0; n < 100; n++) {
      expect(find({ used: 1 })).to.equal(1);
      cache.set({ n }, handle(n));
    }
    expect(find({ unused: 1 })).to.equal(undefined);
    expect([find({ n: 99 }), find({ n: 50 })]).to.deep.equal([99, undefined]);
  });

  it('should keep nothing in a cache that nobody asks any more', () => {
    const generations = new CacheGenerations(10);
    const [idle, busy] = [new HandleCache(generations), new HandleCache(generations)];
    const kept = ((): WeakRef<SeriesHandle> => {
      const series = handle(1);
      idle.set({ k: 'a' }, series);
      return new WeakRef(series);
    })();
    for (let n = 0; n < 30; n++) busy.set({ n }, handle(n));
    return new Promise(setImmediate).then(() => {
      collectGarbage();
      expect(kept.deref()).to.equal(undefined);
      // The cache itself is still there.
      expect(idle.get({ k: 'a' })).to.equal(undefined);
    });
  });

  it('should keep nothing of attributes that it cannot remember', () => {
    const cache = new HandleCache(new CacheGenerations(10));
    const series = handle(1);
    const heap = (): number => {
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const before = heap();
    for (let id = 0; id < 200_000; id++) cache.set({ id, list: [] }, series);
    expect(heap() - before).to.be.below(4 * 2 ** 20);
    expect(cache.get({ id: 0 })).to.equal(undefined);
  });
});
