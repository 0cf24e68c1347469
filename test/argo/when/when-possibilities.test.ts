import { expect } from 'chai';
import { possibilityOf, UNKNOWN_WORD } from '../../../lib/argo/when/when-possibilities.js';

const said = (text: string): string => {
  const possibility = possibilityOf(text.replaceAll('?!', UNKNOWN_WORD));
  return typeof possibility === 'object' ? 'error' : String(possibility);
};

describe('possibilityOf', () => {
  const cases: Readonly<Record<string, string>> = {
    '': 'true',
    'a == a': 'true',
    'a == b': 'false',
    a: 'error',
    '?! == b': 'perhaps',
    '?!': 'perhaps',
    'a == b && ?! == c': 'false',
    '?! == c && a == b': 'false',
    'a == a || ?! == c': 'true',
    '?! == c || a == b': 'perhaps',
    '?! > 5': 'perhaps',
    "'x?!y' == z": 'perhaps',
    '!(?! == a)': 'perhaps',
    'a == b ? ?! : c': 'error',
    'a in (b, ?!)': 'perhaps',
    '5?! == 5': 'perhaps',
    'a =~ ?!': 'perhaps',
    'a == b && c': 'false',
    'a == a && ?! == b && c': 'perhaps',
    '(?!': 'perhaps',
    "'a": 'error',
  };
  for (const [text, expected] of Object.entries(cases))
    it(`should see what ${JSON.stringify(text)} can come to`, () => {
      expect(said(text)).to.equal(expected);
    });
});
