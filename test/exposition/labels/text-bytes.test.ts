import { expect } from 'chai';
import fc from 'fast-check';
import { viewOf } from '../../../lib/exposition/labels/byte-words.js';
import { TextBytes } from '../../../lib/exposition/labels/text-bytes.js';

describe('TextBytes', () => {
  it('should keep every text, however it was put and however little room was asked for', () => {
    const someText = fc.string({ maxLength: 300, unit: 'binary' });
    fc.assert(
      fc.property(fc.array(fc.tuple(someText, fc.nat(3)), { maxLength: 50 }), puts => {
        const texts = new TextBytes(puts.length, 0);
        for (const [text, way] of puts) {
          const bytes = Buffer.from(text);
          if (way === 0) texts.put(text);
          else if (way === 1) texts.putByteString(bytes.toString('latin1'));
          else if (way === 2) {
            const both = Buffer.concat([Buffer.from('before'), bytes]);
            texts.putTexts(both, Uint32Array.of(0, 6, both.length), 1, 2);
            continue;
          } else texts.putBytes(viewOf(Buffer.concat([Buffer.from('x'), bytes])), 1, bytes.length + 1);
          texts.endText();
        }
        expect(texts.count).to.equal(puts.length);
        puts.forEach(([text], index) =>
          expect(Buffer.from(texts.byteString(index), 'latin1').toString()).to.equal(text),
        );
      }),
    );
  });

  it('should have byte strings in the order of the bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        const texts = new TextBytes(2, 0);
        for (const text of [a, b]) {
          texts.put(text);
          texts.endText();
        }
        const order = Buffer.compare(Buffer.from(a), Buffer.from(b));
        expect(texts.byteString(0) < texts.byteString(1)).to.equal(order < 0);
      }),
    );
  });

  it('should forget what was put and not ended', () => {
    const texts = new TextBytes(2, 10);
    texts.put('one');
    texts.endText();
    texts.put('half');
    texts.dropUnended();
    texts.put('two');
    texts.endText();
    expect([texts.byteString(0), texts.byteString(1)]).to.deep.equal(['one', 'two']);
  });

  it('should keep the others when the first texts are dropped', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 5 }), { minLength: 1, maxLength: 20 }),
        fc.nat(20),
        (all, count) => {
          const dropped = Math.min(count, all.length);
          const texts = new TextBytes(all.length + 1, 0);
          const put = (text: string): void => {
            texts.put(text);
            texts.endText();
          };
          all.forEach(put);
          texts.dropFirst(dropped);
          if (dropped > 0) put('later');
          const kept = Array.from({ length: texts.count }, (_, index) =>
            Buffer.from(texts.byteString(index), 'latin1').toString(),
          );
          expect(kept).to.deep.equal([...all.slice(dropped), ...(dropped > 0 ? ['later'] : [])]);
        },
      ),
    );
  });
});
