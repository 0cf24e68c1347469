import { expect } from 'chai';
import * as nature from '../../../../lib/argo/go/value/nature.js';

describe('natures', () => {
  const { ANY, BOOL, FLOAT, INT, LIST, listOf, MAP, NIL, TEXT, UNKNOWN } = nature;

  it('should be assignable as Go types are', () => {
    expect(nature.isAssignable(INT, INT)).to.equal(true);
    expect(nature.isAssignable(INT, FLOAT)).to.equal(false);
    expect(nature.isAssignable(INT, ANY)).to.equal(true);
    expect(nature.isAssignable(UNKNOWN, INT)).to.equal(false);
    expect(nature.isAssignable(NIL, MAP)).to.equal(true);
    expect(nature.isAssignable(NIL, TEXT)).to.equal(false);
  });

  it('should be comparable where both are numbers, lists, or one is nil', () => {
    expect(nature.isComparable(INT, FLOAT)).to.equal(true);
    expect(nature.isComparable(LIST, listOf(INT))).to.equal(true);
    expect(nature.isComparable(TEXT, INT)).to.equal(false);
    expect(nature.isComparable(NIL, INT)).to.equal(true);
  });

  it('may go together while one is unknown', () => {
    expect(nature.mayGoTogether(UNKNOWN, BOOL, ['bool'])).to.equal(true);
    expect(nature.mayGoTogether(TEXT, UNKNOWN, ['bool'])).to.equal(false);
    expect(nature.mayGoTogether(BOOL, BOOL, ['bool'])).to.equal(false);
  });
});
