import { expect } from 'chai';
import { ExpressionSyntaxError, messageAt } from '../../../../lib/argo/expression/syntax/syntax-error.js';

describe('messageAt', () => {
  it('should point at the place, counted in code points', () => {
    expect(messageAt('1 + x', 4, 'bad')).to.equal('bad (1:5)\n | 1 + x\n | ....^');
    expect(messageAt('\u{1f600}\t+', 3, 'bad')).to.equal('bad (1:3)\n | \u{1f600} +\n | ..^');
    expect(messageAt('a\nbc', 3, 'bad')).to.equal('bad (2:2)\n | bc\n | .^');
  });

  it('should not show an empty line', () => {
    expect(messageAt('', 0, 'bad')).to.equal('bad');
  });

  it('should have the position beside the message', () => {
    expect(new ExpressionSyntaxError(3, 'bad')).to.include({ position: 3, message: 'bad' });
  });
});
