import { expect } from 'chai';
import { levelOf } from '../../../lib/argo/when/when-tree.js';

describe('levelOf', () => {
  it('should order operators from the comma to the power', () => {
    const levels = [',', '??', '||', '&&', 'in', '^', '<<', '-', '%', '**'].map(
      symbol => levelOf(symbol) ?? -1,
    );
    expect(levels).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(levelOf('!')).to.equal(undefined);
  });
});
