import { expect } from 'chai';
import { unescapeBytes, unescapeText } from '../../../../lib/argo/expression/syntax/text-literal.js';

describe('text literals', () => {
  it('should know the escapes of expr-lang', () => {
    expect(unescapeText(String.raw`\a\b\f\n\r\t\v\\\'`, "'", 0)).to.equal("\x07\b\f\n\r\t\v\\'");
    expect(unescapeText(String.raw`\x41\u00e9\u{1F600}\U0001F600\101`, "'", 0)).to.equal(
      'Aé\u{1f600}\u{1f600}A',
    );
    expect(unescapeText('a\r\nb\rc', "'", 0)).to.equal('a\nb\nc');
    expect(unescapeText(String.raw`\ud800`, "'", 0)).to.equal('\ufffd');
  });

  it('should refuse the others, the other quote too', () => {
    for (const inner of ['\\q', '\\"', '\\x4', '\\u12', '\\u{}', '\\u{110000}', '\\8'])
      expect(() => unescapeText(inner, "'", 0), inner).to.throw(/invalid char escape|unable to unescape/);
  });

  it('should read bytes by their escapes, and refuse those of characters', () => {
    expect(unescapeBytes(String.raw`a\xff\101é`, "'", 0)).to.deep.equal([97, 255, 65, 0xc3, 0xa9]);
    expect(() => unescapeBytes(String.raw`\u0041`, "'", 0)).to.throw('unable to unescape');
  });
});
