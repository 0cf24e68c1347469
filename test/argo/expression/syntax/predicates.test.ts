import { expect } from 'chai';
import { parameterKindsOf } from '../../../../lib/argo/expression/syntax/predicates.js';

describe('parameterKindsOf', () => {
  it('should know the functions that evaluate an argument for every element', () => {
    expect(parameterKindsOf('filter')).to.deep.equal(['expression', 'predicate']);
    expect(parameterKindsOf('count')).to.deep.equal(['expression', 'predicate?']);
    expect(parameterKindsOf('len')).to.equal(undefined);
    expect(parameterKindsOf('constructor')).to.equal(undefined);
  });
});
