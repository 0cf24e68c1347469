import { expect } from 'chai';
import fc from 'fast-check';
import { SeriesTexts } from '../../../lib/store/series/series-texts.js';

const putText = (texts: SeriesTexts, text: string): number =>
  texts.put(Buffer.byteLength(text), (into, at) => into.write(text, at));

describe('SeriesTexts', () => {
  const someText = fc.oneof(
    fc.string({ maxLength: 40, unit: 'binary' }),
    fc.nat(100_000).map(length => 'x'.repeat(length)),
    fc.constantFrom('', 'y'.repeat(262_140), 'y'.repeat(262_141), 'z'.repeat(600_000)),
  );
  const someTexts = fc.array(someText, { maxLength: 30 });

  it('should keep every text, however long, and copy it to another', () => {
    fc.assert(
      fc.property(someTexts, all => {
        const [texts, others] = [new SeriesTexts(), new SeriesTexts()];
        const places = all.map(text => putText(texts, text));
        const copied = places.map(place => texts.copyTo(others, place)).reverse();
        expect(places.every((place, index) => texts.read(place) === all[index])).to.equal(true);
        expect(copied.every((place, index) => others.read(place) === all.at(-1 - index))).to.equal(true);
      }),
    );
  });

  it('should stage as many texts as there is room for, in any order', () => {
    fc.assert(
      fc.property(someTexts, fc.array(fc.nat(29)), fc.nat(1_000_000), (all, picks, room) => {
        const texts = new SeriesTexts();
        const places = all.map(text => putText(texts, text));
        const ranks = [...all.keys(), ...picks.filter(pick => pick < all.length)];
        const bytes = Buffer.alloc(1_000_100);
        const noted = new Uint32Array(2 * ranks.length + 3);
        const placeOf = (rank: number): number => places[ranks[rank] ?? 0] ?? 0;
        const staged = texts.stage(placeOf, ranks.length, [50, 50 + room], { bytes, places: noted }, 3);
        for (let rank = 0; rank < staged; rank++) {
          const [begin, end] = [noted[3 + 2 * rank] ?? 0, noted[4 + 2 * rank] ?? 0];
          expect(begin).to.be.within(50, end);
          expect(end).to.be.at.most(50 + room);
          expect(bytes.toString('utf8', begin, end) === all[ranks[rank] ?? 0]).to.equal(true);
        }
        if (staged < ranks.length) {
          const used = (staged === 0 ? 50 : (noted[2 + 2 * staged] ?? 0)) - 50;
          expect(used + 4 + Buffer.byteLength(all[ranks[staged] ?? 0] ?? '')).to.be.greaterThan(room);
        }
        expect(bytes.subarray(50 + room).every(byte => byte === 0)).to.equal(true);
      }),
      { numRuns: 50 },
    );
  });

  it('should be sparse when more than half of it, and more than a little, was dropped', () => {
    const texts = new SeriesTexts();
    const places = Array.from({ length: 30 }, () => putText(texts, 'x'.repeat(100_000)));
    expect(texts.isSparse).to.equal(false);
    for (const place of places.slice(0, 15)) texts.drop(place);
    expect(texts.isSparse).to.equal(false);
    texts.drop(places[15] ?? 0);
    expect(texts.isSparse).to.equal(true);
    const few = new SeriesTexts();
    few.drop(putText(few, 'x'));
    expect(few.isSparse).to.equal(false);
  });
});
