// Goal: names of attributes are what they were, whatever they are, also where JSON.parse of the whole text is mistaken.
// Method: names full of escapes, again and again, because the engine is mistaken only when it has seen such objects before.
import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalize, parseAttributes } from '../../../lib/store/series/attributes.js';
import { canonicalEntries } from '../../../lib/store/series/canonical-entries.js';

const piece = fc.constantFrom('"', '\\', ',', ':', '{', '}', '[', ']', 'a', '\u0000', '\u2028', 'ä');
const text = fc.oneof(
  fc.array(piece, { maxLength: 4 }).map(pieces => pieces.join('')),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const value = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(number => number + 0),
  fc.boolean(),
  fc.array(text),
);

describe('canonicalEntries', () => {
  it('should read the names and values that were written', () => {
    fc.assert(
      fc.property(fc.dictionary(text, value), attributes => {
        const canonical = canonicalize(attributes, 1000).text;
        expect(Object.fromEntries(canonicalEntries(canonical))).to.deep.equal({ ...attributes });
        expect(parseAttributes(canonical)).to.deep.equal({ ...attributes });
      }),
      { numRuns: 2000 },
    );
  });

  it('should read numbers that JSON lacks, and lists of them', () => {
    const { text: canonical } = canonicalize({ 'a"': [Number.NaN, 1], b: -Infinity }, 100);
    expect(parseAttributes(canonical)).to.deep.equal({ 'a"': [Number.NaN, 1], b: -Infinity });
  });

  it('should refuse what is no canonical text', () => {
    for (const broken of [
      '',
      '{',
      '{"a"',
      '{"a":',
      '{"a":1',
      '{"a":1,',
      '{"a":1}}',
      '{"a":"b}',
      '[]',
      '{"a":[1}',
      '{a:1}',
    ])
      expect(() => [...canonicalEntries(broken)], broken).to.throw(SyntaxError);
  });
});
