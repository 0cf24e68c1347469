import { expect } from 'chai';
import { TwoGenerationCache } from '../../lib/guard/two-generation-cache.js';

describe('TwoGenerationCache', () => {
  const known = (cache: TwoGenerationCache<string, number>, ...keys: string[]): string[] =>
    keys.filter(key => cache.get(key) !== undefined);

  it('should forget a generation when the next one is full', () => {
    const cache = new TwoGenerationCache<string, number>(2);
    for (const [index, key] of ['a', 'b', 'c', 'd', 'e'].entries()) cache.set(key, index);
    expect(known(cache, 'a', 'b')).to.deep.equal([]);
    expect([cache.get('e'), cache.get('c')]).to.deep.equal([4, 2]);
  });

  it('should keep what is in use, however much else comes', () => {
    const cache = new TwoGenerationCache<string, number>(3);
    cache.set('used', 7);
    for (let index = 0; index < 100; index++) {
      cache.set(`once ${index}`, index);
      expect(cache.get('used'), `after ${index}`).to.equal(7);
    }
    const left = Array.from({ length: 100 }, (_, index) => `once ${index}`).filter(
      key => known(cache, key).length > 0,
    );
    expect(left.length).to.be.lessThan(7);
    expect(known(cache, 'once 99')).to.deep.equal(['once 99']);
  });

  it('should hold no more than two generations', () => {
    const cache = new TwoGenerationCache<number, object>(5);
    const values = Array.from({ length: 50 }, () => ({}));
    for (const [key, value] of values.entries()) cache.set(key, value);
    // Reading moves what is old, and so forgets some of it.
    expect(values.filter((value, key) => cache.get(key) === value).length).to.be.within(5, 10);
  });

  it('should show the value that was set last, also one that says no', () => {
    const cache = new TwoGenerationCache<string, number | boolean | null>(2);
    for (const value of [1, null, false, 0]) {
      cache.set('a', value);
      expect(cache.get('a')).to.equal(value);
    }
    cache.set('b', 1);
    cache.set('c', 2);
    expect(cache.get('a')).to.equal(0);
  });

  it('should hold no more than its entries may weigh, and nothing that is too heavy', () => {
    const cache = new TwoGenerationCache<string, number>(10, key => key.length);
    const keys = Array.from({ length: 20 }, (_, index) => `key ${index + 10}`);
    for (const [index, key] of keys.entries()) cache.set(key, index);
    // One fits into each generation, and reading moves what is old.
    expect(known(cache, ...keys).length).to.be.within(1, 2);
    expect(cache.get('key 29')).to.equal(19);
    cache.set('x'.repeat(11), 1);
    expect(known(cache, 'x'.repeat(11), 'key 29')).to.deep.equal(['key 29']);
  });

  it('should weigh values too', () => {
    const cache = new TwoGenerationCache<string, number>(10, (_, value) => value);
    for (const key of ['a', 'b', 'c']) cache.set(key, 10);
    cache.set('heavy', 11);
    expect(known(cache, 'a', 'b', 'c', 'heavy')).to.deep.equal(['b', 'c']);
  });
});
