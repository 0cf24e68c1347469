import { expect } from 'chai';
import { deepEqual, equalityKey } from '../../../lib/argo/functions/go-equality.js';
import { GoDuration, GoTime } from '../../../lib/argo/functions/go-time.js';

describe('deepEqual', () => {
  it('should compare by type and content', () => {
    expect(deepEqual([1n, new Map([['a', [null]]])], [1n, new Map([['a', [null]]])])).to.equal(true);
    expect(deepEqual(1n, 1)).to.equal(false);
    expect(deepEqual('1', 1n)).to.equal(false);
    expect(deepEqual(0, -0)).to.equal(true);
    expect(deepEqual(new GoDuration(1n), 1n)).to.equal(false);
    expect(deepEqual(new GoTime(1n), new GoTime(1n))).to.equal(true);
  });

  it('should not take one structure for another', () => {
    expect(equalityKey([['a'], 'b'])).to.not.equal(equalityKey([['a', 'b']]));
    expect(equalityKey(['as1:b'])).to.not.equal(equalityKey(['a', 'b']));
    expect(equalityKey(new Map([['a', 'b']]))).to.not.equal(equalityKey(['a', 'b']));
  });

  it('should know that NaN equals nothing', () => {
    expect(deepEqual([NaN], [NaN])).to.equal(false);
    expect(equalityKey([1, [NaN]])).to.equal(undefined);
  });
});
