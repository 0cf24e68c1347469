// Goal: what comes again is written once, and no number stands for two things.
import { expect } from 'chai';
import { KeyIds, SharedIds } from '../../../lib/argo/state/shared-ids.js';

describe('SharedIds', () => {
  it('should write an object once, as it was when it was named, until everything begins anew', () => {
    const ids = new SharedIds();
    const [one, other] = [{ a: 1 }, { a: 1 }];
    const numbers = [ids.idOf(one), ids.idOf(other), ids.idOf(one)];
    expect(numbers).to.deep.equal([1, 2, 1]);
    one.a = 2;
    expect(ids.takeFresh()).to.deep.equal([
      [1, { a: 1 }],
      [2, { a: 1 }],
    ]);
    expect(ids.takeFresh()).to.deep.equal([]);
    ids.clear();
    expect(ids.idOf(other)).to.equal(1);
    expect(ids.takeFresh()).to.deep.equal([[1, { a: 1 }]]);
  });

  it('should have no number for nothing, and for what is no JSON', () => {
    const ids = new SharedIds();
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect([undefined, null, cycle, () => 1].map(value => ids.idOf(value))).to.deep.equal([0, 0, 0, 0]);
    expect(ids.takeFresh()).to.deep.equal([]);
    expect(ids.idOf('text')).to.equal(1);
  });
});

describe('KeyIds', () => {
  it('should say which key is new', () => {
    const ids = new KeyIds<string>();
    const fresh: number[] = [];
    const idOf = (key: string): number => ids.idOf(key, id => fresh.push(id));
    expect([idOf('a'), idOf('b'), idOf('a')]).to.deep.equal([1, 2, 1]);
    ids.clear();
    expect(idOf('b')).to.equal(1);
    expect(fresh).to.deep.equal([1, 2, 1]);
  });
});
