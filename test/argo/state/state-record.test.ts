// Goal: any number comes back from JSON as it was.
import { expect } from 'chai';
import { readNumber, saveNumber } from '../../../lib/argo/state/state-record.js';

describe('a saved number', () => {
  it('should be the same number again, also one that JSON has not', () => {
    for (const number of [
      0,
      -0,
      1,
      0.1,
      -2.5e-300,
      2 ** 60,
      Number.MAX_VALUE,
      5e-324,
      NaN,
      Infinity,
      -Infinity,
    ]) {
      const again = readNumber(JSON.parse(JSON.stringify(saveNumber(number))) as number | string);
      expect(Object.is(again, number), String(number)).to.equal(true);
    }
    expect(saveNumber(0.5)).to.equal(0.5);
  });
});
