import { expect } from 'chai';
import { equal, isIn, show } from '../../../lib/argo/when/when-values.js';

describe('show', () => {
  it('should write values as Go does', () => {
    expect(show(['a', false, null, [1e6, -0]])).to.equal('[a false <nil> [1e+06 -0]]');
  });
});

describe('equal', () => {
  it('should compare type and value, and lists by their members', () => {
    expect(equal('5', 5)).to.equal(false);
    expect(equal(0, -0)).to.equal(true);
    expect(equal(NaN, NaN)).to.equal(false);
    expect(equal([1, ['a']], [1, ['a']])).to.equal(true);
    expect(equal([1, null], [1])).to.equal(false);
    expect(equal([1], 1)).to.equal(false);
  });
});

describe('isIn', () => {
  it('should find equal values, and refuse to compare lists', () => {
    expect(isIn('a', [1, 'a'], 0)).to.equal(true);
    expect(isIn(NaN, [NaN], 0)).to.equal(false);
    expect(isIn([1], [1, 'a'], 0)).to.equal(false);
    expect(() => isIn([1], [[1]], 4))
      .to.throw('uncomparable')
      .with.property('position', 4);
  });
});
