import { expect } from 'chai';
import { closestWord } from '../../lib/guard/closest-word.js';

describe('closestWord', () => {
  const words = ['labels', 'help', 'workflow.name', 'workflow.namespace'];

  it('should find what was mistyped: a letter too much, too few, another, or two exchanged', () => {
    expect(['labells', 'labls', 'lebels', 'lables'].map(word => closestWord(word, words))).to.deep.equal(
      Array(4).fill('labels'),
    );
    expect(closestWord('workflow.nmae', words)).to.equal('workflow.name');
    expect(closestWord('Help', words)).to.equal('help');
  });

  it('should allow one slip in a short word, wherever it is, and three in a long one', () => {
    for (const word of ['ehlp', 'hlep', 'hepl', 'elp', 'hel', 'ahelp', 'helpa', 'yelp', 'heap'])
      expect(closestWord(word, words), word).to.equal('help');
    for (const word of ['ehpl', 'lp', 'helpful', 'yeap'])
      expect(closestWord(word, words), word).to.equal(undefined);
    expect(closestWord('b', ['ab'])).to.equal('ab');
    expect(closestWord('wrkflw.nmespace', words)).to.equal('workflow.namespace');
    expect(closestWord('wrkflw.nmespac', words)).to.equal(undefined);
  });

  it('should take the nearest, of equal ones the first, and compare words of up to 64 letters', () => {
    expect(closestWord('helpe', ['helpers', 'helper', 'help', 'helped'])).to.equal('helper');
    const long = 'a'.repeat(63);
    expect(closestWord(`${long}c`, [`${long}b`])).to.equal(`${long}b`);
    expect(closestWord(`${long}cc`, [`${long}b`])).to.equal(undefined);
  });

  it('should not guess when nothing is near', () => {
    expect(closestWord('colour', words)).to.equal(undefined);
    expect(closestWord('x', ['ab', 'yz'])).to.equal(undefined);
    expect(closestWord('a'.repeat(1e6), words)).to.equal(undefined);
  });
});
