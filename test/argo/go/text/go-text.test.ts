import { expect } from 'chai';
import fc from 'fast-check';
import {
  byteLength,
  bytesOf,
  compareText,
  isSpace,
  ofByteText,
  textOf,
  toByteText,
  trimSpace,
} from '../../../../lib/argo/go/text/go-text.js';

describe('Go text', () => {
  it('should come back from bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        expect(textOf(bytesOf(text))).to.equal(text);
        expect(ofByteText(toByteText(text))).to.equal(text);
        expect(toByteText(text)).to.have.length(byteLength(text));
      }),
    );
  });

  it('should replace every byte of a character that was cut', () => {
    expect(textOf(Uint8Array.of(0x61, 0xe4, 0xb8, 0x62))).to.equal('a\ufffd\ufffdb');
    expect(textOf(Uint8Array.of(0xf0, 0x9f, 0x98))).to.equal('\ufffd\ufffd\ufffd');
    expect(textOf(Uint8Array.of(0xc0, 0x80, 0xff))).to.equal('\ufffd\ufffd\ufffd');
    expect(textOf(Uint8Array.of(0xed, 0xa0, 0x80))).to.equal('\ufffd\ufffd\ufffd');
    expect(ofByteText(toByteText('世').slice(1))).to.equal('\ufffd\ufffd');
  });

  it('should sort by bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (left, right) => {
        const expected = Math.sign(Buffer.compare(Buffer.from(left), Buffer.from(right)));
        expect(Math.sign(compareText(left, right))).to.equal(expected);
      }),
    );
    expect(['\u{1f600}', '\uffee', 'b', 'a', 'ab'].sort(compareText)).to.deep.equal([
      'a',
      'ab',
      'b',
      '\uffee',
      '\u{1f600}',
    ]);
  });

  it('should trim what Go takes for space', () => {
    expect(trimSpace('\u0085\u00a0 \t a b \r\n\u3000')).to.equal('a b');
    expect(trimSpace('\ufeffa')).to.equal('\ufeffa');
    expect(trimSpace(' '.repeat(200_000))).to.equal('');
    expect(trimSpace(`a${' '.repeat(200_000)}b`)).to.have.length(200_002);
    expect(isSpace('\u200a')).to.equal(true);
    expect(isSpace('')).to.equal(false);
  });
});
