import { expect } from 'chai';
import { isVerbatim, verbatimScope } from '../../lib/producers/verbatim-scope.js';

describe('verbatimScope', () => {
  it('should mark an object without changing what it shows', () => {
    const scope = verbatimScope({ name: 'a' });
    expect([isVerbatim(scope), isVerbatim({ name: 'a' })]).to.deep.equal([true, false]);
    expect(JSON.stringify(scope)).to.equal('{"name":"a"}');
    expect(isVerbatim({ ...scope })).to.equal(false);
  });
});
