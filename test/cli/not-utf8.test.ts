import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { whyNotUtf8 } from '../../lib/cli/not-utf8.js';

describe('whyNotUtf8', () => {
  it('should take any text in UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        expect(whyNotUtf8(Buffer.from(JSON.stringify(text)))).to.equal(undefined);
      }),
    );
    expect(whyNotUtf8(Buffer.from('\uFEFF{}'))).to.equal(undefined);
    expect(whyNotUtf8(Buffer.alloc(0))).to.equal(undefined);
  });

  it('should tell what else it is', () => {
    const json = '{"a":"é"}';
    const utf16 = Buffer.from(json, 'utf16le');
    for (const [bytes, reason] of [
      [Buffer.from(json, 'latin1'), /^not UTF-8/],
      [utf16, /^UTF-16/],
      [Buffer.from(`\uFEFF${json}`, 'utf16le'), /^UTF-16/],
      [Buffer.from(utf16).swap16(), /^UTF-16/],
      [Buffer.from(`\uFEFF${json}`, 'utf16le').swap16(), /^UTF-16/],
      [gzipSync(json), /^compressed with gzip/],
      [Buffer.from('ab\0\0'), /^binary/],
      [Buffer.from([0xed, 0xa0, 0x80]), /^not UTF-8/],
    ] as const)
      expect(whyNotUtf8(bytes), bytes.toString('hex')).to.match(reason);
  });
});
