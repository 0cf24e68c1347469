// The expected texts are Go's.
import { expect } from 'chai';
import {
  isLower,
  isTitle,
  isUpper,
  lowerCharacter,
  lowerText,
  titleCharacter,
  upperCharacter,
  upperText,
} from '../../../../lib/argo/go/text/go-case.js';

describe('Go case', () => {
  it('should map characters one by one', () => {
    expect(upperText('straße ﬁn ŉ ΐ ᾳ ᾀ ǆ ა')).to.equal('STRAßE ﬁN ŉ ΐ ᾼ ᾈ Ǆ Ა');
    expect(lowerText('ΟΔΟΣ İI ẞ Ǆ')).to.equal('οδοσ ii ß ǆ');
  });

  it('should know title case where it is its own', () => {
    expect(['ǆ', 'Ǆ', 'ǅ', 'ǳ', 'ა', 'a', 'é'].map(titleCharacter)).to.deep.equal([
      'ǅ',
      'ǅ',
      'ǅ',
      'ǲ',
      'ა',
      'A',
      'É',
    ]);
    expect([upperCharacter('𐐨'), lowerCharacter('𐐀')]).to.deep.equal(['𐐀', '𐐨']);
  });

  it('should tell upper, lower and title case apart', () => {
    expect(['A', 'a', 'ǅ', '1', ''].map(isUpper)).to.deep.equal([true, false, false, false, false]);
    expect(['A', 'a', 'ǅ', '1', ''].map(isLower)).to.deep.equal([false, true, false, false, false]);
    expect(['A', 'a', 'ǅ', '1', ''].map(isTitle)).to.deep.equal([false, false, true, false, false]);
  });
});
