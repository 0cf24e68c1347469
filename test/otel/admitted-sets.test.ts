import { expect } from 'chai';
import { AdmittedSets } from '../../lib/otel/admitted-sets.js';

describe('AdmittedSets', () => {
  it('admits exactly as many as the limit, and those for ever', () => {
    const sets = new AdmittedSets<object>(2);
    const a = sets.admit('a', () => ({}));
    const b = sets.admit('b', () => ({}));
    expect(sets.admit('c', () => ({}))).to.equal(undefined);
    expect(sets.admit('a', () => ({}))).to.equal(a);
    expect(sets.admit('b', () => ({}))).to.equal(b);
    expect(a).not.to.equal(b);
  });
});
