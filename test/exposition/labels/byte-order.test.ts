import { expect } from 'chai';
import fc from 'fast-check';
import { TimeSlice } from '../../../lib/guard/time-slice.js';
import { byteOrder } from '../../../lib/exposition/labels/byte-order.js';
import { TextBytes } from '../../../lib/exposition/labels/text-bytes.js';

const textsOf = (texts: readonly string[]): TextBytes => {
  const bytes = new TextBytes(texts.length, 0);
  for (const text of texts) {
    bytes.put(text);
    bytes.endText();
  }
  return bytes;
};

describe('byteOrder', () => {
  const check = async (texts: readonly string[]): Promise<void> => {
    const order = await byteOrder(textsOf(texts), new TimeSlice());
    const sorted = texts.map(text => Buffer.from(text)).sort((a, b) => Buffer.compare(a, b));
    expect([...order].sort((a, b) => a - b)).to.deep.equal([...texts.keys()]);
    const differs = [...order].findIndex((index, rank) => sorted[rank]?.toString() !== texts[index]);
    expect(differs).to.equal(-1);
  };

  it('should be that of the bytes, whatever the texts are', async () => {
    const someText = fc.oneof(
      fc.string({ maxLength: 12, unit: 'binary' }),
      fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'b', '\u0000') }),
      fc.constantFrom('', '\u0000', '\u0000\u0000', '\uffff', '\u{10000}'),
    );
    await fc.assert(fc.asyncProperty(fc.array(someText, { maxLength: 500, size: 'max' }), check), {
      numRuns: 100,
    });
  });

  it('should be that of the bytes where very many texts begin alike', async () => {
    const labels = (index: number): string =>
      `ns="ns${index % 50}",phase="${['Failed', 'Succeeded'][index % 2]}",pod="${(index * 7919) % 60_013}"`;
    await check(Array.from({ length: 60_000 }, (_, index) => labels(index)));
  });

  it('should be that of the bytes where very many texts are equal, or one the begin of another', async () => {
    await check(Array.from({ length: 40_000 }, () => 'the same'));
    await check(
      Array.from({ length: 40_000 }, (_, index) => (index % 3 === 0 ? '' : 'x'.repeat(index % 40))),
    );
  });

  it('should let others have their turn', async () => {
    const texts = textsOf(Array.from({ length: 200_000 }, (_, index) => `k="${(index * 7919) % 200_003}"`));
    let turns = 0;
    let hasEnded = false;
    const turn = (): void => {
      turns++;
      if (!hasEnded) setImmediate(turn);
    };
    setImmediate(turn);
    await byteOrder(texts, new TimeSlice());
    hasEnded = true;
    expect(turns).to.be.greaterThan(3);
  });
});
