import { expect } from 'chai';
import { GoObject } from '../../../../lib/argo/go/value/go-value.js';
import { deepEqual, equalityKey } from '../../../../lib/argo/go/value/go-equality.js';
import { GoDuration, GoTime } from '../../../../lib/argo/go/time/go-time.js';

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

  it('should not take an object of a named type for its text, or for one of another type', () => {
    const month = new GoObject('time.Month', 'May', 5n).asValue();
    expect(deepEqual(month, new GoObject('time.Month', 'May', 5n).asValue())).to.equal(true);
    expect(deepEqual(month, new GoObject('*time.Location', 'May', 5n).asValue())).to.equal(false);
    expect(deepEqual(month, 'May')).to.equal(false);
  });

  it('should know that NaN equals nothing', () => {
    expect(deepEqual([NaN], [NaN])).to.equal(false);
    expect(equalityKey([1, [NaN]])).to.equal(undefined);
  });
});
