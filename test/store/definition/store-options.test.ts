import { expect } from 'chai';
import { resolveOptions } from '../../../lib/store/definition/store-options.js';

describe('resolveOptions', () => {
  it('should take two stripes for each core, at least 4 and at most 16; one when nothing is shared', () => {
    const stripes = (cores: number, shared?: boolean): number =>
      resolveOptions(shared === undefined ? {} : { shared }, cores).layout.stripes;
    expect([1, 2, 3, 8, 64].map(cores => stripes(cores))).to.deep.equal([4, 4, 6, 16, 16]);
    expect(stripes(8, false)).to.equal(1);
  });
});
