import { expect } from 'chai';
import { compareVersions, isVersion } from '../../lib/kubernetes/resource-version.js';

describe('compareVersions', () => {
  it('should compare numbers of any length exactly', () => {
    const sorted = [
      '0',
      '9',
      '10',
      '99',
      '100',
      '9007199254740992',
      '9007199254740993',
      '18446744073709551615',
    ];
    for (const [index, a] of sorted.entries())
      for (const [other, b] of sorted.entries())
        expect(Math.sign(compareVersions(a, b)), `${a} ${b}`).to.equal(Math.sign(index - other));
  });

  it('should compare nothing else', () => {
    for (const text of ['', '01', '-1', '1.5', '0x1', ' 1', 'abc', '1'.repeat(33)])
      expect(compareVersions(text, '1'), text).to.be.NaN;
  });
});

describe('isVersion', () => {
  it('should take short texts', () => {
    expect(['1', 'abc', '1'.repeat(128)].map(isVersion)).to.deep.equal([true, true, true]);
    expect(['', 5, null, undefined, {}, '1'.repeat(129)].map(isVersion)).to.deep.equal(Array(6).fill(false));
  });
});
