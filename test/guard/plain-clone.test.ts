import { createContext, runInContext } from 'node:vm';
import { expect } from 'chai';
import { plainClone } from '../../lib/guard/plain-clone.js';

describe('plainClone', () => {
  it('should give what another thread would get, now', () => {
    const shared = new Int32Array(new SharedArrayBuffer(4));
    const given = { list: [1, { a: 'b' }], shared, nothing: undefined };
    const clone = plainClone(given);
    expect(clone).to.deep.equal(given);
    expect(clone).not.to.equal(given);
    shared[0] = 7;
    expect(clone.shared[0]).to.equal(7);
    expect(plainClone(undefined)).to.equal(undefined);
  });

  it('should take what another context made', () => {
    const program = '({ map: new Map([[1, 2]]), words: new Int32Array(new SharedArrayBuffer(8)) })';
    const made: unknown = runInContext(program, createContext({}));
    const { map, words } = plainClone(made as { map: Map<number, number>; words: Int32Array });
    expect([[...map], words.length]).to.deep.equal([[[1, 2]], 2]);
  });

  it('should throw for what cannot go to another thread', () => {
    for (const value of [() => 1, { a: { b: Symbol('x') } }, Promise.resolve()])
      expect(() => plainClone(value)).to.throw();
  });
});
