import { expect } from 'chai';
import { closestWord } from '../../lib/store/closest-word.js';

describe('closestWord', () => {
  const words = ['labels', 'help', 'workflow.name', 'workflow.namespace'];

  it('should find what was mistyped: a letter too much, too few, another, or two exchanged', () => {
    expect(['labells', 'labls', 'lebels', 'lables'].map(word => closestWord(word, words))).to.deep.equal(
      Array(4).fill('labels'),
    );
    expect(closestWord('workflow.nmae', words)).to.equal('workflow.name');
    expect(closestWord('Help', words)).to.equal('help');
  });

  it('should not guess when nothing is near', () => {
    expect(closestWord('colour', words)).to.equal(undefined);
    expect(closestWord('x', ['ab', 'yz'])).to.equal(undefined);
    expect(closestWord('a'.repeat(1e6), words)).to.equal(undefined);
  });
});
