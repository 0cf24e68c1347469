import { expect } from 'chai';
import { answer, itShouldAnswerAsGo } from '../golden-rows.js';

describe('builtins-list of expressions', () => {
  itShouldAnswerAsGo('builtins-list');

  it('should sort lists of some length', () => {
    expect(answer('sort(1..9000, "desc") | first()')).to.equal('9000');
  });
});
