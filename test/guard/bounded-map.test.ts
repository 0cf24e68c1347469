import { expect } from 'chai';
import { BoundedMap } from '../../lib/guard/bounded-map.js';

describe('BoundedMap', () => {
  const filled = (...keys: string[]): BoundedMap<string, number> => {
    const map = new BoundedMap<string, number>(3);
    for (const [index, key] of keys.entries()) map.set(key, index);
    return map;
  };

  it('should hold as many as it may, and forget the oldest for one more', () => {
    const map = filled('a', 'b', 'c');
    expect([...map]).to.deep.equal([
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ]);
    expect([map.set('d', 3), map.set('e', 4)]).to.deep.equal([true, true]);
    expect([map.size, ...map.keys()]).to.deep.equal([3, 'c', 'd', 'e']);
    expect([map.has('a'), map.get('a'), map.has('e'), map.get('e')]).to.deep.equal([
      false,
      undefined,
      true,
      4,
    ]);
  });

  it('should say when nothing had to go', () => {
    const map = filled('a', 'b');
    expect([map.set('c', 2), map.set('a', 5), map.renew('b', 6)]).to.deep.equal([false, false, false]);
    expect([...map.values()]).to.deep.equal([5, 2, 6]);
  });

  it('should take an entry that is set again for as old as it was, and one that is renewed for new', () => {
    const map = filled('a', 'b', 'c');
    map.set('a', 9);
    map.set('d', 3);
    expect([...map.keys()]).to.deep.equal(['b', 'c', 'd']);
    map.renew('b', 1);
    expect(map.renew('e', 4)).to.equal(true);
    expect([...map.keys()]).to.deep.equal(['d', 'b', 'e']);
  });

  it('should have room again for what was deleted', () => {
    const map = filled('a', 'b', 'c');
    expect([map.delete('b'), map.delete('b'), map.set('d', 3)]).to.deep.equal([true, false, false]);
    expect([...map.keys()]).to.deep.equal(['a', 'c', 'd']);
  });

  it('should show each entry once while they are set again, and one whose value is undefined', () => {
    const map = new BoundedMap<string, number | undefined>(2);
    map.set('a', undefined);
    map.set('b', 1);
    const seen: string[] = [];
    for (const [key] of map) {
      seen.push(key);
      map.set(key, 7);
    }
    expect([seen, ...map.values()]).to.deep.equal([['a', 'b'], 7, 7]);
    map.set('a', undefined);
    expect([map.has('a'), map.get('a')]).to.deep.equal([true, undefined]);
  });
});
