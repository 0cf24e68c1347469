import { expect } from 'chai';
import fc from 'fast-check';
import { textsOf } from '../../lib/exposition/chunk-texts.js';

describe('textsOf', () => {
  it('should put characters together that were cut, and keep every one', () => {
    const text = '\ufeffa="ä✓\u{1f600}\ufeff"';
    const bytes = Buffer.from(text);
    const single = [...bytes].map(byte => Uint8Array.of(byte));
    expect([...textsOf(single)].join('')).to.equal(text);
    expect([...textsOf([bytes])]).to.deep.equal([text]);
  });

  it('should keep every character wherever a text is cut', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(texts, fc.array(fc.nat(200), { maxLength: 12 }), (text, cuts) => {
        const bytes = Buffer.from(text);
        const ends = [...cuts.map(cut => Math.min(cut, bytes.length)), bytes.length].sort((a, b) => a - b);
        const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        expect([...textsOf(chunks)].join('')).to.equal(text);
      }),
    );
  });

  it('should read a chunk before the next one is made', () => {
    const memory = Buffer.alloc(1);
    function* views(): Generator<Uint8Array> {
      for (const letter of 'abc') {
        memory.write(letter);
        yield memory;
      }
    }
    expect([...textsOf(views())]).to.deep.equal(['a', 'b', 'c']);
  });
});
