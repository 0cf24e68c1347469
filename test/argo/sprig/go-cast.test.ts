// Texts are compared with Go in the golden rows of Sprig's arithmetic.
import { expect } from 'chai';
import {
  INT_MAX,
  INT_MIN,
  parseDecimal,
  parseOctal,
  toFloat64,
  toInt64,
  truncate,
} from '../../../lib/argo/sprig/go-cast.js';
import { GoDuration } from '../../../lib/argo/go/time/go-time.js';

describe('Go casts', () => {
  it('should make nothing of what is no number', () => {
    for (const value of [null, [], new Map(), new GoDuration(5n), '', 'x']) {
      expect(toInt64(value)).to.equal(0n);
      expect(toFloat64(value)).to.equal(0);
    }
  });

  it('should take the smallest int64 for floats out of range', () => {
    expect([NaN, Infinity, -Infinity, 2 ** 63, -(2 ** 63)].map(truncate)).to.deep.equal(
      Array(5).fill(INT_MIN),
    );
    expect(truncate(-1.9)).to.equal(-1n);
  });

  it('should read in linear time', () => {
    const long = '1'.repeat(1_000_000);
    expect(toInt64(long)).to.equal(0n);
    expect(parseOctal(long)).to.equal(0n);
    expect(parseDecimal(long)).to.equal(INT_MAX);
    expect(toFloat64(long)).to.equal(0);
    expect(parseDecimal('0'.repeat(1_000_000))).to.equal(0n);
  });
});
