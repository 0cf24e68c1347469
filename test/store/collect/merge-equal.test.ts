import { expect } from 'chai';
import { MetricStoreError } from '../../../lib/errors.js';
import { mergeEqual } from '../../../lib/store/collect/merge-equal.js';

describe('mergeEqual', () => {
  it('makes one error of those that say the same, with their code and how many they were', () => {
    const late = (what: string): Error => new MetricStoreError('CALLBACK_TIMEOUT', `${what} was late`);
    const own = new TypeError('broken');
    const merged = mergeEqual([late('a'), own, late('b'), late('a'), late('a')]);
    expect(merged.map(({ message }) => message)).to.deep.equal([
      '3 times: a was late [CALLBACK_TIMEOUT]',
      'broken',
      'b was late [CALLBACK_TIMEOUT]',
    ]);
    expect(merged[1]).to.equal(own);
    const [first, second] = [late('a'), late('a')];
    expect(mergeEqual([first, second])[0]?.cause, 'the first of them').to.equal(first);
  });

  it('takes what has no text', () => {
    const blank = (): Error => Object.setPrototypeOf(new Error('x'), null) as Error;
    expect(mergeEqual([blank(), blank()])).to.have.length(1);
  });
});
